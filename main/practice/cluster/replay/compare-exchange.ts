import type { Exchange } from './recording.ts';
import { bytesOf, call, exec, type ReplayTarget, shown } from './replay.ts';

/** Plays a plain call. Returns what was otherwise than recorded. */
export async function compareCall(exchange: Exchange, target: ReplayTarget): Promise<readonly string[]> {
  const { response, note } = exchange;
  if (response.status === 0) return (await isRefused(exchange, target)) ? [] : [`${note}: was answered`];
  const answer = await call(exchange, target);
  const isJson = response.headers?.['content-type'] === 'application/json';
  const seen: unknown = isJson ? withoutSpecs(JSON.parse(answer.text), response.body) : answer.text;
  return [
    ...target.bindings.differences(response.status, answer.status, `${note} status`),
    ...target.bindings.differences(response.body, seen, `${note} body`),
    ...target.bindings.differences(response.headers?.warning, answer.headers.warning, `${note} warning`),
  ];
}

/** Some lists were recorded without specifications and with the phase alone of the status. */
function withoutSpecs(seen: unknown, recorded: unknown): unknown {
  if (!JSON.stringify(recorded).includes('{{spec}}')) return seen;
  const list = seen as { readonly items: readonly { readonly status: { readonly phase: string } }[] };
  return { ...list, items: list.items.map((item) => ({ ...item, status: { phase: item.status.phase } })) };
}

/** Deletes a pod, as was done when it was recorded. */
export async function deletePod(name: string, target: ReplayTarget): Promise<void> {
  const path = `/api/v1/namespaces/default/pods/${name}`;
  const body = { gracePeriodSeconds: 0 };
  await call({ request: { method: 'DELETE', path, user: 'agent', body }, response: { status: 200 } }, target);
}

/** Does what was done meanwhile by somebody else than the client. */
async function act(noted: string, pod: string, target: ReplayTarget): Promise<void> {
  if (noted === 'SIGTERM to the API server') target.cluster.stopListening();
  else if (noted.endsWith('ECONNREFUSED')) {
    const path = '/version';
    const isGone = await isRefused({ request: { method: 'GET', path }, response: { status: 0 } }, target);
    if (!isGone) throw new Error('the server still takes connections');
  } else await deletePod(pod, target);
}

function isRefused(exchange: Exchange, target: ReplayTarget): Promise<boolean> {
  return call(exchange, target).then(
    () => false,
    () => true,
  );
}

/** Plays a session. Returns what was otherwise than recorded. */
export async function compareExec(exchange: Exchange, target: ReplayTarget): Promise<readonly string[]> {
  const { note, request, response, frames = [], ended } = exchange;
  const pod = /pods\/([^/]+)\/exec/.exec(request.path)?.[1] ?? '';
  const seen = await exec(exchange, target, (noted) => act(noted, pod, target));
  const compare = (what: string, then: unknown, now: unknown) =>
    target.bindings.differences(then, now, `${note} ${what}`);
  // The client library has no word for an answer of 101 without a protocol.
  if (response.headers?.['sec-websocket-protocol'] === '') return [];
  if (response.status !== 101)
    return [
      ...compare('status', response.status, seen.status),
      ...compare('refusal', response.body, typeof response.body === 'string' ? seen.refusal : JSON.parse(seen.refusal)),
    ];
  const channels = [1, 2].flatMap((channel) =>
    compare(`channel ${channel}`, recorded(frames, channel), shown(seen.channels.get(channel))),
  );
  const error = frames.find(({ channel, json }) => channel === 3 && json !== undefined)?.json;
  const told = seen.channels.get(3)?.toString();
  return [
    ...compare('status', 101, seen.status),
    ...compare('protocol', response.headers?.['sec-websocket-protocol'], seen.protocol),
    ...compare('first channel', frames.find(({ from }) => from === 'server')?.channel, seen.firstChannel),
    ...channels,
    ...compare('error', error, told ? JSON.parse(told) : undefined),
    ...(ended === 'close frame' ? compare('close', 1000, seen.closeCode) : []),
  ];
}

/** What was recorded of a channel. */
function recorded(frames: Exchange['frames'] = [], channel: number): string {
  const ofChannel = frames.filter((frame) => frame.from === 'server' && frame.channel === channel);
  return shown(Buffer.concat(ofChannel.map(bytesOf)));
}
