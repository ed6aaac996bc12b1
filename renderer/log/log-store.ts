import { create } from 'zustand';
import type { LogCommand, LogGrowth, OpenedLog } from '../../shared/contract/log.ts';
import type { Folds } from './layout.ts';
import { LineCache } from './line-cache.ts';
import { logCaller, setLogCaller } from './log-caller.ts';
import type { LogCaller } from './log-port.ts';
import { useSearch } from './search-store.ts';

const OPEN_LIMIT_MS = 30_000;
/** So many lines at the end are read before the view shows that they are there: what one sees while it follows. */
const END_LINES = 100;

interface LogSlice {
  /** `waiting`: it has not been answered; `none`: there is no such log. */
  readonly state: 'waiting' | 'none' | 'open';
  readonly log: OpenedLog | undefined;
  readonly cache: LineCache | undefined;
  /** Counts changes of the cache. */
  readonly version: number;
  readonly folds: Folds;
  /** Says what is to be seen: the log of a job, or with an empty id the newest one. */
  show(job: string): void;
  fold(command: number, isOpen: boolean): void;
  foldAll(isOpen: boolean): void;
}

let job: string | undefined;
/** What has been told of the log and is not shown yet, because its last lines are on their way. */
let pending: (LogGrowth & { readonly commands: readonly LogCommand[] }) | undefined;
let isCatchingUp = false;

/** The log that the view shows. */
export const useLog = create<LogSlice>()((set, get) => ({
  state: 'waiting',
  log: undefined,
  cache: undefined,
  version: 0,
  folds: new Map(),
  show(wanted) {
    job = wanted;
    void open();
  },
  fold: (command, isOpen) => set(({ folds }) => ({ folds: new Map(folds).set(command, isOpen) })),
  foldAll(isOpen) {
    const commands = get().log?.commands ?? [];
    set({ folds: new Map(commands.map(({ number }) => [number, isOpen])) });
  },
}));

/** The way to the agent, which is another one after each start of it. */
export function connectLogStore(next: LogCaller): void {
  setLogCaller(next);
  next.on('opened', take);
  next.on('grew', grow);
  next.on('searched', (progress) => useSearch.getState().takeProgress(progress));
  void open();
}

async function open(): Promise<void> {
  const caller = logCaller();
  const wanted = job;
  if (!caller || wanted === undefined) return;
  const opened = await caller.request('open', { job: wanted }, OPEN_LIMIT_MS).catch(() => null);
  if (caller !== logCaller() || wanted !== job) return;
  if (opened) take(opened);
  else clear('none');
}

function clear(state: 'none' | 'waiting'): void {
  useLog.getState().cache?.close();
  useLog.setState({ state, log: undefined, cache: undefined, folds: new Map() });
}

function take(log: OpenedLog): void {
  const caller = logCaller();
  if (!caller) return;
  const before = useLog.getState();
  before.cache?.close();
  pending = undefined;
  const cache = new LineCache(caller, () => useLog.setState(({ version }) => ({ version: version + 1 })));
  const folds = before.log?.id === log.id ? before.folds : new Map();
  useLog.setState({ state: 'open', log, cache, folds });
  useSearch.getState().again();
}

function grow(growth: LogGrowth & { readonly commands: readonly LogCommand[] }): void {
  pending = pending ? { ...growth, commands: [...pending.commands, ...growth.commands] } : growth;
  if (!isCatchingUp) void catchUp();
}

/** One growth after another: its last lines are read first, so that who follows never sees an empty line. */
async function catchUp(): Promise<void> {
  isCatchingUp = true;
  while (pending) {
    const growth = pending;
    pending = undefined;
    const { cache, log } = useLog.getState();
    if (!cache || !log) break;
    cache.grewFrom(log.lines);
    const begin = Math.max(0, growth.lines - END_LINES);
    const reached =
      growth.indexedBytes === growth.bytes
        ? await cache.readEnd(begin, growth.lines).catch(() => growth.lines)
        : growth.lines;
    if (useLog.getState().cache !== cache) continue;
    const { commands, ...rest } = growth;
    useLog.setState(({ log: now, version }) => ({
      version: version + 1,
      log: now && {
        ...now,
        ...rest,
        lines: Math.max(now.lines, reached),
        commands: withCommands(now.commands, commands),
      },
    }));
  }
  isCatchingUp = false;
}

function withCommands(before: LogCommand[], news: readonly LogCommand[]): LogCommand[] {
  if (news.length === 0) return before;
  const commands = [...before];
  for (const command of news) commands[command.number] = command;
  return commands;
}
