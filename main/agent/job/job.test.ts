import { describe, expect, it } from 'vitest';
import type { Executor, ExecutorCommand, StepOutcome, StopRung } from '../executor/executor.ts';
import { FakeJobLog } from '../log/fake-job-log.ts';
import { FakeClock } from '../platform/fake-clock.ts';
import { Job } from './job.ts';
import { parseJobRequest } from './job-request.ts';

/** Every command of it runs until it is stopped; `done` ends the running one by itself. */
class EndlessExecutor implements Executor {
  readonly commands: string[] = [];
  stops = 0;
  private finish: (exitCode: number) => void = () => undefined;

  prepare = (): Promise<StepOutcome> => Promise.resolve({ ok: true });
  start = this.prepare;
  exportVariables = (): Promise<number> => Promise.resolve(0);
  injectFiles = this.exportVariables;
  readVariable = (): Promise<string> => Promise.resolve('');
  cleanUp = (): Promise<StopRung> => Promise.resolve('nothing-left');

  runCommand({ directive }: ExecutorCommand): Promise<number> {
    this.commands.push(directive);
    return new Promise((resolve) => {
      this.finish = resolve;
    });
  }

  stop(): Promise<StopRung> {
    this.stops += 1;
    this.finish(1);
    return Promise.resolve('terminated');
  }

  done(): void {
    this.finish(0);
  }
}

function begin() {
  const parsed = parseJobRequest({ commands: [{ directive: 'command' }] });
  if (!parsed.ok) throw new Error(parsed.problem);
  const clock = new FakeClock();
  const executor = new EndlessExecutor();
  const hooks = {
    preJobHookPath: '',
    postJobHookPath: '/hook.sh',
    failOnPreJobHookError: false,
    sourcePreJobHook: false,
  };
  const job = new Job({
    request: parsed.request,
    executor,
    log: new FakeJobLog(),
    clock,
    hooks,
    agentVariables: [],
  });
  return { clock, executor, job, ended: job.run() };
}

describe('Job', () => {
  it('gives the post-job hook a minute after a stop', async () => {
    const { clock, executor, job, ended } = begin();
    await clock.advance(0);
    job.stop();
    await clock.advance(59_999);
    expect({ commands: executor.commands, stops: executor.stops }).toEqual({
      commands: ['command', 'bash /hook.sh'],
      stops: 1,
    });
    await clock.advance(1);
    expect(executor.stops).toBe(2);
    expect(await ended).toMatchObject({ result: 'stopped', stopRung: 'terminated' });
  });

  it('gives it all the time it wants where nobody stopped the job', async () => {
    const { clock, executor, ended } = begin();
    await clock.advance(0);
    executor.done();
    await clock.advance(3_600_000);
    expect(executor.commands.at(-1)).toBe('bash /hook.sh');
    executor.done();
    expect(await ended).toMatchObject({ result: 'passed', stopRung: undefined });
    expect(executor.stops).toBe(0);
  });
});
