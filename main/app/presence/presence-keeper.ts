import { powerMonitor } from 'electron';
import type { AgentSnapshot } from '../../../shared/agent-snapshot.ts';
import type { Rest } from '../../../shared/contract/main-agent.ts';
import type { Pause, PauseForm } from '../../../shared/pause.ts';
import { type PowerSource, powerSource } from '../power/power-source.ts';
import type { AgentProcess } from '../supervision/agent-process.ts';
import { pauseFrom, quietUntil } from './pause-form.ts';
import {
  beginPresence,
  type PresenceEffect,
  type PresenceEvent,
  type PresenceState,
  pauseOf,
  presence,
  restOf,
} from './presence-state.ts';
import { readWish, writeWish } from './wish-file.ts';

/** How often time and power are looked at while something depends on them, in ms. Timers sleep with the machine. */
const LOOK_MS = 20_000;

export interface PresenceRules {
  readonly pauseOnBattery: boolean;
  /** `22:00-07:00`; empty for none. */
  readonly quietHours: string;
}

export interface PresenceKeeperOptions {
  readonly agent: Pick<AgentProcess, 'isRunning' | 'pause' | 'resume' | 'disconnect'>;
  /** Where the owner's wish is kept. */
  readonly path: string;
  readonly rules: () => PresenceRules;
  /** Something of what a snapshot tells has changed. */
  readonly onChange: (facts: Pick<AgentSnapshot, 'pause' | 'afterJob'>) => void;
  /** The agent has gone behind its job: another one is to begin. */
  readonly onRestart: () => void;
  /** The agent has gone behind its job: the app may. */
  readonly onLeave: () => void;
  readonly onProblem: (problem: string) => void;
}

/** Performs what the presence asks for, and looks at the clock and at the battery for it. */
export class PresenceKeeper {
  private state: PresenceState;
  private looking: NodeJS.Timeout | undefined;

  constructor(private readonly options: PresenceKeeperOptions) {
    const { wish, problem } = readWish(options.path);
    this.state = beginPresence(wish);
    if (problem !== '') options.onProblem(problem);
    for (const event of ['resume', 'on-ac', 'on-battery'] as const)
      powerMonitor.on(event as 'resume', () => void this.look());
  }

  /** Where an agent begins that is started now. */
  get rest(): Rest {
    return restOf(this.state);
  }

  /** Saved settings wait for the end of the current job. */
  get isRestarting(): boolean {
    return this.state.restarting;
  }

  /** The app goes when the current job has ended. */
  get isQuitting(): boolean {
    return this.state.quitting;
  }

  pause(form: PauseForm): void {
    this.take({ kind: 'pause', pause: pauseFrom(form, Date.now()) });
    void this.look();
  }

  resume(): void {
    this.take({ kind: 'resume' });
  }

  disconnect(job: 'finish' | 'stop'): void {
    this.take({ kind: 'disconnect', job });
  }

  /** Settings were saved that need a new registration. */
  renew(): void {
    this.take({ kind: 'settings' });
  }

  quitAfterJob(): void {
    this.take({ kind: 'quit-after-job' });
  }

  /** A new agent has its settings. */
  started(): void {
    this.take({ kind: 'started' });
  }

  /** The agent tells. */
  seen({ status }: AgentSnapshot): void {
    if (status.state === 'stopped') this.take({ kind: 'away' });
  }

  /** Looks whether a pause has ended or is to begin, and looks again while that may change. */
  async look(): Promise<void> {
    clearTimeout(this.looking);
    const { wish } = this.state;
    const { pauseOnBattery, quietHours } = this.options.rules();
    const askPower = pauseOnBattery || (wish.kind === 'paused' && wish.pause.whileOnBattery === true);
    const power: PowerSource = askPower ? await powerSource() : { onBattery: false, level: undefined };
    const now = Date.now();
    const policy = policyPause({ onBattery: pauseOnBattery && power.onBattery, quietHours, now });
    this.take({ kind: 'look', now, onBattery: power.onBattery, policy });
    const left = this.state.wish.kind === 'paused' ? this.state.wish.pause.until : undefined;
    if (!askPower && quietHours === '' && left === undefined) return;
    clearTimeout(this.looking);
    this.looking = setTimeout(() => void this.look(), Math.min(LOOK_MS, Math.max(0, (left ?? Infinity) - now)));
  }

  private take(event: PresenceEvent): void {
    const { state, effects } = presence(this.state, event);
    this.state = state;
    for (const effect of effects) this.perform(effect);
    const pause = pauseOf(state);
    const afterJob = state.quitting ? 'quit' : state.restarting ? 'reconnect' : undefined;
    this.options.onChange({ ...(pause ? { pause } : {}), ...(afterJob ? { afterJob } : {}) });
  }

  private perform(effect: PresenceEffect): void {
    const { agent, onRestart, onLeave } = this.options;
    switch (effect.kind) {
      case 'pause':
        agent.pause();
        break;
      case 'resume':
        agent.resume();
        break;
      case 'disconnect':
        if (agent.isRunning) agent.disconnect(effect.job);
        else queueMicrotask(() => this.take({ kind: 'away' }));
        break;
      case 'restart':
        onRestart();
        break;
      case 'leave':
        onLeave();
        break;
      case 'keep':
        this.keep();
    }
  }

  private keep(): void {
    try {
      writeWish(this.options.path, this.state.wish);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
      this.options.onProblem(`It is not kept over a restart that you paused or resumed (${code})`);
    }
  }
}

function policyPause(facts: {
  readonly onBattery: boolean;
  readonly quietHours: string;
  readonly now: number;
}): Pause | undefined {
  if (facts.onBattery) return { by: 'battery', whileOnBattery: true };
  const until = quietUntil(facts.quietHours, facts.now);
  return until === undefined ? undefined : { by: 'quiet-hours', until };
}
