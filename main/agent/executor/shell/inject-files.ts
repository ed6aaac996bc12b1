import { chmod, mkdir, open, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, sep } from 'node:path';
import type { JobFile } from '../../job/job-request.ts';
import { decodeBase64 } from '../../job/variables.ts';
import type { JobLog } from '../../log/job-log.ts';

/**
 * Writes a job's files on this machine, as the log shows it. Absolute paths as they are, `~/x` and relative ones in the home
 * directory; parents are made with 0750. Stops at the first failure, which is one output line. Resolves with an exit code.
 */
export async function injectFiles(files: readonly JobFile[], home: string, log: JobLog): Promise<number> {
  log.commandStarted('Injecting Files');
  const problem = await firstProblem(files, home, log);
  if (problem !== undefined) log.line(`${problem}\n`);
  const exitCode = problem === undefined ? 0 : 1;
  log.commandFinished(exitCode);
  return exitCode;
}

async function firstProblem(files: readonly JobFile[], home: string, log: JobLog): Promise<string | undefined> {
  for (const file of files) {
    const path = placeOf(file.path, home);
    log.line(`Injecting ${path} with file mode ${file.mode}\n`);
    const problem = await injectFile(file, path);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Where a file goes: only relative paths are tidied up. Source: the reference agent, `File.NormalizePath`. */
function placeOf(path: string, home: string): string {
  if (path === '~' || path.startsWith('~/')) return home + path.slice(1);
  return isAbsolute(path) ? path : withoutLastSlash(join(home, path));
}

/** The folder of a file, tidied up: `/a//b/../c` lies in `/a`. */
function folderOf(path: string): string {
  return withoutLastSlash(normalize(path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf(sep)) + 1)));
}

function withoutLastSlash(path: string): string {
  return path.length > 1 && path.endsWith(sep) ? path.slice(0, -1) : path;
}

/** Writes one file and closes it, so that it can be run at once. Resolves with what went wrong, in a line. */
async function injectFile(file: JobFile, path: string): Promise<string | undefined> {
  const content = decodeBase64(file.content);
  if (!content) return 'Failed to decode the content of the file.';
  const parent = folderOf(path);
  const made = await makeParent(parent);
  if (made) return `Failed to create directory '${parent}': ${made}`;
  const written = path.includes('\0')
    ? `open ${path}: invalid argument`
    : await attempt(() => writeClosed(path, content));
  if (written) return `Failed to create destination path '${path}': ${written}`;
  if (!isMode(file.mode)) return `bad file permission '${file.mode}'`;
  const changed = await attempt(() => chmod(path, Number.parseInt(file.mode, 8) & 0o777));
  return changed && `Failed to set file mode '${file.mode}' for '${path}': ${changed}`;
}

/** An octal number of 32 bits. */
function isMode(mode: string): boolean {
  return /^[0-7]+$/.test(mode) && Number.parseInt(mode, 8) <= 0xffff_ffff;
}

/**
 * Makes a folder and those above it; resolves with what stands in the way. Step by step: with `recursive` Node names the wrong
 * folder of two, and never comes back from one that cannot be made although its parent is there (`/proc/none`).
 */
async function makeParent(folder: string): Promise<string | undefined> {
  const found = await stat(folder).catch(() => undefined);
  if (found) return found.isDirectory() ? undefined : `mkdir ${folder}: ${REASONS.ENOTDIR}`;
  const above = folder === dirname(folder) ? undefined : await makeParent(dirname(folder));
  return above ?? attempt(() => mkdir(folder, { mode: 0o750 }));
}

/** A new file is its owner's alone until its mode is set. */
async function writeClosed(path: string, content: Uint8Array): Promise<void> {
  const handle = await open(path, 'w', 0o600);
  try {
    await handle.writeFile(content);
  } finally {
    await handle.close();
  }
}

/** Runs a step and tells its failure as the reference agent's log does: call, path, reason. */
async function attempt(step: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await step();
    return undefined;
  } catch (error) {
    const { code, syscall = 'write', path = '' } = error as NodeJS.ErrnoException;
    return `${[syscall, path].filter(Boolean).join(' ')}: ${REASONS[code ?? ''] ?? code ?? 'failed'}`;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EDQUOT: 'disk quota exceeded',
  EEXIST: 'file exists',
  EISDIR: 'is a directory',
  ELOOP: 'too many levels of symbolic links',
  ENAMETOOLONG: 'file name too long',
  ENOENT: 'no such file or directory',
  ENOSPC: 'no space left on device',
  ENOTDIR: 'not a directory',
  EPERM: 'operation not permitted',
  EROFS: 'read-only file system',
  ETXTBSY: 'text file busy',
};
