import type { ServerResponse } from 'node:http';
import { badRequest } from './api-failure.ts';
import type { Kubelet } from './kubelet.ts';
import type { ApiObject, Objects } from './objects.ts';
import { deletePod } from './pod-deletion.ts';
import { type Pod, withDefaults } from './pods.ts';
import { createSecret, patchSecret } from './secrets.ts';
import { readSelectors } from './selectors.ts';
import { send } from './send.ts';
import { type AccessReview, authorize, type ClusterUser, refusePath, reviewAccess } from './users.ts';
import { checkPod, type PodToCheck } from './validation.ts';
import { answerWatch } from './watch.ts';

export interface ApiCall {
  readonly method: string;
  readonly url: URL;
  readonly user: ClusterUser;
  readonly body: string;
  readonly response: ServerResponse;
}

const KINDS: Readonly<Record<string, string>> = {
  pods: 'Pod',
  secrets: 'Secret',
  configmaps: 'ConfigMap',
  events: 'Event',
};
const ACCESS_REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
const VERSION = {
  major: '1',
  minor: '32',
  gitVersion: 'v1.32.5',
  gitCommit: '$Format:%H$',
  gitTreeState: '',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: 'go1.26.8',
  compiler: 'gc',
  platform: 'linux/amd64',
};

interface Target {
  readonly namespace: string;
  readonly resource: string;
  readonly name: string | undefined;
  readonly part: string | undefined;
}

/** The resources of the API, over plain requests. Throws an `ApiFailure` for what is refused. */
export class ClusterApi {
  constructor(
    private readonly objects: Objects,
    private readonly kubelet: Kubelet,
  ) {}

  async answer(call: ApiCall): Promise<void> {
    const { method, url, user, response } = call;
    if (url.pathname === '/version') return send(response, 200, VERSION);
    if (url.pathname === ACCESS_REVIEWS && method === 'POST')
      return send(response, 201, reviewAccess(user, parse(call.body, 'SelfSubjectAccessReview') as AccessReview));
    const target = targetOf(url.pathname);
    if (!target) refusePath(user, url.pathname);
    const { namespace, resource, name, part } = target;
    const verb = verbOf(method, name, url.searchParams);
    authorize(user, {
      verb,
      resource: part ? `${resource}/${part}` : resource,
      namespace,
      ...(name === undefined ? {} : { name }),
    });
    if (part === 'exec') throw badRequest('Upgrade request required');
    if (part === 'log') return this.answerLog(call, target);
    await this.perform(verb, call, target);
  }

  private async perform(verb: string, call: ApiCall, { namespace, resource, name = '' }: Target): Promise<void> {
    const { url, body, response } = call;
    switch (verb) {
      case 'create':
        return this.create(call, { namespace, resource });
      case 'get':
        return send(response, 200, full(resource, this.objects.get(resource, namespace, name)));
      case 'list':
        return send(response, 200, this.list(resource, namespace, url.searchParams));
      case 'watch':
        return answerWatch({ objects: this.objects, resource, namespace, query: url.searchParams, response, full });
      case 'patch':
        return send(response, 200, full(resource, patchSecret(this.objects, namespace, name, parse(body, 'Secret'))));
      case 'delete':
        return this.remove(call, resource, this.objects.get(resource, namespace, name));
      default:
        return this.removeAll(call, resource, namespace);
    }
  }

  private create({ body, url, response }: ApiCall, { namespace, resource }: Pick<Target, 'namespace' | 'resource'>) {
    const kind = KINDS[resource] ?? '';
    const given = parse(body, kind);
    const unknown = unknownFields(resource, given);
    if (unknown.length > 0 && url.searchParams.get('fieldValidation') === 'Strict')
      throw badRequest(
        `${kind} in version "v1" cannot be handled as a ${kind}: strict decoding error: ${unknown.join(', ')}`,
      );
    const created = full(resource, this.createObject(resource, namespace, given));
    const warning = unknown.map((one) => `299 - "${one.replaceAll('"', '\\"')}"`).join(', ');
    send(response, 201, created, warning === '' ? {} : { warning });
  }

  private createObject(resource: string, namespace: string, given: Readonly<Record<string, unknown>>): ApiObject {
    if (resource === 'secrets') return createSecret(this.objects, namespace, given);
    if (resource !== 'pods') return this.objects.create(resource, namespace, given);
    const { kind: _, apiVersion: __, ...object } = given;
    checkPod(object as unknown as PodToCheck);
    const { kind: ___, apiVersion: ____, ...pod } = withDefaults(dropUnknown(object));
    const created = this.objects.create('pods', namespace, pod);
    setImmediate(() => void this.kubelet.run(created as Pod));
    return created;
  }

