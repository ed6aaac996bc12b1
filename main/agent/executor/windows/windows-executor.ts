import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobFile } from '../../job/job-request.ts';
import type { JobVariable } from '../../job/variables.ts';
import type { JobLog } from '../../log/job-log.ts';
import { homeProblem } from '../../platform/home-folder.ts';
import { createPrivateFolder, noFolder, type PrivateFolder } from '../../platform/private-folder.ts';
import type { Executor, ExecutorCommand, StepOutcome, StopRung } from '../executor.ts';
import { injectFiles } from '../shell/inject-files.ts';
import { commandScript, exportLine, type PowerShellState, parseState, powerShellCommand } from './powershell.ts';

/** What a command is worth that could not be run, or was ended. */
const NOT_RUN_EXIT_CODE = 1;

export interface WindowsExecutorOptions {
  readonly log: JobLog;
  /** The environment that jobs inherit: the agent's own without what only the agent needs. */
  readonly env: Readonly<Record<string, string>>;
  /** Home directory: where the first command starts and relative files go. */
  readonly home: string;
  /** Where the job's private folder is made. */
  readonly tempFolder: string;
}

/**
 * Runs a job on Windows, where there is no session: each command is a PowerShell of its own, in the folder and with the
 * environment that the last one left. Its scripts are tested as text, its course with programs that stand in for
 * PowerShell; docs/platforms.md says that it has not run on Windows.
 */
export class WindowsExecutor implements Executor {
  private folder: PrivateFolder | undefined;
  private state: PowerShellState;
  private running: ChildProcess | undefined;

  constructor(private readonly options: WindowsExecutorOptions) {
    this.state = { folder: options.home, environment: options.env };
  }

  async prepare(): Promise<StepOutcome> {
    const homeless = homeProblem(this.options.home);
    if (homeless) return { ok: false, reason: `${homeless.found}; ${homeless.advice}` };
    try {
      this.folder = await createPrivateFolder(this.options.tempFolder);
      return { ok: true };
    } catch (error) {
      return { ok: false, reason: noFolder(this.options.tempFolder, error) };
    }
  }

  start(): Promise<StepOutcome> {
    return Promise.resolve({ ok: true });
  }

  /** A name that PowerShell would read otherwise is left out: that does not fail a job. */
  async exportVariables(variables: readonly JobVariable[]): Promise<number> {
    const { log } = this.options;
    log.commandStarted('Exporting environment variables');
    for (const { name } of variables) log.line(`Exporting ${name}\n`);
    const lines = variables
      .filter(({ name }) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      .map(({ name, value }) => exportLine(name, Buffer.from(value).toString()));
    const exitCode = lines.length === 0 ? 0 : await this.run(lines.join('\r\n'), () => undefined);
    log.commandFinished(exitCode);
    return exitCode;
  }

  injectFiles(files: readonly JobFile[]): Promise<number> {
    return injectFiles(files, this.options.home, this.options.log);
  }

  async runCommand({ directive, alias = '', shown, warning }: ExecutorCommand): Promise<number> {
    const { log } = this.options;
    log.commandStarted(alias === '' ? directive : alias);
    if (alias !== '') log.line(`Running: ${shown ?? directive}\n`);
    if (warning !== undefined) log.line(`Warning: ${warning}\n`);
    const exitCode = await this.run(directive, (bytes) => log.output(bytes));
    log.commandFinished(exitCode);
    return exitCode;
  }

  /** Windows knows a variable by its name in any case. */
  readVariable(name: string): Promise<string> {
    const entry = Object.entries(this.state.environment).find(([key]) => key.toUpperCase() === name.toUpperCase());
    return Promise.resolve(entry?.[1] ?? '');
  }

  /** The tree of the running command is ended as a whole; Windows has no way of asking it first. */
  async stop(): Promise<StopRung> {
    const child = this.running;
    if (child?.pid === undefined) return 'nothing-left';
    const gone = new Promise((resolve) => child.once('close', resolve));
    const { env } = this.options;
    await new Promise((resolve) => {
      execFile('taskkill', ['/PID', String(child.pid), '/T', '/F'], { env }, resolve);
    });
    child.kill('SIGKILL');
    await gone;
    return 'killed';
  }

  async cleanUp(): Promise<StopRung> {
    const rung = await this.stop();
    await this.folder?.remove();
    this.folder = undefined;
    return rung;
  }

  /** Resolves with the exit code; what the command left of folder and environment is there for the next one. */
  private async run(directive: string, onOutput: (bytes: Uint8Array) => void): Promise<number> {
    const { folder, options } = this;
    if (!folder) throw new Error('the job has no folder: prepare() comes first');
    const statePath = join(folder.path, 'state');
    try {
      const script = await folder.write('command.ps1', commandScript(directive, statePath));
      const exitCode = await this.exitCodeOf(powerShellCommand(script), onOutput);
      this.state = parseState(await readFile(statePath, 'utf8').catch(() => '')) ?? this.state;
      return exitCode;
    } catch (error) {
      options.log.line(`The command could not be run (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}).\n`);
      return NOT_RUN_EXIT_CODE;
    } finally {
      await rm(statePath, { force: true });
    }
  }

  private exitCodeOf(command: readonly string[], onOutput: (bytes: Uint8Array) => void): Promise<number> {
    const [file = '', ...args] = command;
    const { folder: cwd, environment: env } = this.state;
    const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    this.running = child;
    for (const stream of [child.stdout, child.stderr]) stream.on('data', onOutput);
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => {
        this.running = undefined;
        resolve(code ?? NOT_RUN_EXIT_CODE);
      });
    });
  }
}
