import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { stateFolder } from '../agent/platform/folders.ts';

/** What a socket's path may have at most: 104 bytes with its end on macOS, 108 on Linux. */
const LONGEST_PATH = 103;
/** `/<process id>.sock`. */
const LONGEST_NAME = 16;
const WINDOWS_PIPES = '\\\\.\\pipe\\';

/** Where agents of this user can be talked to: each process has a place of its own. */
export interface ControlPlace {
  /** Where this process listens. Throws where no other user can be kept out. */
  own(): string;
  /** Where processes of this user listen, or did before they were killed. */
  all(): readonly string[];
}

/** Sockets in a folder of the user's own (0700); on Windows named pipes, which only their creator can write to. */
export function controlPlace(env: Readonly<Record<string, string | undefined>>): ControlPlace {
  return process.platform === 'win32' ? pipePlace() : folderPlace(shortEnough(join(stateFolder(env), 'control')));
}

/** A home directory whose name is too long for a socket has its own folder where names are short. */
function shortEnough(folder: string): string {
  if (Buffer.byteLength(folder) + LONGEST_NAME <= LONGEST_PATH) return folder;
  return join(
    '/tmp',
    `signalbox-${process.getuid?.()}-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`,
  );
}

function folderPlace(folder: string): ControlPlace {
  return {
    own() {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      if (!isOurs(folder)) throw new Error(`${folder} belongs to another user`);
      chmodSync(folder, 0o700);
      return join(folder, `${process.pid}.sock`);
    },
    all: () => (isOurs(folder) ? entries(folder).map((name) => join(folder, name)) : []),
  };
}

/** Nobody else can have put anything into it. */
function isOurs(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return found?.isDirectory() === true && found.uid === process.getuid?.();
}

/** One name for all processes of one user; pipes have no folders. */
function pipePlace(): ControlPlace {
  const prefix = `signalbox-${createHash('sha256').update(homedir()).digest('hex').slice(0, 16)}-`;
  return {
    own: () => `${WINDOWS_PIPES}${prefix}${process.pid}`,
    all: () =>
      entries(WINDOWS_PIPES)
        .filter((name) => name.startsWith(prefix))
        .map((name) => `${WINDOWS_PIPES}${name}`),
  };
}

function entries(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // No agent of this user has run yet.
    return [];
  }
}