  private list(resource: string, namespace: string, query: URLSearchParams): unknown {
    const all = this.objects.list(resource, namespace, readSelectors(query));
    const from = Number(Buffer.from(query.get('continue') ?? '', 'base64url').toString() || 0);
    const limit = Number(query.get('limit') ?? 0) || all.length;
    const rest = from + limit < all.length ? Buffer.from(String(from + limit)).toString('base64url') : undefined;
    return {
      kind: `${KINDS[resource]}List`,
      apiVersion: 'v1',
      metadata: { resourceVersion: this.objects.version, ...(rest ? { continue: rest } : {}) },
      items: all.slice(from, from + limit),
    };
  }

  private remove({ body, response }: ApiCall, resource: string, object: ApiObject): void {
    if (resource === 'pods') {
      send(response, 200, full(resource, deletePod(this.objects, this.kubelet, object as Pod, graceOf(body))));
      return;
    }
    this.objects.remove(resource, object);
    const { name, uid } = object.metadata;
    const details = { name, kind: resource, uid };
    send(response, 200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details });
  }

  private removeAll({ url, body, response }: ApiCall, resource: string, namespace: string): void {
    const version = this.objects.version;
    const items = this.objects.list(resource, namespace, readSelectors(url.searchParams));
    for (const object of items) {
      if (resource === 'pods') deletePod(this.objects, this.kubelet, object as Pod, graceOf(body));
      else this.objects.remove(resource, object);
    }
    send(response, 200, {
      kind: `${KINDS[resource]}List`,
      apiVersion: 'v1',
      metadata: { resourceVersion: version },
      items,
    });
  }

  private answerLog({ url, response }: ApiCall, { namespace, name = '' }: Target): void {
    const pod = this.objects.get('pods', namespace, name) as Pod;
    const container = url.searchParams.get('container') ?? pod.spec.containers[0]?.name ?? '';
    const status = pod.status.containerStatuses?.find((one) => one.name === container);
    if (status?.state.waiting)
      throw badRequest(
        `container "${container}" in pod "${name}" is waiting to start: trying and failing to pull image`,
      );
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.write('');
    response.end(this.kubelet.logOf(pod, container));
  }
}

function targetOf(path: string): Target | undefined {
  const match = /^\/api\/v1\/namespaces\/([^/]+)\/([a-z]+)(?:\/([^/]+))?(?:\/([a-z]+))?$/.exec(path);
  const [, namespace = '', resource = '', name, part] = match ?? [];
  return KINDS[resource] ? { namespace, resource, name: name && decodeURIComponent(name), part } : undefined;
}

function verbOf(method: string, name: string | undefined, query: URLSearchParams): string {
  if (method === 'GET' && name === undefined) return query.get('watch') === 'true' ? 'watch' : 'list';
  if (method === 'DELETE') return name === undefined ? 'deletecollection' : 'delete';
  const verbs: Readonly<Record<string, string>> = { GET: 'get', POST: 'create', PATCH: 'patch', PUT: 'update' };
  return verbs[method] ?? method.toLowerCase();
}

/** An object as an answer of its own has it; in lists these two fields are missing. */
function full(resource: string, object: ApiObject): unknown {
  return { kind: KINDS[resource], apiVersion: 'v1', ...object };
}

function parse(body: string, kind: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(body) as Readonly<Record<string, unknown>>;
  } catch {
    throw badRequest(
      `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: unexpected end of JSON input (${body.slice(0, 30)} ...)`,
    );
  }
}

function graceOf(body: string): number | undefined {
  return body === '' ? undefined : (JSON.parse(body) as { gracePeriodSeconds?: number }).gracePeriodSeconds;
}

/** Fields of containers that this stand-in has heard of; what is not among them a real server may know all the same. */
const CONTAINER_FIELDS =
  'name image command args env envFrom workingDir imagePullPolicy volumeMounts resources ports securityContext stdin stdinOnce tty lifecycle livenessProbe readinessProbe startupProbe terminationMessagePath terminationMessagePolicy restartPolicy volumeDevices resizePolicy'.split(
    ' ',
  );

interface LoosePod {
  readonly spec?: { readonly containers?: readonly Readonly<Record<string, unknown>>[] };
}

function unknownFields(resource: string, given: LoosePod): string[] {
  if (resource !== 'pods') return [];
  return (given.spec?.containers ?? []).flatMap((container, index) =>
    Object.keys(container)
      .filter((field) => !CONTAINER_FIELDS.includes(field))
      .map((field) => `unknown field "spec.containers[${index}].${field}"`),
  );
}

function dropUnknown(pod: LoosePod & Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const containers = (pod.spec?.containers ?? []).map((container) =>
    Object.fromEntries(Object.entries(container).filter(([field]) => CONTAINER_FIELDS.includes(field))),
  );
  return { ...pod, spec: { ...pod.spec, containers } };
}
