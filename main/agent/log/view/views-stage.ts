import { tmpdir } from 'node:os';
import { type Caller, createCaller, type Wire } from '../../../../shared/contract/caller.ts';
import type { Envelope } from '../../../../shared/contract/contract.ts';
import { logContract } from '../../../../shared/contract/log.ts';
import { createResponder } from '../../../../shared/contract/responder.ts';
import type { Clock } from '../../platform/clock.ts';
import { systemClock } from '../../platform/clock.ts';
import { createPrivateFolder, type PrivateFolder } from '../../platform/private-folder.ts';
import { EventFile } from '../event-file.ts';
import { EventLog } from '../event-log.ts';
import { LogIndex } from '../index/log-index.ts';
import { readDescriptor } from '../search/read-descriptor.ts';
import { searchContract } from '../search/search-contract.ts';
import { createSearchSession } from '../search/search-session.ts';
import type { StartThread } from '../search/search-thread.ts';
import type { LiveLog } from '../tails.ts';
import { LogViews, type LogViewsOptions } from './log-views.ts';

/** What the job of a stage says of itself. */
export const ABOUT = {
  project: 'web-frontend',
  ref: 'main',
  commit: '4f2c1e9',
  pipeline: '',
  organizationUrl: '',
  executor: 'shell',
} as const;

/** A window's end of its way to the logs. */
export type LogWindow = Caller<typeof logContract>;

/** How long an answer may take, in ms. */
export const LIMIT = 10_000;

/** The log of job `j1` in a folder of its own, and windows that read logs. Once a test: `open`, then `close`. */
export class ViewsStage {
  private own: { folder: PrivateFolder; file: EventFile; log: EventLog; live: LiveLog; views: LogViews } | undefined;

  async open(): Promise<void> {
    const folder = await createPrivateFolder(tmpdir());
    const file = await EventFile.create(folder.path, () => undefined);
    const index = new LogIndex();
    const log = new EventLog(file, systemClock, { index });
    const live = { id: 'j1', name: 'Unit tests', about: ABOUT, startedAt: 1, file, index };
    this.own = { folder, file, log, live, views: viewsWith({}) };
  }

  async close(): Promise<void> {
    this.views.close();
    await this.log.close();
    await this.file.release();
    await this.folder.remove();
  }

  get folder(): PrivateFolder {
    return this.opened.folder;
  }

  get file(): EventFile {
    return this.opened.file;
  }

  get log(): EventLog {
    return this.opened.log;
  }

  get live(): LiveLog {
    return this.opened.live;
  }

  get views(): LogViews {
    return this.opened.views;
  }

  /** From now on windows are shown logs by this clock, and those that are kept are found so. */
  show(options: { readonly clock?: Clock; readonly findStored?: LogViewsOptions['findStored'] }): void {
    this.opened.views = viewsWith(options);
  }

  /** The log of another job, as if it ran. */
  async another(id: string): Promise<LiveLog> {
    const { path } = await createPrivateFolder(this.folder.path);
    return { ...this.live, id, file: await EventFile.create(path, () => undefined) };
  }

  openWindow(): { readonly window: LogWindow; readonly leave: () => void } {
    const [near, far, close] = wires();
    this.views.add(far);
    const startTimer = (ms: number, callback: () => void) => {
      const timer = systemClock.startTimer(ms, callback);
      return () => timer.cancel();
    };
    return { window: createCaller(logContract, near, startTimer), leave: close };
  }

  /** Output of the running command: a line for each of these numbers, `to` excluded. */
  write(from: number, to: number): void {
    for (let n = from; n < to; n += 1) this.log.output(Buffer.from(`line ${n}\r\n`));
  }

  private get opened() {
    if (!this.own) throw new Error('open() comes first');
    return this.own;
  }
}

/** The texts of lines that a window gets. */
export async function texts(window: LogWindow, from: number, count: number): Promise<readonly string[]> {
  const { lines } = await window.request('lines', { from, count }, LIMIT);
  return lines.map(({ text }) => text);
}

function viewsWith({ clock = systemClock, findStored = async () => undefined }: Partial<LogViewsOptions>): LogViews {
  return new LogViews({ clock, startThread: threadHere, findStored });
}

/** Two ends of a wire that copies as processes do. */
function wires(): readonly [Wire, Wire, close: () => void] {
  const receivers: ((message: unknown) => void)[] = [];
  const closers: (() => void)[] = [];
  const end = (own: number): Wire => ({
    send: (envelope: Envelope) =>
      void Promise.resolve(structuredClone(envelope)).then((copy) => receivers[1 - own]?.(copy)),
    onMessage(receiver) {
      receivers[own] = receiver;
    },
    onClose: (receiver) => void closers.push(receiver),
  });
  return [end(0), end(1), () => closers.forEach((close) => void close())];
}

/** What the thread of a search does, without a thread: it reads the same file. */
const threadHere: StartThread = () => {
  const [near, far, close] = wires();
  const responder = createResponder(
    searchContract,
    far,
    createSearchSession({
      readAt: readDescriptor,
      onProgress: (progress) => responder.emit('searched', progress),
      onAlive: () => responder.emit('alive', null),
    }),
    () => undefined,
  );
  return { wire: near, end: close };
};
