import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StandInCluster } from '../api-server.ts';
import { type Certificates, makeCertificates } from '../certificates.ts';
import { prepare } from './before-recording.ts';
import { compareCall, compareExec } from './compare-exchange.ts';
import { Bindings, type Exchange, readRecording } from './recording.ts';
import { exec, type ReplayTarget } from './replay.ts';
import { beginWatch, type Watched } from './watched.ts';

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
let certificates: Certificates;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cluster-'));
  certificates = makeCertificates(folder, 'agent');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function startCluster(): Promise<ReplayTarget> {
  const tls = { ...certificates.server, ca: certificates.ca };
  const pods = mkdtempSync(join(folder, 'pods-'));
  const cluster = await StandInCluster.start({ tls, folder: pods, graceSecondMs: 20, backOffMs: 100 });
  return { cluster, ca: certificates.ca, bindings: new Bindings() };
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
