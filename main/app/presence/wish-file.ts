import { readFileSync } from 'node:fs';
import { sync as writeFileAtomically } from 'write-file-atomic';
import { z } from 'zod';
import { pauseSchema } from '../../../shared/pause.ts';
import type { Wish } from './presence-state.ts';

const contentSchema = z.object({
  version: z.literal(1),
  wish: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('connected') }),
    z.object({ kind: z.literal('paused'), pause: pauseSchema }),
    z.object({ kind: z.literal('disconnected') }),
  ]),
});

/** What its owner wished last. `problem`: one line for people where that could not be read, else empty. */
export interface KeptWish {
  readonly wish: Wish;
  readonly problem: string;
}

/**
 * Reads what its owner wished last; who never wished anything is connected. What was kept and makes no sense (a broken file, one
 * of a newer version, one that cannot be read) may have been a pause, which nothing but its owner takes back: so it counts as
 * one. The file stays as it is until they say what they want, and so does the pause, however often the app is started.
 */
export function readWish(path: string): KeptWish {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    return code === 'ENOENT' ? { wish: { kind: 'connected' }, problem: '' } : paused(path, ` (${code})`);
  }
  const wish = parse(text);
  return wish ? { wish, problem: '' } : paused(path, '');
}

/** Through when it returns: a pause holds over a crash that follows at once. Throws as Node does. */
export function writeWish(path: string, wish: Wish): void {
  writeFileAtomically(path, `${JSON.stringify({ version: 1, wish })}\n`, { mode: 0o600 });
}

function parse(text: string): Wish | undefined {
  try {
    return contentSchema.safeParse(JSON.parse(text)).data?.wish;
  } catch {
    return undefined;
  }
}

function paused(path: string, why: string): KeptWish {
  const problem = `Whether you had paused could not be read from ${path}${why}: paused until you resume`;
  return { wish: { kind: 'paused', pause: { by: 'you' } }, problem };
}
