import { existsSync, lstatSync, mkdirSync, renameSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import electronLog from 'electron-log/node';
import { releaseLock, takeLock } from './lock-file.ts';
import type { Processes } from './processes.ts';

/** Of `SEMAPHORE_AGENT_LOG_LEVEL`, the least important first. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'warning', 'error', 'fatal', 'panic'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Three files of this size, in bytes, are all that is kept. */
const FILE_BYTES = 10 * 1024 * 1024;
const OLD_FILES = 2;
/** So many agents of one temp folder can log side by side. */
const MOST_FILES = 16;

/** The agent's own log: for its owner, about the agent. Never a token, a variable's value or a job request. */
export interface AgentLog {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
  /** Every line names the agent, once the agent has a name. */
  setName(name: string): void;
  /** Where the lines are kept; undefined if nowhere. */
  readonly path: string | undefined;
  /** Gives the file to the next agent. */
  close(): void;
}

export interface AgentLogOptions {
  readonly level: LogLevel;
  /** The wanted file; another one beside it where that is taken. */
  readonly path: string;
  readonly processes: Processes;
  /** Also to standard output. */
  readonly toConsole: boolean;
  /** Gets every line that is logged. */
  readonly onLine?: (line: string) => void;
}

interface LoggedMessage {
  readonly date: Date;
  readonly data: unknown[];
}

/** Opens the log. A file that cannot be had is no reason not to run: then the lines go to standard output only. */
export function openAgentLog(options: AgentLogOptions): AgentLog {
  const logger = electronLog.create({ logId: 'agent' });
  const path = choosePath(options);
  let name = '';
  const level = electronLogLevel(options.level);
  const format = ({ message }: { message: LoggedMessage }) => [
    `${[message.date.toISOString(), name].filter(Boolean).join(' ')} : ${oneLine(String(message.data[0]))}`,
  ];
  const { onLine } = options;
  if (onLine) {
    const tell = (message: LoggedMessage) => onLine(format({ message })[0] ?? '');
    logger.transports.recent = Object.assign(tell, { level, transforms: [] });
  }
  logger.transports.console.level = options.toConsole ? level : false;
  logger.transports.console.format = format;
  logger.transports.console.writeFn = ({ message }) => process.stdout.write(`${String(message.data[0])}\n`);
  logger.transports.file.level = path === undefined ? false : level;
  logger.transports.file.format = format;
  logger.transports.file.maxSize = FILE_BYTES;
  logger.transports.file.writeOptions = { flag: 'a', mode: 0o600, encoding: 'utf8' };
  logger.transports.file.resolvePathFn = () => path ?? '';
  logger.transports.file.archiveLogFn = ({ path: full }) => rotate(full);
  return {
    debug: (message) => logger.debug(message),
    info: (message) => logger.info(message),
    warn: (message) => logger.warn(message),
    error: (message) => logger.error(message),
    setName(newName) {
      name = newName;
    },
    path,
    close() {
      if (path !== undefined) releaseLock(`${path}.lock`);
    },
  };
}

/** The first of `path`, `path.2`, … that is nobody else's: no symbolic link, no other user's file, no living agent's. */
function choosePath({ path, processes }: AgentLogOptions): string | undefined {
  for (let n = 1; n <= MOST_FILES; n += 1) {
    const candidate = n === 1 ? path : `${path}.${n}`;
    try {
      // The reference agent makes the folder too.
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      if (isOurs(candidate) && isOurs(`${candidate}.lock`) && takeLock(`${candidate}.lock`, processes))
        return candidate;
    } catch {
      // A folder that cannot be written: the next name does not help, but costs nothing.
    }
  }
  return undefined;
}

/** True for a regular file of this user's, and for nothing at all. */
function isOurs(path: string): boolean {
  try {
    const found = lstatSync(path);
    return found.isFile() && (process.platform === 'win32' || found.uid === userInfo().uid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

function rotate(path: string): void {
  for (let n = OLD_FILES; n >= 1; n -= 1) {
    const from = n === 1 ? path : `${path}.old${n - 1}`;
    if (existsSync(from)) renameSync(from, `${path}.old${n}`);
  }
}

/** A hub's text must neither begin a line that looks like one of ours nor steer the terminal. */
function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is taken out
  return text.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029]/g, (character) => JSON.stringify(character).slice(1, -1));
}

function electronLogLevel(level: LogLevel): 'silly' | 'debug' | 'info' | 'warn' | 'error' {
  if (level === 'trace') return 'silly';
  if (level === 'warning') return 'warn';
  return level === 'fatal' || level === 'panic' ? 'error' : level;
}
