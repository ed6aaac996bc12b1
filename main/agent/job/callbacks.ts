import type { Http } from '../hub/http.ts';
import { HttpError } from '../hub/http.ts';
import type { Clock } from '../platform/clock.ts';

/** Tries of a callback, 1 s apart (reference agent). */
const TRIES = 60;
const RETRY_MS = 1_000;
const TIMEOUT_MS = 30_000;

/** How long a callback is tried. */
export interface CallbackPatience {
  /** Tries, 1 s apart; at least one is made. */
  readonly tries?: number;
  /** Aborted when there is no time for another try. */
  readonly signal?: AbortSignal;
}

export interface CallbackOptions extends CallbackPatience {
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
  const { clock, signal, tries = TRIES } = options;
  for (let attempt = 1; ; attempt += 1) {
    const problem = await attemptOnce(options);
    if (problem === undefined) return undefined;
    if (attempt < tries) await clock.sleep(RETRY_MS, signal);
    if (attempt >= tries || signal?.aborted) return `the callback was not accepted: ${problem}`;
  }
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
