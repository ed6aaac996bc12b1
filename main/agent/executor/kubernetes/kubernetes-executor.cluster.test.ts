import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PodStage } from './fake-stage.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const BASE = { name: 'main', image: 'conformance-base:1' };

let stage: PodStage;
beforeEach(async () => {
  stage = await PodStage.open();
});
afterEach(() => stage.close());

describe('a running job', () => {
  it('has variables and files of request and agent, byte for byte', async () => {
    const executor = stage.executor({
      request: {
        compose: { containers: [{ ...BASE, env_vars: [{ name: 'OWN', value: base64('container') }] }] },
        env_vars: [
          { name: 'Z', value: base64("it's\nZ") },
          { name: 'A', value: base64('job') },
        ],
        files: [{ path: 'deep/raw.bin', content: Buffer.from([0, 1, 0xff, 0x80]).toString('base64'), mode: '0640' }],
      },
      agentVariables: [{ name: 'A', value: 'agent' }],
    });
    expect(await executor.start()).toEqual({ ok: true });
    const variables = [
      { name: 'A', value: Buffer.from('agent') },
      { name: 'Z', value: Buffer.from("it's\nZ") },
    ];
    expect(await executor.exportVariables(variables)).toBe(0);
    expect(stage.log.events.at(-2)).toBe('Exporting Z\nExporting A\n');
    expect(
      await executor.injectFiles([
        { path: 'deep/raw.bin', content: Buffer.from([0, 1, 0xff, 0x80]).toString('base64'), mode: '0640' },
      ]),
    ).toBe(0);
    expect(
      await executor.runCommand({ directive: 'echo "$OWN|$Z|$A"; stat -c %a ~/deep/raw.bin; base64 ~/deep/raw.bin' }),
    ).toBe(0);
    expect(stage.log.events.at(-2)).toBe("container|it's\nZ|agent\n640\nAAH/gA==\n");
    await executor.cleanUp();
    expect(stage.left()).toEqual([]);
  });

  it('that loses its pod fails, says so, and is never taken for passed', async () => {
    const executor = stage.executor({});
    await executor.start();
    const command = executor.runCommand({ directive: 'echo started; sleep 300' });
    await stage.log.shows('started');
    const [pod = ''] = stage.left();
    stage.cluster.deletePod('default', pod);
    expect(await command).toBe(1);
    expect(stage.log.events.at(-2)).toMatch(/^started\nlost connection to the pod: pods "[\w-]+" not found\n$/);
    expect(await executor.runCommand({ directive: 'echo epilogue' })).toBe(1);
    await executor.cleanUp();
    expect(stage.left()).toEqual([]);
  });

  it('that loses its connection fails, and the next command has a new session', async () => {
    const executor = stage.executor({});
    await executor.start();
    const command = executor.runCommand({ directive: 'echo started; sleep 300' });
    await stage.log.shows('started');
    stage.cluster.cutConnections();
    expect(await command).toBe(1);
    expect(stage.log.events.at(-2)).toBe('started\nlost connection to the pod\n');
    expect(await executor.runCommand({ directive: 'echo again' })).toBe(0);
    expect(stage.log.events.at(-2)).toBe('again\n');
    await executor.cleanUp();
  });
});
