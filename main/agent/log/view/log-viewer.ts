import type { Wire } from '../../../../shared/contract/caller.ts';
import { type LogCommand, logContract } from '../../../../shared/contract/log.ts';
import { createResponder, type Handlers, type Responder } from '../../../../shared/contract/responder.ts';
import type { Clock, Timer } from '../../platform/clock.ts';
import type { EventFile } from '../event-file.ts';
import { readLines } from '../index/line-reader.ts';
import { textBetween } from '../index/log-text.ts';
import { createMatcher } from '../search/matcher.ts';
import { SearchThread, type StartThread } from '../search/search-thread.ts';
import { growthOf, openedLog, type ReadableLog, type StoredLog } from './readable-log.ts';

/** Between two messages of how a log grows: what one can see. In ms. */
const TELL_MS = 50;
/** What grows by more than that meanwhile nobody can read, and what shows it slows the job. In bytes, and in ms. */
const FAST_BYTES = 256 * 1024;
const FAST_TELL_MS = 200;

export interface LogViewerOptions {
  readonly clock: Clock;
  readonly startThread: StartThread;
  readonly newest: () => ReadableLog | undefined;
  readonly openStored: (job: string) => Promise<StoredLog | undefined>;
  /** Told when it has closed a log. */
  readonly onLeft: () => void;
}

/** A log while a window has it open. */
interface Shown {
  log: ReadableLog;
  readonly search: SearchThread;
  close(): void;
}

/** What one window sees of logs: one at a time. */
export class LogViewer {
  private readonly responder: Responder<typeof logContract>;
  private shown: Shown | undefined;
  private wantsNewest = false;
  private isClosed = false;
  /** What was asked to be shown before: a log that takes longer to open must not be shown over one that was asked for later. */
  private turn: Promise<unknown> = Promise.resolve();
  private changed = new Map<number, LogCommand>();
  private telling: Timer | undefined;
  /** Of the log when it was told last, and by how much it had grown. */
  private told = { bytes: 0, grownBy: 0 };

  constructor(
    wire: Wire,
    private readonly options: LogViewerOptions,
  ) {
    // A window of our own sends nothing else; what does not fit is passed over.
    this.responder = createResponder(logContract, wire, this.handlers(), () => undefined);
  }

  /** Another log is the newest. */
  newestChanged(): void {
    if (!this.wantsNewest) return;
    const shown = this.inTurn(() => this.show(this.options.newest()));
    void shown.then((opened) => opened && this.responder.emit('opened', opened));
  }

  /** The job of the newest log has ended. */
  newestEnded(log: ReadableLog): void {
    if (this.shown?.log.file !== log.file) return;
    this.shown.log = log;
    this.tellSoon();
  }

  shows(file: EventFile): boolean {
    return this.shown?.log.file === file;
  }

  close(): void {
    this.isClosed = true;
    this.leave();
  }

  /** Shows nothing. */
  private leave(): void {
    this.telling?.cancel();
    this.telling = undefined;
    this.shown?.close();
    this.shown = undefined;
    this.options.onLeft();
  }

  private handlers(): Handlers<typeof logContract> {
    return {
      requests: {
        open: ({ job }) => this.inTurn(() => this.open(job)),
        lines: async ({ from, count }) => ({
          from,
          lines: this.shown ? await readLines(this.shown.log, from, count) : [],
        }),
        search: async ({ query, near }) => {
          const matcher = createMatcher(query);
          if (typeof matcher === 'string') return { problem: matcher };
          this.shown?.search.search(query, near);
          return { problem: '' };
        },
        findMatch: async ({ from, direction }) => (await this.shown?.search.findMatch(from, direction)) ?? null,
        matchesIn: async ({ from, count }) => (await this.shown?.search.matchesIn(from, count)) ?? [],
        firstFailure: async () => this.firstFailure(),
        text: async ({ from, to }) => (this.shown ? textBetween(this.shown.log, from, to) : { text: '' }),
      },
      commands: {
        prepareSearch: () => this.shown?.search.prepare(),
        endSearch: () => this.shown?.search.endSearch(),
      },
    };
  }

  private inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.turn.then(act);
    this.turn = done.catch(() => undefined);
    return done;
  }

  private async open(job: string) {
    const newest = this.options.newest();
    this.wantsNewest = job === '';
    if (job === '' || newest?.job.id === job) return this.show(newest);
    const stored = await this.options.openStored(job);
    if (!stored) return this.show(undefined);
    const opened = await this.show(stored, () => void stored.close());
    void stored.completeIndex(() => this.tellSoon());
    return opened;
  }

  private async show(log: ReadableLog | undefined, onClose: () => void = () => undefined) {
    this.leave();
    this.changed.clear();
    if (!log || this.isClosed) {
      onClose();
      return null;
    }
    const { clock, startThread } = this.options;
    const search = new SearchThread(log, startThread, clock, (progress) => this.responder.emit('searched', progress));
    const forget = [
      log.file.onDidChange(() => this.tellSoon()),
      log.index.onDidChange((command) => {
        this.changed.set(command.number, command);
        this.tellSoon();
      }),
    ];
    const close = () => {
      for (const one of forget) one();
      search.close();
      onClose();
    };
    this.shown = { log, search, close };
    return openedLog(log);
  }

  private async firstFailure() {
    if (!this.shown) return null;
    const { log, search } = this.shown;
    const { commands, lines } = log.index;
    const failed = commands.find(({ end }) => end && end.exitCode !== 0);
    if (!failed) return null;
    const to = commands[failed.number + 1]?.firstLine ?? lines;
    const told = to > failed.firstLine ? await search.firstError(failed.firstLine, to) : null;
    return { command: failed.number, line: told?.line ?? Math.max(failed.firstLine, to - 1) };
  }

  private tellSoon(): void {
    const ms = this.told.grownBy > FAST_BYTES ? FAST_TELL_MS : TELL_MS;
    this.telling ??= this.options.clock.startTimer(ms, () => {
      this.telling = undefined;
      if (!this.shown) return;
      const { size } = this.shown.log.file;
      this.told = { bytes: size, grownBy: size - this.told.bytes };
      this.shown.search.grew();
      const commands = [...this.changed.values()];
      this.changed.clear();
      this.responder.emit('grew', { ...growthOf(this.shown.log), commands });
    });
  }
}
