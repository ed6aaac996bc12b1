import { app, powerMonitor } from 'electron';
import { askAboutQuit, type ParentWindow } from '../windows/questions.ts';

export interface QuitOptions {
  /** Of the job that runs; undefined where none does. */
  readonly runningJob: () => string | undefined;
  readonly parent: ParentWindow;
  /** The agent is to leave behind its job; `Quit.leave` is called when it has. Its owner may take that back. */
  readonly finishFirst: () => void;
  /** It is to, and nobody has taken it back. */
  readonly isFinishing: () => boolean;
  /** Stops the job with grace, reports it and disconnects. */
  readonly shutDown: () => Promise<void>;
  /** The job has no grace any more. */
  readonly hasten: () => void;
}

/**
 * How much of its grace a job keeps where the system goes down, in ms: systemd-logind lets itself be held up for 5 s
 * (`InhibitDelayMaxSec`), and what is left of a job is to be killed and the job reported within them.
 */
const GRACE_MS = 3_000;

/**
 * The way out. While a job runs its owner says what becomes of it; to quit once more while that waits stops the job; once more,
 * and the app just goes. Where the system goes down, or ends the app by a signal, nobody is asked.
 */
export class Quit {
  private stage: 'none' | 'asking' | 'leaving' | 'gone' = 'none';
  private isGoingDown = false;

  constructor(private readonly options: QuitOptions) {
    app.on('before-quit', (event) => {
      if (this.stage === 'gone') return;
      event.preventDefault();
      void this.wish();
    });
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void this.leave());
    // Only Linux and macOS tell in this way, and wait for as long as they are asked to; Windows tells windows.
    powerMonitor.on('shutdown', (event?: { preventDefault?(): void }) => {
      event?.preventDefault?.();
      this.goDown();
    });
  }

  /** The system tells it twice. */
  private goDown(): void {
    if (this.isGoingDown) return;
    this.isGoingDown = true;
    setTimeout(() => this.options.hasten(), GRACE_MS);
    if (this.stage !== 'leaving') void this.leave();
  }

  /** Stops what runs, reports it, and ends the app; at once where that is on its way already. */
  async leave(): Promise<void> {
    if (this.stage === 'leaving') {
      // Signals to all processes are a part of going down, and no wish of anybody's for a quicker end.
      if (!this.isGoingDown) this.go();
      return;
    }
    this.stage = 'leaving';
    await this.options.shutDown();
    this.go();
  }

  /** Nothing runs any more: what its owner is being asked about has come about by itself. */
  jobEnded(): void {
    if (this.stage === 'asking') void this.leave();
  }

  private async wish(): Promise<void> {
    const { runningJob, parent, finishFirst, isFinishing } = this.options;
    const job = runningJob();
    if (this.stage !== 'none' || job === undefined || isFinishing()) return this.leave();
    this.stage = 'asking';
    const answer = await askAboutQuit(job, parent);
    // It was quit once more meanwhile.
    if (this.stage !== 'asking') return;
    if (answer === 'stop') return this.leave();
    this.stage = 'none';
    if (answer === 'finish') finishFirst();
  }

  private go(): void {
    this.stage = 'gone';
    app.quit();
  }
}
