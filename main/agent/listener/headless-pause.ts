import type { AgentSnapshot } from '../../../shared/agent-snapshot.ts';
import type { Pause, PauseForm } from '../../../shared/pause.ts';
import type { Clock, Timer } from '../platform/clock.ts';
import type { Listener } from './listener.ts';

export interface HeadlessPauseOptions {
  readonly listener: Pick<Listener, 'pause' | 'resume' | 'disconnect'>;
  readonly clock: Clock;
  /** Told of every snapshot, with whose pause it is. */
  readonly onSnapshot: (snapshot: AgentSnapshot) => void;
}

/** Pauses of an agent without the app: they end by themselves where they have an end, and with the agent's process. */
export class HeadlessPause {
  private snapshot: AgentSnapshot = { version: 0, agentName: '', endpoint: '', status: { state: 'not-configured' } };
  private wanted: Pause | undefined;
  private end: Timer | undefined;

  constructor(private readonly options: HeadlessPauseOptions) {}

  /** What the control socket asks for. */
  get controls() {
    return {
      snapshot: () => this.snapshot,
      pause: (form: PauseForm) => this.pause(form),
      resume: () => this.resume(),
      disconnect: (job: 'finish' | 'stop') => {
        this.forget();
        this.options.listener.disconnect(job);
      },
    };
  }

  /** The agent tells. */
  take(snapshot: AgentSnapshot): void {
    const holds = snapshot.status.state === 'pausing' || snapshot.status.state === 'paused';
    this.snapshot = this.wanted && holds ? { ...snapshot, pause: this.wanted } : snapshot;
    this.options.onSnapshot(this.snapshot);
  }

  private pause(form: PauseForm): void {
    const { clock, listener } = this.options;
    // Without the app nobody watches the battery, or knows what its owner calls tomorrow.
    if (form.kind !== 'until-resumed' && form.kind !== 'for') throw new Error('only the app knows pauses of this kind');
    this.forget();
    const ms = form.kind === 'for' ? form.minutes * 60_000 : undefined;
    this.wanted = { by: 'you', ...(ms === undefined ? {} : { until: clock.now() + ms }) };
    if (ms !== undefined) this.end = clock.startTimer(ms, () => this.resume());
    listener.pause();
  }

  private resume(): void {
    this.forget();
    this.options.listener.resume();
  }

  private forget(): void {
    this.end?.cancel();
    this.end = undefined;
    this.wanted = undefined;
  }
}
