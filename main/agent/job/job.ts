import type { Executor, ExecutorCommand, StepOutcome, StopRung } from '../executor/executor.ts';
import type { JobResult } from '../hub/wire.ts';
import type { JobLog } from '../log/job-log.ts';
import type { Clock } from '../platform/clock.ts';
import { type HookSettings, postJobHookCommand, preJobHookCommand } from './hooks.ts';
import { createOutlook, type JobOutlook } from './job-outlook.ts';
import type { JobRequest } from './job-request.ts';
import { advance, JOB_BEGIN, type JobProgress, type JobRules, type JobStep, type StepEnd } from './job-steps.ts';
import { decodeVariables } from './variables.ts';

/** The job's own word for its result, as its commands and epilogues see it. */
const RESULT_VARIABLE = 'SEMAPHORE_JOB_RESULT';
/** A hook that runs after a stop may not hold the agent for longer, in ms. */
const HOOK_AFTER_STOP_MS = 60_000;

export interface JobOptions {
  readonly request: JobRequest;
  readonly executor: Executor;
  readonly log: JobLog;
  readonly clock: Clock;
  readonly hooks: HookSettings;
  /** Variables that the agent's owner gives to every job. */
  readonly agentVariables: readonly { readonly name: string; readonly value: string }[];
  /** Told before each step. */
  readonly onStep?: (step: JobStep) => void;
  /** Told before each step what is to come behind it. */
  readonly onOutlook?: (outlook: JobOutlook) => void;
}

/** How a job ended. `problem`: one line for the agent's log where a step failed that is no command of the job. */
export interface JobEnd {
  readonly result: JobResult;
  readonly problem: string | undefined;
  /** How hard a stop had to be; undefined where none came. */
  readonly stopRung: StopRung | undefined;
}

/** Takes one job through its steps. `run` once; `stop` whenever, as often as one likes. */
export class Job {
  private readonly rules: JobRules;
  private readonly outlookAt: (progress: JobProgress) => JobOutlook;
  private stopping: Promise<StopRung> | undefined;
  private stopRung: StopRung | undefined;
  private problem: string | undefined;

  constructor(private readonly options: JobOptions) {
    this.rules = {
      request: options.request,
      preJobHook: options.hooks.preJobHookPath !== '',
      failOnPreJobHookError: options.hooks.failOnPreJobHookError,
      postJobHook: options.hooks.postJobHookPath !== '',
    };
    this.outlookAt = createOutlook(this.rules);
  }

  /** Runs all steps and resolves with the end; the job's log has everything but `job_finished` by then. Never rejects. */
  async run(): Promise<JobEnd> {
    this.options.log.jobStarted();
    let progress = JOB_BEGIN;
    while (progress.step.kind !== 'finish') progress = advance(progress, await this.take(progress), this.rules);
    return { result: progress.step.result, problem: this.problem, stopRung: this.stopRung };
  }

  /** Ends the running step with everything that the job started. During the post-job hook it ends the hook. */
  stop(): void {
    this.stopping = this.options.executor.stop().then((rung) => {
      this.stopRung = rung;
      return rung;
    });
  }

  /** Takes a step unless the job was stopped; of a stopped job only the hook is left. */
  private async take(progress: JobProgress): Promise<StepEnd> {
    const { step } = progress;
    if (this.stopping && step.kind !== 'post-job-hook') return this.stopped();
    this.options.onStep?.(step);
    this.options.onOutlook?.(this.outlookAt(progress));
    const end = await this.perform(step);
    return this.stopping ? this.stopped() : end;
  }

  /** The next step begins when the stop is through: a new session must not get into its ladder. */
  private async stopped(): Promise<StepEnd> {
    await this.stopping;
    return { kind: 'stopped' };
  }

  private async perform(step: JobStep): Promise<StepEnd> {
    const { executor, request, hooks } = this.options;
    switch (step.kind) {
      case 'prepare':
        return this.outcome('the job could not be prepared', await executor.prepare());
      case 'start':
        return this.outcome('the job could not be started', await executor.start());
      case 'export-variables':
        return exited(await this.exportVariables());
      case 'inject-files':
        return exited(await executor.injectFiles(request.files));
      case 'pre-job-hook':
        return exited(await executor.runCommand(preJobHookCommand(hooks)));
      case 'run-command':
        return exited(await executor.runCommand(step.command));
      case 'check-result':
        return this.checkResult();
      case 'export-result':
        return exited(await executor.exportVariables([{ name: RESULT_VARIABLE, value: Buffer.from(step.result) }]));
      case 'post-job-hook':
        return exited(await this.runPostJobHook(step.sessionStarted));
      case 'finish':
        return exited(0);
    }
  }

  private outcome(what: string, outcome: StepOutcome): StepEnd {
    if (!outcome.ok) this.problem = `${what}: ${outcome.reason}`;
    return exited(outcome.ok ? 0 : 1);
  }

  /** A value that is no base64 is named in the agent's log; the job's log shows the exit code only, as the reference's. */
  private exportVariables(): Promise<number> | number {
    const { request, agentVariables, executor, log } = this.options;
    const decoded = decodeVariables(request.env_vars, agentVariables);
    if (decoded.ok) return executor.exportVariables(decoded.variables);
    this.problem = `the value of the variable ${decoded.badName} is not base64`;
    log.commandStarted('Exporting environment variables');
    log.commandFinished(1);
    return 1;
  }

  private async checkResult(): Promise<StepEnd> {
    const { executor, log } = this.options;
    const value = asEchoed(await executor.readVariable(RESULT_VARIABLE));
    const result = value === 'passed' || value === 'failed' ? value : 'stopped';
    const told = result === 'stopped' ? ` is set to '${value}'` : `=${value}`;
    log.commandStarted('Checking job result');
    log.line(`${RESULT_VARIABLE}${told} - stopping job and marking it as ${result}`);
    log.commandFinished(0);
    return { kind: 'result-checked', result };
  }

  /** The hook runs where the commands ran. Where nothing could be started it is skipped; it never runs on the host instead. */
  private async runPostJobHook(sessionStarted: boolean): Promise<number> {
    const { executor, log, clock, hooks } = this.options;
    const command: ExecutorCommand = postJobHookCommand(hooks);
    if (!sessionStarted) {
      log.commandStarted(command.alias ?? command.directive);
      log.line('Skipped: the job has no session to run the hook in.\n');
      log.commandFinished(1);
      return 1;
    }
    const limit = this.stopping ? clock.startTimer(HOOK_AFTER_STOP_MS, () => this.stop()) : undefined;
    const exitCode = await executor.runCommand(command);
    limit?.cancel();
    return exitCode;
  }
}

/** A value without blanks at its ends, and one between its words: a job writes `X=$(command)` and means the word. */
function asEchoed(value: string): string {
  return value
    .split(/[ \t\n]+/)
    .filter(Boolean)
    .join(' ');
}

function exited(exitCode: number): StepEnd {
  return { kind: 'exited', exitCode };
}
