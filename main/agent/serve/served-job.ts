import type { JobResult } from '../hub/wire.ts';
import type { ChooseExecutor, OpenJobLog } from '../job/job-processor.ts';
import type { JobRequest } from '../job/job-request.ts';
import type { RunningJob } from '../listener/listener-options.ts';

/** What became of a request: begun, or why not. */
export type Received = 'begun' | 'already-running' | 'another-is-running' | { readonly problem: string };

export interface ServedJobOptions {
  /** Says in a line why a request cannot be built. */
  readonly chooseExecutor: ChooseExecutor;
  /** Opens the log of the job, or says in a line why there can be none. */
  readonly openLog: (request: JobRequest) => Promise<OpenJobLog | string>;
  /** Begins the job at once. */
  readonly start: (request: JobRequest, log: OpenJobLog) => RunningJob;
}

/** The one job that a server runs in its life. */
export class ServedJob {
  private running: RunningJob | undefined;
  private jobId: string | undefined;
  private turn: Promise<unknown> = Promise.resolve();
  private ending = false;

  constructor(private readonly options: ServedJobOptions) {}

  /** Id of the job that came; undefined before. It stays when the job is over. */
  get id(): string | undefined {
    return this.jobId;
  }

  /** Takes a job, or says why not. Requests that come at once are taken one after another. */
  receive(request: JobRequest): Promise<Received> {
    const received = this.turn.then(() => this.receiveNow(request));
    this.turn = received.catch(() => undefined);
    return received;
  }

  /** Stops the job if there is one that runs. */
  stop(): void {
    this.running?.stop();
  }

  /** No job from now on, and the one that runs is stopped. Resolves when it is over. */
  async end(): Promise<JobResult | undefined> {
    this.ending = true;
    await this.turn;
    this.stop();
    return (await this.running?.ended)?.result;
  }

  private async receiveNow(request: JobRequest): Promise<Received> {
    if (this.jobId !== undefined) return this.jobId === request.job_id ? 'already-running' : 'another-is-running';
    if (this.ending) return { problem: 'the agent is about to end' };
    const chosen = this.options.chooseExecutor(request);
    if (typeof chosen === 'string') return { problem: chosen };
    const log = await this.options.openLog(request);
    if (typeof log === 'string') return { problem: log };
    this.jobId = request.job_id;
    this.running = this.options.start(request, log);
    return 'begun';
  }
}
