import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Processes } from './processes.ts';

const ownerSchema = z.object({ pid: z.number().int(), startedAt: z.string() });

/**
 * Takes a lock that belongs to this process from now on; one that a dead process left is taken over. False where a living
 * one has it. Throws where the file cannot be written.
 */
export function takeLock(path: string, processes: Processes): boolean {
  const owner = readOwner(path);
  if (owner && owner.pid !== process.pid && processes.isAlive(owner)) return false;
  rmSync(path, { force: true });
  try {
    const self = processes.identify(process.pid) ?? { pid: process.pid, startedAt: '' };
    writeFileSync(path, JSON.stringify(self), { mode: 0o600, flag: 'wx' });
    return true;
  } catch (error) {
    // Another process was quicker.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Gives a lock back. */
export function releaseLock(path: string): void {
  rmSync(path, { force: true });
}

/** Undefined where there is none, or none that can be read: such a lock holds nobody off. */
function readOwner(path: string): z.infer<typeof ownerSchema> | undefined {
  try {
    return ownerSchema.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data;
  } catch {
    return undefined;
  }
}
