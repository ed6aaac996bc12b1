import type { ServerResponse } from 'node:http';
import { ApiFailure } from './api-failure.ts';
import type { ApiObject, Change, Objects } from './objects.ts';
import { readSelectors } from './selectors.ts';

/** Without `timeoutSeconds` a real server picks one of 30 to 60 minutes. */
const DEFAULT_SECONDS = 1_800;
const BOOKMARK_EVERY_MS = 60_000;
/** The last bookmark comes so long before the end, at most. */
const LAST_BOOKMARK_MS = 1_200;

export interface WatchOptions {
  readonly objects: Objects;
  readonly resource: string;
  readonly namespace: string;
  readonly query: URLSearchParams;
  readonly response: ServerResponse;
  readonly full: (resource: string, object: ApiObject) => unknown;
}

/** Answers a watch: changes line by line until its time is over or the client goes. */
export function answerWatch(options: WatchOptions): void {
  const { objects, resource, namespace, query, response, full } = options;
  const test = readSelectors(query);
  const version = checkVersion(query.get('resourceVersion'));
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  const write = (type: string, object: unknown) => response.write(`${JSON.stringify({ type, object })}\n`);
  const onChange = (change: Change) => {
    const fits = change.resource === resource && change.object.metadata.namespace === namespace && test(change.object);
    if (fits) write(change.type, full(resource, change.object));
  };
  if (version === undefined)
    for (const object of objects.list(resource, namespace, test)) write('ADDED', full(resource, object));
  try {
    const stop = objects.watch(version ?? objects.version, onChange);
    endInTime(options, stop, write);
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    write('ERROR', error.status);
    response.end();
  }
}

/** Undefined where the watch begins with what is there. */
function checkVersion(version: string | null): string | undefined {
  if (version === null || version === '' || version === '0') return undefined;
  if (/^\d+$/.test(version)) return version;
  const message = `resourceVersion: Invalid value: ${JSON.stringify(version)}: strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`;
  throw new ApiFailure({ code: 500, message });
}

function endInTime(
  { objects, query, response }: WatchOptions,
  stop: () => void,
  write: (type: string, object: unknown) => void,
): void {
  const wanted = Number(query.get('timeoutSeconds') ?? 0);
  const limitMs = (wanted > 0 ? wanted : DEFAULT_SECONDS) * 1_000;
  const timers: NodeJS.Timeout[] = [setTimeout(() => response.end(), limitMs)];
  if (query.get('allowWatchBookmarks') === 'true') {
    const bookmark = () => write('BOOKMARK', bookmarkOf(objects.version));
    timers.push(setInterval(bookmark, BOOKMARK_EVERY_MS));
    timers.push(setTimeout(bookmark, Math.max(limitMs - LAST_BOOKMARK_MS, limitMs / 2)));
  }
  response.once('close', () => {
    stop();
    for (const timer of timers) clearTimeout(timer);
  });
}

function bookmarkOf(version: string): unknown {
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: { resourceVersion: version, creationTimestamp: null },
    spec: { containers: null },
    status: {},
  };
}
