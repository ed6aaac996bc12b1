import type { ExecutorCommand, StepOutcome } from '../executor/executor.ts';
import type { JobVariable } from '../job/variables.ts';
import type { JobLog } from '../log/job-log.ts';
import type { Clock } from '../platform/clock.ts';
import type { Random } from '../platform/random.ts';
import { BashSession, type CommandEnd } from './bash-session.ts';
import type { ByteSession } from './byte-session.ts';
import { type ExportedVariable, exportLines, largestFirst } from './export-lines.ts';
import { printVariable, quote } from './marks.ts';

/** Above this many bytes that are not yet in the log's file, the terminal's writers have to wait. */
const HIGH_WATER_BYTES = 4 * 1024 * 1024;

/** The file with the script of a command: there is one at a time. */
export const SCRIPT_NAME = 'command';

/** What a command is worth whose shell is gone (recorded from the reference agent), or that never got there. */
const NOT_RUN_EXIT_CODE = 1;

/** What differs between a local terminal, a container's and a pod's. */
export interface ShellPlace {
  /** Opens a terminal with the holder on it, and ends what is left of the one before. Rejects with a reason for the agent's log. */
  open(shell: { readonly profile: boolean }): Promise<ByteSession>;
  /** Writes a file for the session's bash, readable by its owner only, and tells its path there. */
  placeFile(name: string, content: string | Uint8Array): Promise<string>;
  /** False where sessions begin elsewhere than in the home directory: where the place itself says. */
  readonly beginsAtHome?: boolean;
  /** Why a terminal was lost that nobody here has closed, in a line for the job's log. */
  explainLoss?(): Promise<string>;
  /** What else there is to say of a command, or of a shell, that ended with this status, in a line for the job's log. */
  explainExit?(status: number): Promise<string | undefined>;
}

export interface JobShellOptions {
  readonly place: ShellPlace;
  readonly log: JobLog;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * A job's shell, as every executor has it: one session, its variables, and what of it the job's log shows. A session that is
 * over is replaced before the next command by a new one with the variables exported so far.
 */
export class JobShell {
  private session: BashSession | undefined;
  private terminal: ByteSession | undefined;
  /** Whether bash reads the user's profile. */
  private profile = true;
  private readonly exported = new Map<string, Uint8Array>();

  constructor(private readonly options: JobShellOptions) {}

  /** Resolves when no session is alive and all that the last one had printed is in the log. */
  async ended(): Promise<void> {
    await this.session?.ended;
  }

  /** Process ids of what the session itself consists of, as its own side sees them; none where it is not ready. */
  get shellPids(): readonly number[] {
    return this.session?.shellPids ?? [];
  }

  /** Ids of the session's user and group, as its own side sees them; root's where it is not ready. */
  get user(): { readonly uid: number; readonly gid: number } {
    return this.session?.user ?? { uid: 0, gid: 0 };
  }

  /** Starts a session, or does nothing where one is alive. A profile that starts another shell is left out the second time. */
  async start(): Promise<StepOutcome> {
    if (this.session?.alive) return { ok: true };
    const started = await this.open(this.profile);
    if (started.kind !== 'unresponsive') return started.outcome;
    this.profile = false;
    return (await this.open(false)).outcome;
  }

  private async open(profile: boolean): Promise<{ readonly kind: string; readonly outcome: StepOutcome }> {
    const { place, clock, random } = this.options;
    try {
      this.terminal = await place.open({ profile });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { kind: 'not-opened', outcome: { ok: false, reason } };
    }
    const placeScript = (text: string) => place.placeFile(SCRIPT_NAME, text);
    this.session = new BashSession({
      terminal: this.terminal,
      placeScript,
      clock,
      random,
      beginsAtHome: place.beginsAtHome ?? true,
    });
    const started = await this.session.start();
    if (started !== 'ready')
      return { kind: started.kind, outcome: { ok: false, reason: await this.whyNotReady(started) } };
    const sourced = this.exported.size === 0 || (await this.source([...this.exported])) !== undefined;
    return { kind: 'ready', outcome: sourced ? { ok: true } : EXPORT_FAILED };
  }

  private async whyNotReady({ kind }: CommandEnd): Promise<string> {
    const why = kind === 'lost' ? await this.options.place.explainLoss?.() : undefined;
    return why ?? 'bash ended before it was ready';
  }

