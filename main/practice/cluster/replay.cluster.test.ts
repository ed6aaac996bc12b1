import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StandInCluster } from './api-server.ts';
import { makeCertificates } from './certificates.ts';
import { Bindings, type Exchange, readRecording } from './recording.ts';
import { bytesOf, call, exec, openWatch, type ReplayTarget, shown } from './replay.ts';

const RECORDINGS = 'e2e/cases/kubernetes/api';
/** Recordings that are not played, and why. */
const NOT_PLAYED: Readonly<Record<string, string>> = {
  'exec-idle-300': 'five minutes of silence',
  'exec-v4-idle': '40 s of silence',
  'exec-v5-idle': '40 s of silence',
  'exec-abandoned': 'each look at what was left comes 4.5 s later; a test below asks the same without the wait',
  'server-stops': 'its session goes on for a minute',
  'reference-objects': 'no exchanges',
};

/** Not those that wait for more than a minute, for nothing at all, or look at the events of a cluster with a longer history. */
function isPlayed({ request, ended }: Exchange): boolean {
  return !/timeoutSeconds=70/.test(request.path) && request.user !== 'admin' && ended !== 'test gave up waiting';
}

let folder: string;
let certificates: ReturnType<typeof makeCertificates>;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cluster-'));
  certificates = makeCertificates(folder, 'agent');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function startCluster(): Promise<ReplayTarget> {
  const tls = { ...certificates.server, ca: certificates.ca };
  const cluster = await StandInCluster.start({
    tls,
    folder: mkdtempSync(join(folder, 'pods-')),
    graceSecondMs: 20,
    backOffMs: 100,
  });
  return { cluster, ca: certificates.ca, bindings: new Bindings() };
}

const SLEEPER = { name: 'main', image: 'conformance-base:1', command: ['bash', '-c', 'sleep infinity'] };
/** Process 1 ends at SIGTERM only if it wants to. */
const LISTENER = { ...SLEEPER, command: ['bash', '-c', 'trap exit TERM; while :; do sleep 0.1; done'] };
const SIDE = { ...SLEEPER, name: 'side' };

/** The pods that were there when a recording began. */
function podsBefore(name: string): readonly Readonly<Record<string, unknown>>[] {
  const pod = (podName: string, containers: readonly unknown[], more = {}, labels = {}) => ({
    metadata: { name: podName, labels: { app: 'agent-test', ...labels } },
    spec: { restartPolicy: 'Never', automountServiceAccountToken: false, containers, ...more },
  });
  if (name === 'pods-by-label')
    return ['rec-l1', 'rec-l2', 'rec-l3'].map((one) => ({
      ...pod(one, [SLEEPER]),
      metadata: { name: one, labels: { 'agent-test': 'many', job: one } },
    }));
  if (name === 'pod-delete-default') return [pod('rec-del', [SLEEPER])];
  if (!name.startsWith('exec')) return [];
  return [
    pod('rec-exec', [SLEEPER, SIDE]),
    pod('rec-b', [SLEEPER]),
    pod('rec-ctrld', [SLEEPER]),
    pod('rec-done', [{ ...SLEEPER, command: ['true'] }]),
    pod('rec-wait', [SLEEPER], { nodeSelector: { no: 'such' } }),
    ...['v4', 'v5'].flatMap((version) => [
      pod(`rec-lost-${version}-delete-tty`, [SLEEPER]),
      pod(`rec-lost-${version}-delete-raw`, [SLEEPER]),
      pod(`rec-lost-${version}-kill-tty`, [LISTENER]),
    ]),
  ];
}

async function prepare(name: string, target: ReplayTarget): Promise<void> {
  const { cluster } = target;
  // One after another: the newest version of a list is that of its last pod.
  for (const body of podsBefore(name)) {
    const path = '/api/v1/namespaces/default/pods';
    await call({ request: { method: 'POST', path, user: 'agent', body }, response: { status: 201 } }, target);
    const podName = (body.metadata as { name: string }).name;
    const wanted = { 'rec-done': 'Succeeded', 'rec-wait': 'Pending' }[podName] ?? 'Running';
    await phaseOf(cluster, podName, wanted);
  }
  if (name === 'configmap')
    cluster.objects.create('configmaps', 'default', {
      metadata: { name: 'podspec' },
      data: {
        mainContainer: 'env:\n- {name: FROM_PODSPEC, value: "yes"}\nimagePullPolicy: IfNotPresent\nworkingDir: /etc\n',
        pod: 'nodeSelector: {}\nhostAliases:\n- ip: 10.9.8.7\n  hostnames: [from.podspec]\n',
      },
    });
  if (name === 'watch-ends') target.bindings.set('RV4', String(Number(cluster.objects.version) + 1_000));
}

function phaseOf(cluster: StandInCluster, name: string, phase: string): Promise<void> {
  return new Promise((resolve) => {
    const stop = cluster.objects.watch('878', ({ object }) => {
      const isIt = object.metadata.name === name && (object.status as { phase?: string })?.phase === phase;
      if (!isIt) return;
      setImmediate(() => {
        stop();
        resolve();
      });
    });
  });
}

