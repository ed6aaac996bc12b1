import { spawn } from 'node:child_process';
import type { JobCommand } from '../../job/job-request.ts';
import type { Clock } from '../../platform/clock.ts';
import { createPrivateFolder, noFolder, type PrivateFolder } from '../../platform/private-folder.ts';
import type { Processes } from '../../platform/processes.ts';
import type { Random } from '../../platform/random.ts';
import type { StopRung } from '../executor.ts';
import { createMark, type JobMark } from '../job-mark.ts';
import { claimFolder } from '../shell/abandoned.ts';
import { endFamily } from '../stop-ladder.ts';

export interface HostSetupOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly home: string;
  /** Where a folder is made that says, to the next start, what was left running. */
  readonly tempFolder: string;
  readonly processes: Processes;
  readonly clock: Clock;
  readonly random: Random;
  /** Aborted when a stop must not take its time any more. */
  readonly hurry?: AbortSignal | undefined;
}

/** A job's set-up commands on this machine, and what they started. */
export class HostSetup {
  private readonly mark: JobMark;
  private folder: PrivateFolder | undefined;
  private ended = false;

  constructor(private readonly options: HostSetupOptions) {
    this.mark = createMark(options.random);
  }

  /**
   * Runs them, each with a bash of its own, until the first that fails. Resolves with what went wrong, in a line. What they
   * print goes nowhere: it may hold secrets, and the job's log has no place for it.
   */
  async run(commands: readonly JobCommand[]): Promise<string | undefined> {
    if (commands.length === 0) return undefined;
    try {
      this.folder = await createPrivateFolder(this.options.tempFolder);
      await claimFolder(this.folder, { mark: this.mark.entry }, this.options.processes);
    } catch (error) {
      return noFolder(this.options.tempFolder, error);
    }
    for (const [index, { directive }] of commands.entries()) {
      const problem = this.ended ? 'was not run: the job was stopped' : await this.runOne(directive);
      if (problem !== undefined) return `its host set-up command ${index + 1} of ${commands.length} ${problem}`;
    }
    return undefined;
  }

  /** Ends what runs of them, with all that they have left running; no other begins. */
  async end(): Promise<StopRung> {
    this.ended = true;
    if (!this.folder) return 'nothing-left';
    const { processes, clock, hurry } = this.options;
    const family = { mark: this.mark.entry, roots: [] };
    return endFamily({ processes, clock, family, spared: [], isShell: () => false, hurry });
  }

  /** After `end`: removes what was made. */
  async cleanUp(): Promise<void> {
    await this.folder?.remove();
    this.folder = undefined;
  }

  private runOne(directive: string): Promise<string | undefined> {
    const { env, home } = this.options;
    return new Promise((resolve) => {
      const child = spawn('bash', ['-c', directive], {
        env: { ...env, ...this.mark.env },
        cwd: home,
        stdio: 'ignore',
        // A session of its own: it can ask nobody for a password.
        detached: true,
      });
      child.once('error', (error) => resolve(`could not be started: ${error.message}`));
      child.once('close', (code) => {
        if (this.ended) resolve('was stopped');
        else resolve(code === 0 ? undefined : `ended with ${code ?? 'a signal'}`);
      });
    });
  }
}
