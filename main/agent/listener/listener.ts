import { HubError } from '../hub/hub-client.ts';
import type { SyncRequest } from '../hub/wire.ts';
import { unixSeconds } from '../platform/clock.ts';
import type { ListenerOptions, RunningJob } from './listener-options.ts';
import type { Departure, FailedCall, ListenerEffect, ListenerEvent, ListenerState } from './listener-state.ts';
import { begin, transition } from './transition.ts';

/** When the hub names no time for the next sync (reference agent), in ms. */
const SYNC_LOW_MS = 3_000;
const SYNC_HIGH_MS = 6_000;

/** Performs what the transitions ask for. Events are handled one at a time, in the order in which they came. */
export class Listener {
  private state: ListenerState | undefined;
  private readonly queue: ListenerEvent[] = [];
  private handling = false;
  private name: string;
  private accessToken = '';
  private job: RunningJob | undefined;
  private waiting: { cancel(): void } | undefined;
  private nextAt = 0;
  private readonly hook = new AbortController();
  /** Of the call to the hub that is under way. */
  private call = new AbortController();
  private finish: (exitCode: number) => void = () => undefined;

  constructor(private readonly options: ListenerOptions) {
    this.name = options.registration.name;
  }

  /**
   * Registers, syncs and runs jobs until the agent is to go. Resolves with the exit code. Once per listener. `away`: it begins
   * where that departure ends; only a job that a former agent lost is reported first.
   */
  run(away?: Departure): Promise<number> {
    const ended = new Promise<number>((resolve) => {
      this.finish = resolve;
    });
    const saved = this.options.store.load();
    if (saved) {
      this.accessToken = saved.accessToken;
      this.setName(saved.name);
    }
    const resumed = saved && { jobId: saved.jobId, at: this.options.clock.monotonic() };
    this.handling = true;
    void this.take(begin(resumed, away)).then(() => {
      this.handling = false;
      return this.drain();
    });
    return ended;
  }

  /** Somebody asks the agent to go. The first time the hub decides when; the second time the job is stopped at once. */
  interrupt(): void {
    this.emit({ kind: 'interrupted', unixSeconds: unixSeconds(this.options.clock) });
  }

  /** No new job here: it disconnects now if it is idle, else when its job was reported. */
  pause(): void {
    this.emit({ kind: 'pause' });
  }

  /** Away until it is connected again: behind the job that runs (`finish`), or with that one stopped and reported. */
  disconnect(job: 'finish' | 'stop'): void {
    this.emit({ kind: 'disconnect', job });
  }

  /** The owner wants the running job stopped; its result is then `stopped`. */
  stopJob(): void {
    this.job?.stop();
  }

  /** Takes a pause back, or connects an agent that stopped or was refused. */
  resume(): void {
    this.emit({ kind: 'resume' });
  }

  /** The machine slept, or its network changed: the hub is asked at once. */
  wake(): void {
    this.emit({ kind: 'woken' });
  }

  private emit(event: ListenerEvent): void {
    this.queue.push(event);
    void this.drain();
  }

  private async drain(): Promise<void> {
    if (this.handling || !this.state) return;
    this.handling = true;
    for (let event = this.queue.shift(); event; event = this.queue.shift()) {
      await this.take(transition(this.state, event, this.options.rules));
    }
    this.handling = false;
  }

  /** What is to be kept is kept before the next effect: the hub hears of nothing that a crash would forget. */
  private async take({ state, effects }: ReturnType<typeof transition>): Promise<void> {
    this.state = state;
    for (const effect of effects) {
      const kept = this.perform(effect);
      if (kept) await kept;
    }
    this.options.onChange?.(state, this.name, this.nextAt);
  }

  private perform(effect: ListenerEffect): void | Promise<void> {
    const { store, log, random, runShutdownHook } = this.options;
    switch (effect.kind) {
      case 'register':
        void this.register();
        break;
      case 'sync':
        void this.sync(effect.request);
        break;
      case 'wait':
        this.wait(effect.ms ?? random.between(SYNC_LOW_MS, SYNC_HIGH_MS));
        break;
      case 'give-call-up':
        this.call.abort();
        break;
      case 'start-job':
        this.startJob(effect.jobId);
        break;
      case 'stop-job':
        this.job?.stop();
        break;
      case 'save-session':
        return store.save({ name: this.name, accessToken: this.accessToken, jobId: effect.jobId });
      case 'forget-session':
        return store.forget();
      case 'disconnect':
        void this.sayGoodbye();
        break;
      case 'run-hook':
        void runShutdownHook(effect.reason, this.hook.signal).then(() => this.emit({ kind: 'hook-ended' }));
        break;
      case 'end-hook':
        this.hook.abort();
        break;
      case 'log':
        log[effect.level](effect.message);
        break;
      case 'end':
        this.waiting?.cancel();
        this.finish(effect.exitCode);
    }
  }

  private async register(): Promise<void> {
    try {
      const answer = await this.options.hub.register(this.options.registration, this.begunCall());
      this.accessToken = answer.token;
      this.setName(answer.name || this.name);
      this.options.log.info(`Registered as ${this.name}`);
      this.emit({ kind: 'registered', at: this.options.clock.monotonic() });
    } catch (error) {
      this.emit({ kind: 'register-failed', ...failedCall(error) });
    }
  }

  private async sync(request: SyncRequest): Promise<void> {
    this.waiting?.cancel();
    try {
      const response = await this.options.hub.sync(this.accessToken, request, this.begunCall());
      this.emit({ kind: 'sync-answered', sent: request.state, response, at: this.options.clock.monotonic() });
    } catch (error) {
      this.options.onSyncFailed?.();
      this.emit({ kind: 'sync-failed', ...failedCall(error), at: this.options.clock.monotonic() });
    }
  }

  private async sayGoodbye(): Promise<void> {
    try {
      await this.options.hub.disconnect(this.accessToken, this.begunCall());
      this.emit({ kind: 'disconnected' });
    } catch (error) {
      const { status, problem } = failedCall(error);
      // The hub does not know us: that is what a disconnect is for.
      const gone = status === 404 || status === 401;
      this.emit(gone ? { kind: 'disconnected' } : { kind: 'disconnect-failed', problem });
    }
  }

  private begunCall(): AbortSignal {
    this.call = new AbortController();
    return this.call.signal;
  }

  private startJob(jobId: string): void {
    const onRunning = () => this.emit({ kind: 'job-running', jobId });
    this.job = this.options.startJob(jobId, () => this.accessToken, onRunning);
    void this.job.ended.then(({ result }) => this.emit({ kind: 'job-ended', jobId, result }));
  }

  private wait(ms: number): void {
    this.waiting?.cancel();
    this.nextAt = this.options.clock.now() + ms;
    this.waiting = this.options.clock.startTimer(ms, () => this.emit({ kind: 'wait-over' }));
  }

  private setName(name: string): void {
    this.name = name;
    this.options.log.setName(name);
  }
}

/** Anything else than a failed call is a fault of ours and ends the process. */
function failedCall(error: unknown): FailedCall {
  if (!(error instanceof HubError)) throw error;
  return { status: error.status, problem: error.message, retryAfterMs: error.retryAfterMs };
}
