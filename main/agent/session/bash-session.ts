import { startAwakeLimit } from '../platform/awake-limit.ts';
import type { Clock, Timer } from '../platform/clock.ts';
import type { Random } from '../platform/random.ts';
import type { ByteSession } from './byte-session.ts';
import { MarkScanner } from './mark-scanner.ts';
import { commandScript, createNonce, type Mark, readyLine, runLines } from './marks.ts';

/** How a command ended. Behind `shell-gone`, `lost` and `unresponsive` the session is over. */
export type CommandEnd =
  | { readonly kind: 'exited'; readonly exitCode: number }
  /** Its program died of SIGINT, and bash gave the rest of the command up. */
  | { readonly kind: 'interrupted'; readonly exitCode: number }
  /** The shell itself ended. `status`: what its parent saw. */
  | { readonly kind: 'shell-gone'; readonly status: number }
  /** The stream ended without a word: never a success. */
  | { readonly kind: 'lost' }
  /** Bash did not answer: something else reads what is typed. */
  | { readonly kind: 'unresponsive' }
  /** Its script could not be written, on a full disk for instance; the session goes on. */
  | { readonly kind: 'not-placed'; readonly reason: string };

/** Puts a script where the session's bash can read it, by its owner only, and tells the path it has there. */
export type PlaceScript = (text: string) => Promise<string>;

/** A profile that reads its input swallows what was typed for the shell: it is typed again. All in ms. */
const TYPE_AGAIN_MS = 2_000;
/** What takes longer than this is no profile any more, but another shell that it started. */
const READY_LIMIT_MS = 20_000;
/** From the typed line to the begin of the command: bash is at its prompt, so it takes a millisecond. */
const BEGIN_LIMIT_MS = 10_000;

export interface BashSessionOptions {
  readonly terminal: ByteSession;
  readonly clock: Clock;
  readonly placeScript: PlaceScript;
  readonly random: Random;
  /** Else it begins where its terminal's holder is. */
  readonly beginsAtHome: boolean;
}

interface RunningCommand {
  readonly nonce: string;
  readonly onOutput: (bytes: Uint8Array) => void;
  readonly finish: (end: CommandEnd) => void;
  begun: boolean;
  limit: Timer;
}

/**
 * One login shell on a terminal, fed with commands one after another. Between a command's end and the next one's begin
 * nothing is output: there stand prompts, echoes and notices. One command at a time; `start` comes first, once.
 */
export class BashSession {
  private readonly scanner: MarkScanner;
  private readonly lastNonce: string;
  private command: RunningCommand | undefined;
  private ready: { readonly nonce: string; readonly finish: (end: CommandEnd | 'ready') => void } | undefined;
  private over: CommandEnd | undefined;
  private pids: readonly number[] = [];
  private owner = { uid: 0, gid: 0 };
  private announceEnd: () => void = () => undefined;
  /** Resolves when the shell is gone and all that it had printed was handed out. */
  readonly ended = new Promise<void>((resolve) => {
    this.announceEnd = resolve;
  });

  constructor(private readonly options: BashSessionOptions) {
    this.lastNonce = createNonce(options.random);
    this.scanner = new MarkScanner({
      onOutput: (bytes) => this.command?.begun && this.command.onOutput(bytes),
      onMark: (mark) => this.onMark(mark),
    });
    options.terminal.onBytes((bytes) => this.scanner.push(bytes));
    void options.terminal.closed.then(() => {
      this.scanner.end();
      this.end({ kind: 'lost' });
    });
  }

  /** False once the shell is gone: from then on every command ends as the shell did. */
  get alive(): boolean {
    return this.over === undefined;
  }

  /** Process ids of bash and of the holder's part above it, as the terminal's side sees them; none until it is ready. */
  get shellPids(): readonly number[] {
    return this.pids;
  }

  /** Ids of its user and group, there; root's until it is ready. */
  get user(): { readonly uid: number; readonly gid: number } {
    return this.owner;
  }

