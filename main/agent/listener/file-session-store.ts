import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sync as writeFileAtomically } from 'write-file-atomic';
import { z } from 'zod';
import { releaseLock, takeLock } from '../platform/lock-file.ts';
import type { Processes } from '../platform/processes.ts';
import type { SavedSession, SessionStore } from './session-store.ts';

/** So many agents of one configuration may run side by side on one machine, each with a session of its own. */
const MOST_AGENTS = 16;

const sessionSchema = z.object({ name: z.string(), accessToken: z.string().min(1), jobId: z.string() });

export interface FileSessionStoreOptions {
  /** Made if it is not there, with 0700. */
  readonly folder: string;
  readonly endpoint: string;
  /** As configured; empty if the agent makes one up. */
  readonly agentName: string;
  readonly registrationToken: string;
  readonly processes: Processes;
  /** Called once when the folder cannot be written. */
  readonly onProblem: (message: string) => void;
}

/** Its writes are through when they return. */
interface FileSessionStore extends SessionStore {
  save(session: SavedSession): void;
  forget(): void;
  close(): void;
}

/**
 * A session in a file (0600) of the user's, beside a lock that names the living agent to which it belongs. What a dead one
 * left is taken over; a live one's is passed by. `close` gives the lock back.
 */
export function openFileSessionStore(options: FileSessionStoreOptions): FileSessionStore {
  const path = claim(options);
  let problemTold = path === undefined;
  const attempt = (action: (path: string) => void) => {
    try {
      if (path !== undefined) action(path);
    } catch (error) {
      if (!problemTold) options.onProblem(cannotSave(options.folder, error));
      problemTold = true;
    }
  };
  return {
    load: () => (path === undefined ? undefined : readJson(`${path}.json`, sessionSchema)),
    save: (session: SavedSession) =>
      attempt((file) => writeFileAtomically(`${file}.json`, JSON.stringify(session), { mode: 0o600 })),
    forget: () => attempt((file) => rmSync(`${file}.json`, { force: true })),
    close: () => attempt((file) => releaseLock(`${file}.lock`)),
  };
}

/** The first place that no living agent has; undefined where nothing can be written. */
function claim(options: FileSessionStoreOptions): string | undefined {
  try {
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
    for (let n = 1; n <= MOST_AGENTS; n += 1) {
      const path = join(options.folder, `${sessionKey(options)}-${n}`);
      if (takeLock(`${path}.lock`, options.processes)) return path;
    }
    return undefined;
  } catch (error) {
    options.onProblem(cannotSave(options.folder, error));
    return undefined;
  }
}

/** What makes a session ours: the hub, the name we asked for, and the token; the token only as a hash. */
export function sessionKey({
  endpoint,
  agentName,
  registrationToken,
}: Pick<FileSessionStoreOptions, 'endpoint' | 'agentName' | 'registrationToken'>): string {
  const parts = [endpoint, agentName, createHash('sha256').update(registrationToken).digest('hex')];
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 32);
}

/** Undefined where the file is not there, or is not what it should be: then it tells nothing. */
function readJson<T extends z.ZodType>(path: string, schema: T): z.output<T> | undefined {
  try {
    return schema.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

function cannotSave(folder: string, error: unknown): string {
  const reason = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  return `Cannot keep the agent's session in ${folder} (${reason}): after a crash its job will be reported late`;
}