  /** Exports variables as the log shows it, and remembers them for sessions to come. Resolves with an exit code. */
  async exportVariables(variables: readonly JobVariable[]): Promise<number> {
    const { log } = this.options;
    log.commandStarted('Exporting environment variables');
    for (const { name } of variables) log.line(`Exporting ${name}\n`);
    const entries = variables.map(({ name, value }): ExportedVariable => [name, value]);
    const started = await this.start();
    const tooLarge = started.ok ? await this.source(entries) : undefined;
    for (const [name, value] of entries) this.exported.set(name, value);
    for (const name of tooLarge ?? []) log.line(`${name} is too large for programs: only bash itself sees it\n`);
    const exitCode = tooLarge === undefined ? NOT_RUN_EXIT_CODE : 0;
    log.commandFinished(exitCode);
    return exitCode;
  }

  /** Runs a command as the log shows it. Resolves with its exit code. */
  async runCommand(command: ExecutorCommand): Promise<number> {
    const { log } = this.options;
    const alias = command.alias ?? '';
    log.commandStarted(alias === '' ? command.directive : alias);
    if (alias !== '') log.line(`Running: ${command.shown ?? command.directive}\n`);
    if (command.warning !== undefined) log.line(`Warning: ${command.warning}\n`);
    const end = await this.endOf(command.directive, (bytes) => this.logOutput(bytes));
    const exitCode = exitCodeOf(end);
    const status = end?.kind === 'shell-gone' ? end.status : exitCode;
    const why = status === 0 ? undefined : await this.options.place.explainExit?.(status);
    if (why !== undefined) log.line(`${why}\n`);
    log.commandFinished(exitCode);
    return exitCode;
  }

  /** The value of a variable in the shell, without the end of its last line. Nothing of it is logged. */
  readVariable(name: string): Promise<string> {
    return this.readOutput(printVariable(name));
  }

  /** What a script of ours prints, without the end of its last line. Nothing of it is logged. */
  async readOutput(script: string): Promise<string> {
    const chunks: Buffer[] = [];
    await this.endOf(script, (bytes) => chunks.push(Buffer.from(bytes)));
    return Buffer.concat(chunks).toString().replaceAll('\r\n', '\n').replace(/\n$/, '');
  }

  /** Runs a script of ours, of which the log shows nothing. Resolves with its exit code. */
  async runQuietly(script: string): Promise<number> {
    return exitCodeOf(await this.endOf(script, () => undefined));
  }

  /** Resolves with undefined where there is no session to run it in. */
  private async endOf(directive: string, onOutput: (bytes: Uint8Array) => void): Promise<CommandEnd | undefined> {
    const started = await this.start();
    if (!started.ok || !this.session) return undefined;
    await this.heldBack(this.session);
    const end = await this.session.run(directive, onOutput);
    if (end.kind === 'not-placed')
      this.options.log.line(`The command could not be written for bash (${end.reason}).\n`);
    if (end.kind === 'lost') await this.tellLoss();
    return end;
  }

  private async tellLoss(): Promise<void> {
    const why = await this.options.place.explainLoss?.();
    if (why !== undefined) this.options.log.line(`${why}\n`);
  }

  /** The end of a command may come in one piece with what made the terminal pause. What is typed then has no answer yet. */
  private async heldBack({ ended }: BashSession): Promise<void> {
    const { log } = this.options;
    if (log.backlog > HIGH_WATER_BYTES) await Promise.race([log.drained(), ended]);
  }

  /** Hands output to the log and holds the terminal back while the disk cannot keep up. */
  private logOutput(bytes: Uint8Array): void {
    const { log } = this.options;
    log.output(bytes);
    if (log.backlog <= HIGH_WATER_BYTES) return;
    const terminal = this.terminal;
    terminal?.pause();
    void log.drained().then(() => terminal?.resume());
  }

  /** Resolves with the names of those that programs do not get when bash has taken the variables, undefined when it has not. */
  private async source(variables: readonly ExportedVariable[]): Promise<readonly string[] | undefined> {
    if (variables.length === 0) return [];
    const path = await this.options.place.placeFile('variables', exportLines(variables)).catch(() => undefined);
    if (path === undefined) return undefined;
    const end = await this.session?.run(`. ${quote(path)}`, () => undefined);
    return end?.kind === 'exited' ? largestFirst(variables).slice(0, end.exitCode) : undefined;
  }
}

function exitCodeOf(end: CommandEnd | undefined): number {
  return end?.kind === 'exited' || end?.kind === 'interrupted' ? end.exitCode : NOT_RUN_EXIT_CODE;
}

const EXPORT_FAILED: StepOutcome = { ok: false, reason: 'bash ended while its variables were exported' };
