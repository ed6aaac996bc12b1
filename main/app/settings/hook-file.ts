import { constants } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { HookFile } from '../../../shared/contract/hooks.ts';

/** The file that a setting names. */
export function placeOf(path: string): string {
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : path;
}

/** Looks at the file of a hook as it is now. Never rejects for what is on the disk. */
export async function lookAtHook(path: string): Promise<Omit<HookFile, 'sinceLastJob'>> {
  const seen = { path, owner: '', writableByOthers: false };
  if (path === '') return { ...seen, state: 'none' };
  const place = placeOf(path);
  let found: Awaited<ReturnType<typeof stat>>;
  try {
    found = await stat(place);
  } catch (error) {
    const isGone = ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
    return { ...seen, state: isGone ? 'missing' : 'unreadable' };
  }
  const facts = { path, owner: await ownerOf(found.uid), writableByOthers: isOpen(found.mode) };
  if (!found.isFile()) return { ...facts, state: 'no-file' };
  if (!(await can(place, constants.R_OK))) return { ...facts, state: 'unreadable' };
  // Hooks are given to bash, which does not ask for it; but who wrote one meant to.
  const isExecutable = process.platform === 'win32' || (found.mode & 0o111) !== 0;
  return { ...facts, state: isExecutable ? 'fine' : 'not-executable' };
}

function isOpen(mode: number): boolean {
  return process.platform !== 'win32' && (mode & 0o002) !== 0;
}

async function can(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}

async function ownerOf(uid: number): Promise<string> {
  if (process.platform === 'win32') return '';
  const own = userInfo();
  if (own.uid === uid) return own.username;
  const users = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const [name] =
    users
      .split('\n')
      .find((line) => line.split(':')[2] === String(uid))
      ?.split(':') ?? [];
  return name ?? String(uid);
}