describe('the stand-in answers as a real API server was recorded to', () => {
  const names = readdirSync(RECORDINGS).map((file) => file.replace(/\.json$/, ''));
  it.each(names.filter((name) => !NOT_PLAYED[name]))('%s', async (name) => {
    const target = await startCluster();
    try {
      await prepare(name, target);
      const exchanges = readRecording(join(RECORDINGS, `${name}.json`)).filter(isPlayed);
      const differences: string[] = [];
      const watches: Watched[] = [];
      for (const exchange of exchanges) {
        if (exchange.lines || /watch=true/.test(exchange.request.path)) {
          for (const watch of watches.splice(0)) differences.push(...(await watch.finish()));
          watches.push(await beginWatch(exchange, target));
          continue;
        }
        // Who deletes, or looks at a log, had seen what there was to see.
        const { method } = exchange.request;
        for (const watch of watches)
          if (method !== 'POST') await watch.settled(/^when it is gone/.test(exchange.note ?? ''));
        const isExec = exchange.frames || exchange.request.protocols;
        differences.push(...(await (isExec ? compareExec : compareCall)(exchange, target)));
      }
      for (const watch of watches) differences.push(...(await watch.finish()));
      expect(differences).toEqual([]);
    } finally {
      await target.cluster.close();
    }
  });
});

it.each([
  ['by a close frame, on a terminal', 'client closes', 'stdin=true&stdout=true&tty=true'],
  ['with its connection cut', 'connection cut', 'stdin=true&stdout=true&stderr=true'],
])('lets a command go on whose client goes %s', async (_, note, streams) => {
  const target = await startCluster();
  try {
    await prepare('exec', target);
    const run = (script: string, frames: Exchange['frames']) => {
      const command = ['bash', '-c', script].map((word) => `command=${encodeURIComponent(word)}`).join('&');
      const path = `/api/v1/namespaces/default/pods/rec-b/exec?container=main&${streams}&${command}`;
      const request = { method: 'GET', path, user: 'agent', protocols: ['v5.channel.k8s.io'] };
      return exec({ request, response: { status: 101 }, frames: frames ?? [] }, target, async () => undefined);
    };
    const started = { from: 'server', channel: 1, text: 'started' } as const;
    await run('echo started; until [ -e /tmp/client-gone ]; do sleep 0.05; done; echo on > /tmp/left', [
      started,
      { note },
    ]);
    const seen = await run('touch /tmp/client-gone; until [ -s /tmp/left ]; do sleep 0.05; done; cat /tmp/left', []);
    expect(seen.channels.get(1)?.toString().trim()).toBe('on');
  } finally {
    await target.cluster.close();
  }
});

async function compareCall(exchange: Exchange, target: ReplayTarget): Promise<readonly string[]> {
  const { response, note } = exchange;
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

interface Watched {
  /** Resolves when all has come that came before a deletion, or everything. */
  settled(everything: boolean): Promise<void>;
  /** Deletes what nobody deleted by name, as was done when it was recorded, and compares. */
  finish(): Promise<readonly string[]>;
}

async function beginWatch(exchange: Exchange, target: ReplayTarget): Promise<Watched> {
  const { note, lines = [], response, ended, request } = exchange;
  if (response.status !== 200) return { settled: async () => undefined, finish: () => compareCall(exchange, target) };
  // Who watches begins with the version that a list has just told.
  const version = /resourceVersion=\{\{(\w+)\}\}/.exec(target.bindings.fill(request.path))?.[1];
  if (version) target.bindings.set(version, target.cluster.objects.version);
  const watch = await openWatch(exchange, target);
  const alive = lines.filter(({ event }) => !JSON.stringify(event).includes('deletionTimestamp')).length;
  const settled = (everything: boolean) =>
    ended === 'end' ? watch.ended : linesCame(watch.events, everything ? lines.length : alive);
  const finish = async () => {
    await settled(false);
    const [, name = ''] = /metadata\.name%3D([\w-]+)/.exec(request.path) ?? [];
    if (alive < lines.length && target.cluster.objects.has('pods', 'default', name)) await deletePod(name, target);
    await settled(true);
    watch.close();
    const wanted = lines.map(({ event }) => event).filter(({ type }) => type !== 'BOOKMARK');
    const events = watch.events.filter((event) => (event as { type: string }).type !== 'BOOKMARK');
    return target.bindings.differences(wanted, events, `${note} lines`);
  };
  return { settled, finish };
}

async function deletePod(name: string, target: ReplayTarget): Promise<void> {
  const path = `/api/v1/namespaces/default/pods/${name}`;
  const body = { gracePeriodSeconds: 0 };
  await call({ request: { method: 'DELETE', path, user: 'agent', body }, response: { status: 200 } }, target);
}

async function linesCame(events: readonly unknown[], count: number): Promise<void> {
  await expect.poll(() => events.length, { timeout: 10_000, interval: 20 }).toBeGreaterThanOrEqual(count);
}

async function compareExec(exchange: Exchange, target: ReplayTarget): Promise<readonly string[]> {
  const { note, request, response, frames = [], ended } = exchange;
  const pod = /pods\/([^/]+)\/exec/.exec(request.path)?.[1] ?? '';
  const seen = await exec(exchange, target, () => deletePod(pod, target));
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
