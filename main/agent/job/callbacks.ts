import type { Http } from '../hub/http.ts';
import { HttpError } from '../hub/http.ts';
import type { Clock } from '../platform/clock.ts';

/** Tries of a callback, 1 s apart (reference agent). */
const TRIES = 60;
const RETRY_MS = 1_000;
const TIMEOUT_MS = 30_000;

export interface CallbackOptions {
  readonly http: Http;
  readonly clock: Clock;
  /** Empty: there is nobody to call, and nothing is done. */
  readonly url: string;
  /** Sent as a bearer token; empty for none. Secret. */
  readonly token: string;
  readonly body: string;
}

/** Tells a server of the job's end. Resolves with undefined, or with one line that says why nobody could be told. */
export async function callBack(options: CallbackOptions): Promise<string | undefined> {
  if (options.url === '') return undefined;
  let problem = '';
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    if (attempt > 0) await options.clock.sleep(RETRY_MS);
    const failed = await attemptOnce(options);
    if (failed === undefined) return undefined;
    problem = failed;
  }
  return `the callback was not accepted: ${problem}`;
}

async function attemptOnce({ http, url, token, body }: CallbackOptions): Promise<string | undefined> {
  try {
    const authorization: Record<string, string> = token === '' ? {} : { authorization: `Bearer ${token}` };
    const { status } = await http.send({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json', ...authorization },
      body,
      timeoutMs: TIMEOUT_MS,
      statusOnly: true,
    });
    return status >= 200 && status < 300 ? undefined : `status ${status}`;
  } catch (error) {
    if (error instanceof HttpError) return error.message;
    throw error;
  }
}