  /** Resolves when bash has read its profile and waits for commands, or with how it ended before that. */
  start(): Promise<CommandEnd | 'ready'> {
    const nonce = createNonce(this.options.random);
    this.scanner.expect([nonce, this.lastNonce]);
    const { terminal, clock } = this.options;
    const limit = startAwakeLimit(clock, READY_LIMIT_MS, () => this.giveUp());
    const ready = new Promise<CommandEnd | 'ready'>((resolve) => {
      if (this.over) resolve(this.over);
      else this.ready = { nonce, finish: resolve };
    });
    terminal.write(`${this.lastNonce}\n${readyLine(nonce, this.options)}`);
    const again = this.typeAgain(nonce);
    return ready.finally(() => {
      limit.cancel();
      again.abort();
    });
  }

  private typeAgain(nonce: string): AbortController {
    const stop = new AbortController();
    const { terminal, clock } = this.options;
    const loop = async () => {
      for (;;) {
        await clock.sleep(TYPE_AGAIN_MS, stop.signal);
        if (stop.signal.aborted) return;
        terminal.write(readyLine(nonce, this.options));
      }
    };
    void loop();
    return stop;
  }

  /** Runs one command. Its output comes to `onOutput` as bytes, before the promise resolves with its end. */
  async run(directive: string, onOutput: (bytes: Uint8Array) => void): Promise<CommandEnd> {
    if (this.over) return this.over;
    const nonce = createNonce(this.options.random);
    const placed = await this.place(commandScript(nonce, directive));
    if (typeof placed !== 'string') return placed;
    return new Promise((resolve) => {
      if (this.over) return resolve(this.over);
      this.scanner.expect([nonce, this.lastNonce]);
      const limit = startAwakeLimit(this.options.clock, BEGIN_LIMIT_MS, () => this.giveUp());
      this.command = { nonce, onOutput, finish: resolve, begun: false, limit };
      this.options.terminal.write(runLines(nonce, placed));
    });
  }

  private async place(script: string): Promise<string | CommandEnd> {
    try {
      return await this.options.placeScript(script);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      return { kind: 'not-placed', reason: code ?? message };
    }
  }

  private onMark(mark: Mark): void {
    if (mark.nonce === this.lastNonce) {
      if (mark.kind === 'X') this.end({ kind: 'shell-gone', status: mark.fields[0] ?? 0 });
    } else if (mark.nonce === this.ready?.nonce) {
      this.pids = mark.fields.slice(0, 2);
      const [uid = 0, gid = 0] = mark.fields.slice(2);
      this.owner = { uid, gid };
      this.ready.finish('ready');
      this.ready = undefined;
    } else if (mark.nonce === this.command?.nonce) {
      this.onCommandMark(this.command, mark);
    }
  }

  private onCommandMark(command: RunningCommand, mark: Mark): void {
    const [exitCode = 0, shell] = mark.fields;
    if (mark.kind === 'B') {
      command.begun = true;
      command.limit.cancel();
    } else if (!command.begun) {
      // Ended without a begin: a job that redefines `.` must not pass without having run.
      if (mark.kind === 'E') this.giveUp();
    } else if (mark.kind === 'E') this.finish({ kind: 'exited', exitCode });
    else if (mark.kind === 'P' && shell === this.pids[0]) this.finish({ kind: 'interrupted', exitCode });
  }

  private finish(end: CommandEnd): void {
    const command = this.command;
    this.command = undefined;
    command?.limit.cancel();
    command?.finish(end);
  }

  private giveUp(): void {
    this.end({ kind: 'unresponsive' });
    this.options.terminal.kill();
  }

  private end(how: CommandEnd): void {
    if (this.over) return;
    this.over = how;
    this.ready?.finish(how);
    this.ready = undefined;
    this.finish(how);
    this.announceEnd();
  }
}
