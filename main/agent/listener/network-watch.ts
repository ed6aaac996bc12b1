import type { Clock, Timer } from '../platform/clock.ts';
import type { ListenerState } from './listener-state.ts';

/** A person who has connected their machine again looks at it for about as long. In ms. */
const LOOK_MS = 2_000;

export interface NetworkWatchOptions {
  readonly clock: Clock;
  /** The machine's addresses now, as a text. */
  readonly addresses: () => string;
  /** They are others than before. */
  readonly onChange: () => void;
}

/**
 * Notices that the machine's network has changed. Node tells nobody, so it looks; but only while the hub does not answer, when
 * the next try may be a minute away. An agent that is connected finds out by its next sync.
 */
export class NetworkWatch {
  private timer: Timer | undefined;
  private known = '';

  constructor(private readonly options: NetworkWatchOptions) {}

  /** Call with every change of the listener's state. */
  take(state: ListenerState): void {
    if (!isUnanswered(state)) this.stop();
    else if (!this.timer) {
      this.known = this.options.addresses();
      this.lookLater();
    }
  }

  private stop(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  private lookLater(): void {
    this.timer = this.options.clock.startTimer(LOOK_MS, () => this.look());
  }

  private look(): void {
    const before = this.known;
    this.known = this.options.addresses();
    this.lookLater();
    if (this.known !== before) this.options.onChange();
  }
}

/** The hub has not answered the last time it was asked. */
function isUnanswered(state: ListenerState): boolean {
  if (state.phase === 'connected') return state.failing !== undefined;
  return state.phase === 'registering' && state.attempt > 0;
}
