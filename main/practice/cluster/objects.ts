import { randomUUID } from 'node:crypto';
import { alreadyExists, expired, notFound } from './api-failure.ts';

export interface ObjectMeta {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly creationTimestamp: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Whatever the API keeps: a pod, a secret, a config map, an event. */
export interface ApiObject {
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

export interface Change {
  readonly type: ChangeType;
  readonly resource: string;
  readonly object: ApiObject;
}

/** Resource versions begin somewhere, a cluster has had a life before: the oldest that was known when it was recorded. */
const FIRST_VERSION = 878;

/** All objects, each change with a version of its own, and the changes themselves for those who watch. */
export class Objects {
  private readonly objects = new Map<string, ApiObject>();
  private readonly changes: (Change & { readonly version: number })[] = [];
  private readonly watchers = new Set<(change: Change) => void>();
  private newest = FIRST_VERSION;
  private oldest = FIRST_VERSION;

  get version(): string {
    return String(this.newest);
  }

  /** How many watch. */
  get followers(): number {
    return this.watchers.size;
  }

  get(resource: string, namespace: string, name: string): ApiObject {
    const found = this.objects.get(keyOf(resource, namespace, name));
    if (!found) throw notFound(resource, name);
    return found;
  }

  has(resource: string, namespace: string, name: string): boolean {
    return this.objects.has(keyOf(resource, namespace, name));
  }

  /** Sorted by name, as the API does. */
  list(resource: string, namespace: string, test: (object: ApiObject) => boolean): ApiObject[] {
    const prefix = keyOf(resource, namespace, '');
    return [...this.objects]
      .filter(([key, object]) => key.startsWith(prefix) && test(object))
      .map(([, object]) => object)
      .sort((one, other) => (one.metadata.name < other.metadata.name ? -1 : 1));
  }

  /** Adds an object; its metadata gets what the server gives. Throws if the name is taken. */
  create(resource: string, namespace: string, given: Readonly<Record<string, unknown>>): ApiObject {
    const { name, labels, annotations } = given.metadata as Partial<ObjectMeta>;
    const taken = this.objects.get(keyOf(resource, namespace, name ?? ''));
    if (taken) throw alreadyExists(resource, name ?? '', taken.metadata.deletionTimestamp !== undefined);
    const metadata = {
      name,
      namespace,
      uid: randomUUID(),
      resourceVersion: '',
      creationTimestamp: timestamp(),
      ...(labels ? { labels } : {}),
      ...(annotations ? { annotations } : {}),
    };
    return this.put('ADDED', resource, { ...given, metadata } as unknown as ApiObject);
  }

  /** Replaces an object by a changed one. Nothing happens to one that is gone. */
  change(resource: string, object: ApiObject): ApiObject {
    const { namespace, name, uid } = object.metadata;
    const present = this.objects.get(keyOf(resource, namespace, name));
    return present?.metadata.uid === uid ? this.put('MODIFIED', resource, object) : object;
  }

  remove(resource: string, object: ApiObject): ApiObject {
    return this.put('DELETED', resource, object);
  }

  /** Changes after a version, then those to come, until the function that it returns is called. Throws if it is too old. */
  watch(version: string, onChange: (change: Change) => void): () => void {
    if (Number(version) < this.oldest) throw expired(version, this.oldest);
    for (const change of this.changes) if (change.version > Number(version)) onChange(change);
    this.watchers.add(onChange);
    return () => void this.watchers.delete(onChange);
  }

  /** Forgets the changes so far, as a server does after some minutes. */
  compact(): void {
    this.changes.length = 0;
    this.oldest = this.newest;
  }

  private put(type: ChangeType, resource: string, object: ApiObject): ApiObject {
    this.newest += 1;
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: this.version } };
    const key = keyOf(resource, object.metadata.namespace, object.metadata.name);
    if (type === 'DELETED') this.objects.delete(key);
    else this.objects.set(key, stored);
    const change = { type, resource, object: stored, version: this.newest };
    this.changes.push(change);
    for (const watcher of [...this.watchers]) watcher(change);
    return stored;
  }
}

/** A time as the API writes it: UTC, to the second. */
export function timestamp(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z');
}

function keyOf(resource: string, namespace: string, name: string): string {
  return `${resource}/${namespace}/${name}`;
}
