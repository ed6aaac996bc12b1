import type { Clock } from '../../platform/clock.ts';

/** What went wrong with a call to an engine that was there, in one line: its own words where it had any. */
export function engineProblem(error: unknown): string {
  const reason = callProblem(error);
  return isLost(error) ? `lost connection to the container engine (${reason})` : engineWords(reason);
}

/** An engine's words in one line, with what to do where they do not say it. For a full disk it has words only, no code. */
export function engineWords(text: string): string {
  const words = oneLine(text);
  if (!words.includes('no space left on device')) return words;
  return `The disk of the container engine is full; docker system df tells what could make room (${words})`;
}

/** The same of an engine that nobody knows yet. */
export function callProblem(error: unknown): string {
  const { json, code, message } = error as { json?: { message?: unknown }; code?: string; message?: string };
  if (typeof json?.message === 'string') return oneLine(json.message);
  // Of a call whose answer is a stream the library keeps the engine's words in its own message only.
  const words = message
    ?.replace(/^\(HTTP code \d+\) .*? - /, '')
    .split('\n')[0]
    ?.trim();
  return LOST[code ?? ''] ?? words ?? 'the call failed';
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, '; ');
}

/** True where the engine answered with one of these: that there is no such thing, say, or that it is so already. */
export function isStatus(error: unknown, ...statuses: readonly number[]): boolean {
  return statuses.includes((error as { statusCode?: number }).statusCode ?? 0);
}

/** True where it is not the engine that says no: there is nobody to say anything. */
function isLost(error: unknown): boolean {
  return LOST[(error as { code?: string }).code ?? ''] !== undefined;
}

/**
 * Rejects where an engine has not answered in time, or when `signal` aborts: one that hangs must not hold a job for ever, nor
 * who stops it.
 */
export async function inTime<T>(call: Promise<T>, clock: Clock, limitMs: number, signal?: AbortSignal): Promise<T> {
  const answered = new AbortController();
  const giveUp = () => answered.abort();
  if (signal?.aborted) giveUp();
  signal?.addEventListener('abort', giveUp);
  const late = clock.sleep(limitMs, answered.signal).then(() => {
    throw Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' });
  });
  // Whichever comes second is nobody's any more.
  late.catch(() => undefined);
  call.catch(() => undefined);
  try {
    return await Promise.race([call, late]);
  } finally {
    signal?.removeEventListener('abort', giveUp);
    answered.abort();
  }
}

const LOST: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed',
  ENOENT: 'no such socket',
  EACCES: 'permission denied',
  ENOTFOUND: 'host not found',
  ETIMEDOUT: 'no answer',
};
