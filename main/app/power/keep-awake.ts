import { powerSaveBlocker } from 'electron';
import { powerSource } from './power-source.ts';

/** How often the battery is looked at while a job keeps the machine awake, in ms. */
const LOOK_MS = 60_000;

export interface KeepAwakeRules {
  readonly wanted: boolean;
  /** On battery below so many percent the machine may sleep all the same. */
  readonly batteryLevel: number;
}

/** Keeps the machine awake while a job runs, as its owner set it. */
export class KeepAwake {
  private blocker: number | undefined;
  private looking: NodeJS.Timeout | undefined;
  private hasJob = false;

  constructor(private readonly rules: () => KeepAwakeRules) {}

  /** Call with every change; what is as it was costs nothing. */
  show(hasJob: boolean): void {
    if (hasJob === this.hasJob) return;
    this.hasJob = hasJob;
    this.look();
  }

  /** The settings have changed. */
  look(): void {
    clearTimeout(this.looking);
    if (this.hasJob && this.rules().wanted) void this.decide();
    else this.release();
  }

  private async decide(): Promise<void> {
    const { onBattery, level } = await powerSource();
    const { wanted, batteryLevel } = this.rules();
    if (!this.hasJob || !wanted) return;
    if (onBattery && level !== undefined && level < batteryLevel) this.release();
    else this.blocker ??= powerSaveBlocker.start('prevent-app-suspension');
    clearTimeout(this.looking);
    this.looking = setTimeout(() => this.look(), LOOK_MS);
  }

  private release(): void {
    if (this.blocker !== undefined) powerSaveBlocker.stop(this.blocker);
    this.blocker = undefined;
  }
}
