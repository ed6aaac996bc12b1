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

/** What its owner wished last. Where nothing that makes sense was kept the agent connects. */
export function readWish(path: string): Wish {
  try {
    return contentSchema.parse(JSON.parse(readFileSync(path, 'utf8'))).wish;
  } catch {
    return { kind: 'connected' };
  }
}

/** Through when it returns: a pause holds over a crash that follows at once. Throws as Node does. */
export function writeWish(path: string, wish: Wish): void {
  writeFileAtomically(path, `${JSON.stringify({ version: 1, wish })}\n`, { mode: 0o600 });
}
