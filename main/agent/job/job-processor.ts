import type { SnapshotJob } from '../../../shared/agent-snapshot.ts';
import type { Executor, StopRung } from '../executor/executor.ts';
import type { Http } from '../hub/http.ts';
import type { JobResult } from '../hub/wire.ts';
import type { RunningJob } from '../listener/listener-options.ts';
import type { JobLog } from '../log/job-log.ts';
import { type LogWatcher, watchLog } from '../log/watched-log.ts';
import { type Metrics, NO_METRICS } from '../metrics/metrics.ts';
import type { Clock } from '../platform/clock.ts';
import { type CallbackPatience, callBack } from './callbacks.ts';
import type { JobSource, LogSession } from './fetch-job.ts';
import type { HookSettings } from './hooks.ts';
import { Job } from './job.ts';
import type { JobOutlook } from './job-outlook.ts';
import { type JobPolicy, type Refusal, refusalOf, refusalText } from './job-policy.ts';
import { progressOf, snapshotJobOf } from './job-progress.ts';
import type { JobCommand, JobRequest } from './job-request.ts';
import { toolboxAdvice } from './toolbox.ts';

/** The one directive that the log of a refused job has. */
const POLICY_DIRECTIVE = "Checking this agent's job policy";

/** A job's log, and what becomes of it. */
export interface OpenJobLog {
  readonly log: JobLog;
  /** What the log calls a command: without secrets, and not longer than people read. */
  nameOf(command: JobCommand): string;
  /** What is to come of the job, for those who look on. */
  foresee(outlook: JobOutlook): void;
  /**
   * Resolves when the log was closed and has gone where the request wants it, or could not: then with one line that says
   * why. Never rejects. `result`: of the job, for those who look on.
   */
  delivered(result: JobResult): Promise<string | undefined>;
}

/** Opens the log of a job, or tells in a line why there can be none. */
export type OpenLog = (request: JobRequest, session: LogSession) => Promise<OpenJobLog | string>;

/** How the executor of a request is made, or one line that says why there is none. */
export type ChooseExecutor = (request: JobRequest) => ((log: JobLog) => Executor) | string;

export interface JobProcessorOptions {
  readonly http: Http;
  readonly clock: Clock;
  readonly log: { info(message: string): void; warn(message: string): void; error(message: string): void };
  readonly openLog: OpenLog;
  readonly chooseExecutor: ChooseExecutor;
  readonly hooks: HookSettings;
  readonly policy: JobPolicy;
  readonly agentVariables: readonly { readonly name: string; readonly value: string }[];
  /** How long callbacks are tried; undefined as the reference agent does with `start`. */
  readonly patience?: CallbackPatience;
  readonly metrics?: Metrics;
  /** Told when a job has been fetched, and before each of its commands. */
  readonly onProgress?: (progress: SnapshotJob) => void;
}

/** Turns a job into a result: fetches the request, builds the job, runs it, sees that its log arrives. */
export class JobProcessor {
  constructor(private readonly options: JobProcessorOptions) {}

  /** Begins at once. What cannot be fetched or built ends `failed`, without a log. */
  start(source: JobSource, onRunning: () => void): RunningJob {
    const { jobId } = source;
    const stopping = new AbortController();
    const begunAt = this.options.clock.monotonic();
    const begun: BegunJob = { jobId, source, onRunning, signal: stopping.signal, job: undefined, begunAt };
    const ended = this.process(begun).then((result) => {
      this.metrics.count('jobs', [result]);
      this.metrics.timing('job.duration', this.options.clock.monotonic() - begunAt, [result]);
      this.options.log.info(`Job ${jobId} ${result}`);
      return { result };
    });
    const stop = () => {
      stopping.abort();
      begun.job?.stop();
    };
    return { ended, stop };
  }

  private async process(begun: BegunJob): Promise<JobResult> {
    const { jobId, signal } = begun;
    const fetched = await begun.source.fetch(signal);
    if (fetched.ok) return this.runRequest(fetched.request, begun);
    if (signal.aborted) return 'stopped';
    this.options.log.error(`Job ${jobId} cannot be run: ${fetched.problem}`);
    return 'failed';
  }

  private async runRequest(request: JobRequest, begun: BegunJob): Promise<JobResult> {
    const { log, chooseExecutor, openLog, policy } = this.options;
    const refusal = refusalOf(request, policy);
    if (refusal) return this.refuse(request, refusal, begun);
    const createExecutor = chooseExecutor(request);
    if (typeof createExecutor === 'string') {
      log.error(`Job ${begun.jobId} cannot be run: ${createExecutor}`);
      return 'failed';
    }
    const opened = await openLog(request, begun.source.session());
    if (typeof opened === 'string') {
      log.error(`Job ${begun.jobId} cannot be run: ${opened}`);
      return 'failed';
    }
    const executor = createExecutor(watchLog(opened.log, this.watcher(begun)));
    begun.onRunning();
    const result = await this.runJob({ request, executor, opened }, begun);
    await Promise.all([this.conclude(request, result, opened, begun), this.cleanUp(executor, begun)]);
    return result;
  }

