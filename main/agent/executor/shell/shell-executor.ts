import { existsSync } from 'node:fs';
import type { JobFile } from '../../job/job-request.ts';
import type { JobVariable } from '../../job/variables.ts';
import type { JobLog } from '../../log/job-log.ts';
import { startAwakeLimit } from '../../platform/awake-limit.ts';
import type { Clock } from '../../platform/clock.ts';
import { homeProblem } from '../../platform/home-folder.ts';
import { createPrivateFolder, noFolder, type PrivateFolder } from '../../platform/private-folder.ts';
import type { Processes, ProcessId } from '../../platform/processes.ts';
import type { Random } from '../../platform/random.ts';
import { holderCommand } from '../../session/holder.ts';
import { JobShell } from '../../session/job-shell.ts';
import type { Executor, ExecutorCommand, StepOutcome, StopRung } from '../executor.ts';
import { createMark, type JobMark } from '../job-mark.ts';
import { endFamily } from '../stop-ladder.ts';
import { claimFolder, JOB_PREFIX, MEMORY_FOLDER } from './abandoned.ts';
import { injectFiles } from './inject-files.ts';
import { JobProcesses } from './job-processes.ts';
import { type JobScope, NO_SCOPE, type OpenJobScope } from './job-scope.ts';
import { openPty, type Pty } from './pty.ts';
import { watchShell } from './shell-watch.ts';

/** How long the last output may take to be read once every process is gone, in ms. */
const LAST_OUTPUT_MS = 5_000;

export interface ShellExecutorOptions {
  readonly log: JobLog;
  readonly clock: Clock;
  readonly random: Random;
  readonly processes: Processes;
  readonly openScope: OpenJobScope;
  /** Aborted when a stop must not take its time any more. */
  readonly hurry?: AbortSignal | undefined;
  /** The environment that jobs inherit: the agent's own without what only the agent needs. */
  readonly env: Readonly<Record<string, string>>;
  /** Home directory: where sessions start and relative files go. */
  readonly home: string;
  /** Where the job's private folder is made. */
  readonly tempFolder: string;
}

/** Runs a job on this machine, in a login shell on a terminal of its own. */
export class ShellExecutor implements Executor {
  private readonly shell: JobShell;
  private readonly mark: JobMark;
  private scope: JobScope = NO_SCOPE;
  private processes: JobProcesses;
  private folder: PrivateFolder | undefined;
  private spareFolder: PrivateFolder | undefined;
  private pty: Pty | undefined;
  private ending: Promise<StopRung> | undefined;

  constructor(private readonly options: ShellExecutorOptions) {
    this.mark = createMark(options.random);
    this.processes = this.processesIn(NO_SCOPE);
    this.shell = new JobShell({
      log: options.log,
      clock: options.clock,
      random: options.random,
      place: { open: (shell) => this.openTerminal(shell), placeFile: (name, content) => this.placeFile(name, content) },
    });
  }

  async prepare(): Promise<StepOutcome> {
    const homeless = homeProblem(this.options.home);
    if (homeless) return { ok: false, reason: `${homeless.found}; ${homeless.advice}` };
    try {
      this.scope = await this.options.openScope(`${JOB_PREFIX}${this.mark.name}`);
      this.processes = this.processesIn(this.scope);
      this.folder = await this.makeFolder(this.options.tempFolder);
      return { ok: true };
    } catch (error) {
      return { ok: false, reason: noFolder(this.options.tempFolder, error) };
    }
  }

  start(): Promise<StepOutcome> {
    return this.shell.start();
  }

  exportVariables(variables: readonly JobVariable[]): Promise<number> {
    return this.shell.exportVariables(variables);
  }

  injectFiles(files: readonly JobFile[]): Promise<number> {
    return injectFiles(files, this.options.home, this.options.log);
  }

  async runCommand(command: ExecutorCommand): Promise<number> {
    const { processes, clock } = this.options;
    const watched = new AbortController();
    void watchShell({
      processes,
      clock,
      pid: () => this.shell.shellPids[0] ?? 0,
      onLook: () => this.processes.look(this.leaders),
      signal: watched.signal,
    });
    const exitCode = await this.shell.runCommand(command);
    watched.abort();
    return exitCode;
  }

  readVariable(name: string): Promise<string> {
    return this.shell.readVariable(name);
  }

  /** Two stops at once share one ladder. */
  stop(): Promise<StopRung> {
    this.ending ??= this.endProcesses().finally(() => {
      this.ending = undefined;
    });
    return this.ending;
  }

  async cleanUp(): Promise<StopRung> {
    const rung = await this.stop();
    await this.scope.remove();
    await this.folder?.remove();
    await this.spareFolder?.remove();
    this.folder = undefined;
    this.spareFolder = undefined;
    return rung;
  }

  /** What is left of a session that was lost goes first: its shell may have outlived its terminal. */
  private async openTerminal(shell: { readonly profile: boolean }): Promise<Pty> {
    const { processes, home, env } = this.options;
    for (const pid of this.shell.shellPids) {
      const left = processes.identify(pid);
      if (left && this.isOurs(left)) processes.signal(left, 'SIGKILL');
    }
    this.pty?.kill();
    const command = this.scope.command(holderCommand(shell));
    this.pty = openPty({ command, cwd: home, env: { ...env, ...this.mark.env } });
    this.scope.adopt(this.pty.pid);
    return this.pty;
  }

  private processesIn(scope: JobScope): JobProcesses {
    return new JobProcesses({ processes: this.options.processes, scope, mark: this.mark.entry });
  }

  /** The holder, while it lives. */
  private get leaders(): readonly number[] {
    return this.pty && !this.pty.over ? [this.pty.pid] : [];
  }

  private isOurs({ pid }: ProcessId): boolean {
    return this.options.processes.find(this.processes.family([])).some((member) => member.pid === pid);
  }

  /** A job that fills the disk goes on: its next commands are kept in memory. */
  private async placeFile(name: string, content: string | Uint8Array): Promise<string> {
    if (!this.folder) throw new Error('the job has no folder: prepare() comes first');
    try {
      return await this.folder.write(name, content);
    } catch (error) {
      if (!isFull(error) || !existsSync(MEMORY_FOLDER)) throw error;
      this.spareFolder ??= await this.makeFolder(MEMORY_FOLDER);
      return this.spareFolder.write(name, content);
    }
  }

  private async makeFolder(parent: string): Promise<PrivateFolder> {
    const folder = await createPrivateFolder(parent);
    await claimFolder(folder, { mark: this.mark.entry, group: this.scope.path }, this.options.processes);
    return folder;
  }

  /** The holder goes last: it tells the end of the shell behind the shell's last output. */
  private async endProcesses(): Promise<StopRung> {
    const { processes, clock } = this.options;
    const pty = this.pty;
    const shells = this.shell.shellPids;
    // Before bash is ready the session has no last output, and the holder may not have begun to hold anything.
    if (shells.length === 0) pty?.kill();
    const holder = this.leaders;
    const rung = await endFamily({
      processes,
      clock,
      family: this.processes.family(holder),
      spared: holder,
      isShell: (pid) => shells.length === 0 || shells.includes(pid),
      hurry: this.options.hurry,
    });
    await new Promise<void>((resolve) => {
      const limit = startAwakeLimit(clock, LAST_OUTPUT_MS, resolve);
      void this.shell.ended().then(() => {
        limit.cancel();
        resolve();
      });
    });
    pty?.kill();
    await pty?.closed;
    return rung;
  }
}

function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');
}
