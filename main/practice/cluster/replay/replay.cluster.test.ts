import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StandInCluster } from '../api-server.ts';
import { type Certificates, makeCertificates } from '../certificates.ts';
import { prepare } from './before-recording.ts';
import { compareCall, compareExec } from './compare-exchange.ts';
import { Bindings, type Exchange, readRecording } from './recording.ts';
import type { ReplayTarget } from './replay.ts';
import { beginWatch, type Watched } from './watched.ts';

const RECORDINGS = 'e2e/cases/kubernetes/api';
/** Recordings that are not played, and why. */
const NOT_PLAYED: Readonly<Record<string, string>> = {
  'reference-objects': 'no exchanges',
};

/** Not those that wait for a minute or more, for nothing at all, or look at the events of a cluster with a longer history. */
function isPlayed({ request: { path, user }, ended, lines }: Exchange): boolean {
  const isLong = /timeoutSeconds=70/.test(path) || (/timeoutSeconds=300/.test(path) && lines?.length === 0);
  return !isLong && user !== 'admin' && ended !== 'test gave up waiting';
}

/** Recordings in which a command sleeps for long. Nothing is sent meanwhile, however long that is: here it is a moment. */
const SLEEPY = ['exec-idle-300', 'exec-v4-idle', 'exec-v5-idle', 'exec-abandoned', 'server-stops'];

function hastened(exchange: Exchange): Exchange {
  const path = exchange.request.path.replace(/sleep%20\d+(?=%3B)/, 'sleep%200.2');
  return { ...exchange, request: { ...exchange.request, path } };
}

/** Compares a session; what was looked at some seconds later is looked at until it has come to that. */
async function compareSession(exchange: Exchange, target: ReplayTarget): Promise<readonly string[]> {
  if (!/ later$/.test(exchange.note ?? '')) return compareExec(exchange, target);
  let differences: readonly string[] = [];
  const compare = async () => {
    differences = await compareExec(exchange, target);
    return differences;
  };
  await expect.poll(compare).toEqual([]);
  return differences;
}

let folder: string;
let certificates: Certificates;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cluster-'));
  certificates = makeCertificates(folder, 'agent');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Containers that ended at once do so on a busy machine as well, where that is a second or two. In ms. */
const FIRST_LOOKS: Readonly<Record<string, number>> = { 'pod-ends-at-once': 5_000 };

async function startCluster(firstLookMs: number | undefined): Promise<ReplayTarget> {
  const tls = { ...certificates.server, ca: certificates.ca };
  const pods = mkdtempSync(join(folder, 'pods-'));
  const cluster = await StandInCluster.start({ tls, folder: pods, graceSecondMs: 20, backOffMs: 100, firstLookMs });
  return { cluster, ca: certificates.ca, bindings: new Bindings() };
}

describe('the stand-in answers as a real API server was recorded to', () => {
  const names = readdirSync(RECORDINGS).map((file) => file.replace(/\.json$/, ''));
  it.each(names.filter((name) => !NOT_PLAYED[name]))('%s', async (name) => {
    const target = await startCluster(FIRST_LOOKS[name]);
    try {
      await prepare(name, target);
      const exchanges = readRecording(join(RECORDINGS, `${name}.json`))
        .filter(isPlayed)
        .map((exchange) => (SLEEPY.includes(name) ? hastened(exchange) : exchange));
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
        differences.push(...(await (isExec ? compareSession : compareCall)(exchange, target)));
      }
      for (const watch of watches) differences.push(...(await watch.finish()));
      expect(differences).toEqual([]);
    } finally {
      await target.cluster.close();
    }
  });
});
