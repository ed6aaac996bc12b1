import { createSocket, type Socket } from 'node:dgram';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PracticeHub } from '../../main/practice/practice-hub.ts';
import { startAgent } from '../agent.ts';
import { servedJob, serveJourney } from '../serve-journey.ts';

const NAMESPACE = 'agent.test';

/** A StatsD server, as far as it only listens. */
let server: Socket;
let packets: string[];
let flags: string[];
beforeAll(async () => {
  packets = [];
  server = createSocket('udp4').on('message', (packet) => packets.push(packet.toString()));
  await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
  const { port } = server.address();
  flags = ['--statsd-host', '127.0.0.1', '--statsd-port', String(port), '--statsd-namespace', NAMESPACE];
});
afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

/** The figures that came; of times and levels without how much. */
const figures = () => new Set(packets.map((packet) => packet.replace(/:\d+\|(ms|g)$/, '|$1')));
const name = (tag: string, rest: string) => `tagged.${NAMESPACE}.${tag}.no_tag.no_tag.${rest}`;
const ofJob = (result: string) => [
  name(result, 'jobs:1|c'),
  name(result, 'job.duration|ms'),
  name('no_tag', 'job.first_output|ms'),
];

describe('figures of jobs reach a StatsD server', () => {
  it('from an agent of a hub, those of its log and of a hub that fails among them', async () => {
    const work = mkdtempSync(join(tmpdir(), 'journey-'));
    const hub = await PracticeHub.start({ nextSyncAfter: 100 });
    try {
      const id = hub.addJob({ commands: [{ directive: 'echo hi; (exit 3)' }] });
      const agent = startAgent(hub, work, { flags });
      await hub.waitFor(() => hub.resultOf(id) !== undefined);
      hub.injectFault({ on: 'sync', times: 1, status: 500 });
      await expect
        .poll(figures)
        .toEqual(
          new Set([...ofJob('failed'), name('no_tag', 'log.events_behind|g'), name('no_tag', 'sync.errors:1|c')]),
        );
      hub.requestShutdown('requested');
      expect(await agent.ended).toBe(0);
    } finally {
      await hub.close();
      rmSync(work, { recursive: true, force: true });
    }
  });

  describe('and', () => {
    const serve = serveJourney({ flags: () => flags });

    it('from serve', async () => {
      packets = [];
      await serve.call('POST', '/jobs', JSON.stringify(servedJob('measured', 'echo hi')));
      await expect.poll(figures).toEqual(new Set(ofJob('passed')));
    });
  });
});