  /** What the agent itself wants to know of a log. */
  private watcher({ jobId, begunAt }: BegunJob): LogWatcher {
    const { clock, log } = this.options;
    return {
      onFirstOutput: () => this.metrics.timing('job.first_output', clock.monotonic() - begunAt),
      onCommandFinished(directive, exitCode) {
        const advice = toolboxAdvice(directive, exitCode);
        if (advice !== undefined) log.warn(`Job ${jobId}: ${advice}`);
      },
    };
  }

  private get metrics(): Metrics {
    return this.options.metrics ?? NO_METRICS;
  }

  /** Nothing of a refused job runs, its hooks and epilogues included. Its log says why, as far as it can be opened. */
  private async refuse(request: JobRequest, refusal: Refusal, begun: BegunJob): Promise<JobResult> {
    const { log, openLog, onProgress } = this.options;
    log.warn(`Job ${begun.jobId} is refused by ${refusal.rule}`);
    onProgress?.({ ...this.snapshotJob(request, begun), refusedBy: refusal.rule });
    const opened = await openLog(request, begun.source.session());
    if (typeof opened === 'string') {
      log.error(`Job ${begun.jobId} cannot have a log: ${opened}`);
      return 'failed';
    }
    opened.log.jobStarted();
    opened.log.commandStarted(POLICY_DIRECTIVE);
    opened.log.line(refusalText(refusal));
    opened.log.commandFinished(1);
    await this.conclude(request, 'failed', opened, begun);
    return 'failed';
  }

  /** A stop that came before the job was built stops it before its first step. */
  private async runJob(
    parts: { readonly request: JobRequest; readonly executor: Executor; readonly opened: OpenJobLog },
    begun: BegunJob,
  ): Promise<JobResult> {
    const { clock, hooks, agentVariables, log } = this.options;
    const { request, executor, opened } = parts;
    const shown = this.snapshotJob(request, begun);
    const onProgress = this.options.onProgress ?? (() => undefined);
    const onStep = progressOf({ request, job: shown, nameOf: opened.nameOf, onProgress });
    const onOutlook = (outlook: JobOutlook) => opened.foresee(outlook);
    const job = new Job({ request, executor, log: opened.log, clock, hooks, agentVariables, onStep, onOutlook });
    begun.job = job;
    if (begun.signal.aborted) job.stop();
    const end = await job.run();
    begun.job = undefined;
    if (end.problem !== undefined) log.warn(`Job ${begun.jobId}: ${end.problem}`);
    if (end.stopRung !== undefined) log.info(`Job ${begun.jobId} was stopped: ${RUNGS[end.stopRung]}`);
    return end.result;
  }

  private snapshotJob(request: JobRequest, { jobId }: BegunJob): SnapshotJob {
    const { clock, policy } = this.options;
    return snapshotJobOf(request, { jobId, kubernetes: policy.kubernetes, at: clock.now() });
  }

  /** Callbacks are for who pulls the log; with a log that is pushed the hub hears of the end by sync alone. */
  private async conclude(request: JobRequest, result: JobResult, opened: OpenJobLog, begun: BegunJob): Promise<void> {
    const { finished, teardown_finished: tornDown } = request.callbacks;
    const pulled = request.logger.method !== 'push';
    if (pulled) await this.callBack(request, finished, `{"result": "${result}"}`, begun);
    opened.log.jobFinished(result);
    await opened.log.close();
    const problem = await opened.delivered(result);
    if (problem !== undefined) this.options.log.error(`The log of job ${begun.jobId} is not complete: ${problem}`);
    if (pulled) await this.callBack(request, tornDown, '{}', begun);
  }

  private async callBack(request: JobRequest, url: string, body: string, { jobId }: BegunJob): Promise<void> {
    const { http, clock, log, patience } = this.options;
    const problem = await callBack({ http, clock, url, token: request.callbacks.token, body, ...patience });
    if (problem !== undefined) log.error(`Job ${jobId}: ${problem}`);
  }

  private async cleanUp(executor: Executor, { jobId }: BegunJob): Promise<void> {
    const rung = await executor.cleanUp();
    if (rung === 'nothing-left') return;
    const told = `Job ${jobId} had left processes running: ${RUNGS[rung]}`;
    if (rung === 'survived') this.options.log.error(told);
    else this.options.log.info(told);
  }
}

interface BegunJob {
  readonly jobId: string;
  readonly source: JobSource;
  readonly onRunning: () => void;
  /** On the clock that never goes back, in ms. */
  readonly begunAt: number;
  /** Aborted by the first stop. */
  readonly signal: AbortSignal;
  /** While it runs: what a stop goes to, the second one too. */
  job: Job | undefined;
}

/** What became of a job's processes, in words. */
const RUNGS: Readonly<Record<StopRung, string>> = {
  'nothing-left': 'nothing was running any more',
  terminated: 'all of them went when they were asked to',
  killed: 'some had to be killed',
  survived: 'some outlived even SIGKILL',
};
