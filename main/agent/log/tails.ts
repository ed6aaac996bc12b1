import { type AwaitedCommands, outputSize, type TailMessage, tailCreditSchema } from '../../../shared/contract/tail.ts';
import type { JobAbout } from '../../../shared/job-about.ts';
import type { Clock } from '../platform/clock.ts';
import type { EventFile } from './event-file.ts';
import type { LogIndex } from './index/log-index.ts';
import { TailReader } from './tail-reader.ts';

/** A window that takes nothing more must not keep the log of a job that has ended open. In ms. */
const PATIENCE_MS = 2_000;
/** A window that comes hears of so many commands, the newest. */
const KEPT_COMMANDS = 500;
/** Between two batches: what one can see, and few enough messages for a fast job. In ms. */
const BATCH_MS = 30;
/** The same where a part was passed over: nobody reads output that is so fast, and the window leaves the cores to the job. In ms. */
const FAST_BATCH_MS = 80;

/** The end of a port to a window. */
export interface TailPort {
  send(batch: readonly TailMessage[]): void;
  onMessage(receiver: (message: unknown) => void): void;
  onClose(receiver: () => void): void;
}

/** The log of a job, as long as it can be read. */
export interface LiveLog {
  readonly id: string;
  readonly name: string;
  readonly about?: JobAbout | undefined;
  /** ms since the Unix epoch. */
  readonly startedAt: number;
  readonly file: EventFile;
  readonly index: LogIndex;
}

/** One of which it is known what comes next. */
export interface TailedLog extends LiveLog {
  /** What is still to come, as it is now; undefined where nobody knows. Another object whenever it is something else. */
  readonly awaited: () => AwaitedCommands | undefined;
}

interface EndedLog {
  readonly messages: readonly TailMessage[];
}

/** Shows the log of the running job, or the end of the last one's, to every window that has a port. */
export class Tails {
  private readonly viewers = new Set<Viewer>();
  private live: TailedLog | undefined;
  private last: EndedLog | undefined;

  constructor(private readonly clock: Clock) {}

  /** A window wants to see. Until its port closes it gets every job. */
  add(port: TailPort): void {
    const viewer = new Viewer(port, this.clock);
    this.viewers.add(viewer);
    // One that is in the middle of a read is waited for like the others.
    port.onClose(() => void viewer.leave().then(() => this.viewers.delete(viewer)));
    if (this.live) viewer.follow(this.live);
    else if (this.last) port.send(this.last.messages);
  }

  /** A job's log is there. */
  begin(live: TailedLog): void {
    this.live = live;
    for (const viewer of this.viewers) viewer.follow(live);
  }

  /**
   * The log is closed and about to go. Resolves when no window reads it any more; never rejects. Its last part stays for
   * windows to come.
   */
  async end(live: TailedLog, result: string): Promise<void> {
    const ended: TailMessage = { kind: 'ended', result, at: this.clock.now() };
    await Promise.all([...this.viewers].map((viewer) => viewer.finish(live, ended)));
    const messages = await new TailReader(live.file, live.index).read();
    this.last = { messages: [...beginOf(live), ...awaitedBy(live), ...messages, ended] };
    if (this.live === live) this.live = undefined;
  }
}

function beginOf(live: TailedLog): TailMessage[] {
  const { id, name, startedAt, index } = live;
  const commands = index.commands.slice(-KEPT_COMMANDS).map((command): TailMessage => ({ kind: 'command', command }));
  return [{ kind: 'job', id, name, startedAt }, ...commands];
}

function awaitedBy(live: TailedLog): TailMessage[] {
  const awaited = live.awaited();
  return awaited ? [{ kind: 'awaited', ...awaited }] : [];
}

/** One window's way through one log after another. */
class Viewer {
  private credit = 0;
  private toldAwaited: AwaitedCommands | undefined;
  private gone = false;
  private wake: () => void = () => undefined;
  private current: { readonly live: TailedLog; stopped: boolean; done: Promise<void> } | undefined;

  constructor(
    private readonly port: TailPort,
    private readonly clock: Clock,
  ) {
    port.onMessage((message) => {
      const { data: grant } = tailCreditSchema.safeParse(message);
      this.credit += grant?.credit ?? 0;
      this.wake();
    });
  }

  follow(live: TailedLog): void {
    void this.stop();
    const current = { live, stopped: false, done: Promise.resolve() };
    this.current = current;
    current.done = this.run(live, () => current.stopped);
  }

  /** The window has gone. Resolves when nothing is read for it any more. */
  leave(): Promise<void> {
    this.gone = true;
    return this.stop();
  }

  private stop(): Promise<void> {
    if (this.current) this.current.stopped = true;
    this.wake();
    return this.current?.done ?? Promise.resolve();
  }

  /** Lets the window have the rest, within reason, then tells it how the job ended. */
  async finish(live: TailedLog, ended: TailMessage): Promise<void> {
    const { current } = this;
    if (current?.live !== live) return;
    const patience = this.clock.startTimer(PATIENCE_MS, () => void this.stop());
    await current.done;
    patience.cancel();
    if (!this.gone) this.port.send([...this.awaitedNews(live), ended]);
  }

  private async run(live: TailedLog, isStopped: () => boolean): Promise<void> {
    const { file, index } = live;
    const reader = new TailReader(file, index);
    let news: TailMessage[] = beginOf(live);
    const forgetIndex = index.onDidChange((command) => {
      news.push({ kind: 'command', command });
      this.wake();
    });
    const forgetFile = file.onDidChange(() => this.wake());
    while (!isStopped()) {
      const mayRead = this.credit > 0 && reader.isBehind;
      if (news.length > 0 || mayRead) {
        const batch = news;
        news = [];
        batch.push(...this.awaitedNews(live));
        if (mayRead) batch.push(...(await this.readOn(reader)));
        this.port.send(batch);
        await this.clock.sleep(batch.some(({ kind }) => kind === 'skipped') ? FAST_BATCH_MS : BATCH_MS);
      } else if (file.closed && !reader.isBehind) break;
      else await this.woken();
    }
    forgetIndex();
    forgetFile();
  }

  /** These go with what comes next by itself: a step that begins is told of by its command a moment later. */
  private awaitedNews(live: TailedLog): TailMessage[] {
    if (live.awaited() === this.toldAwaited) return [];
    this.toldAwaited = live.awaited();
    return awaitedBy(live);
  }

  private async readOn(reader: TailReader): Promise<readonly TailMessage[]> {
    const messages = await reader.read();
    this.credit -= outputSize(messages);
    return messages;
  }

  private woken(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }
}
