import { afterEach, beforeEach, expect, it } from 'vitest';
import { FakeJobLog } from '../../log/fake-job-log.ts';
import { DockerStage } from './fake-stage.ts';

const BYTES = 60_000_000;

/** A log whose disk takes nothing until it is told to. */
class StuckLog extends FakeJobLog {
  bytes = 0;
  release: () => void = () => undefined;
  private readonly released = new Promise<void>((resolve) => {
    this.release = () => {
      this.backlog = 0;
      this.output = (chunk) => {
        this.bytes += chunk.length;
      };
      resolve();
    };
  });

  override output(chunk: Uint8Array): void {
    this.bytes += chunk.length;
    this.backlog += chunk.length;
  }

  override drained(): Promise<void> {
    return this.released;
  }
}

let stage: DockerStage;

beforeEach(() => {
  stage = new DockerStage();
});
afterEach(() => stage.close());

it('holds a container back while nobody takes its output, and loses nothing of it', async () => {
  const log = new StuckLog();
  const executor = stage.executor({ log, compose: { containers: [{ name: 'main', image: 'conformance-base:1' }] } });
  await executor.prepare();
  await executor.start();
  const ended = executor.runCommand({ directive: `head -c ${BYTES} /dev/zero | tr '\\0' x` });
  let before = -1;
  const standsStill = () => {
    const stands = log.bytes > 0 && log.bytes === before;
    before = log.bytes;
    return stands;
  };
  await expect.poll(standsStill, { interval: 500, timeout: 30_000 }).toBe(true);
  expect(log.bytes).toBeLessThan(6_000_000);
  log.release();
  expect(await ended).toBe(0);
  expect(log.bytes).toBe(BYTES);
  await executor.cleanUp();
});
