import { createSocket, type Socket } from 'node:dgram';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createStatsd } from './statsd.ts';

let server: Socket;
let port: string;
let packets: string[];
beforeEach(async () => {
  packets = [];
  server = createSocket('udp4').on('message', (packet) => packets.push(packet.toString()));
  await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
  port = String(server.address().port);
});
afterEach(() => new Promise<void>((resolve) => server.close(() => resolve())));

describe('createStatsd', () => {
  it("sends figures under the names of Semaphore's own library", async () => {
    const metrics = createStatsd({ host: '127.0.0.1', port, namespace: 'agent.test' });
    metrics.count('jobs', ['passed']);
    metrics.timing('job.duration', 12.6, ['passed']);
    metrics.gauge('compose.docker.pull.rate', 1, ['registry.example.com/a:1']);
    await expect.poll(() => packets.length).toBe(3);
    metrics.close();
    expect(packets.sort()).toEqual([
      'tagged.agent.test.passed.no_tag.no_tag.job.duration:13|ms',
      'tagged.agent.test.passed.no_tag.no_tag.jobs:1|c',
      'tagged.agent.test.registry_example_com_a_1.no_tag.no_tag.compose.docker.pull.rate:1|g',
    ]);
  });

  it('is quiet where nobody listens, where there is no such host, and where nothing is set', async () => {
    for (const host of ['127.0.0.1', 'no-such-host.invalid', '']) {
      const metrics = createStatsd({ host, port: '9', namespace: 'x' });
      for (let n = 0; n < 10; n += 1) metrics.count('jobs');
      metrics.close();
    }
  });
});
