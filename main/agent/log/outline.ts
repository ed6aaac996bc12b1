import type { TailCommand } from '../../../shared/contract/tail.ts';

/** So many commands are kept, the newest: a job may have any number of them. */
const KEPT = 500;
/** A directive may be a whole script; people know it by its begin. In characters. */
const DIRECTIVE_LIMIT = 500;

/** The commands of one job's log, with times finer than the log's own seconds, and where in the file each begins. */
export class LogOutline {
  private readonly kept: { command: TailCommand; readonly offset: number }[] = [];
  private readonly watchers = new Set<(command: TailCommand) => void>();
  private count = 0;

  /** The newest commands, in their order. */
  get commands(): readonly TailCommand[] {
    return this.kept.map(({ command }) => command);
  }

  /** A command begins. `at`: ms since the Unix epoch; `offset`: of its first event, in bytes. */
  started(directive: string, at: number, offset: number): void {
    const command = { number: this.count, directive: directive.slice(0, DIRECTIVE_LIMIT), startedAt: at };
    this.count += 1;
    this.kept.push({ command, offset });
    if (this.kept.length > KEPT) this.kept.shift();
    this.tell(command);
  }

  /** The command that was started last has ended. */
  finished(exitCode: number, at: number): void {
    const last = this.kept.at(-1);
    if (!last || last.command.end) return;
    last.command = { ...last.command, end: { exitCode, at } };
    this.tell(last.command);
  }

  /** The number of the command to which the byte at an offset belongs; -1 before the first one. */
  numberAt(offset: number): number {
    for (let n = this.kept.length - 1; n >= 0; n -= 1) {
      const one = this.kept[n];
      if (one && one.offset <= offset) return one.command.number;
    }
    return (this.kept[0]?.command.number ?? 0) - 1;
  }

  /** Calls `watcher` with every command that begins or ends, until the function that it returns is called. */
  onDidChange(watcher: (command: TailCommand) => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  private tell(command: TailCommand): void {
    for (const watcher of [...this.watchers]) watcher(command);
  }
}
