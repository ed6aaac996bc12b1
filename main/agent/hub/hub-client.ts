import type { z } from 'zod';
import { type Http, type HttpAnswer, HttpError } from './http.ts';
import {
  API_PATH,
  type HubMetrics,
  metricsResponseSchema,
  type RegisterRequest,
  type RegisterResponse,
  refreshResponseSchema,
  registerResponseSchema,
  type SyncRequest,
  type SyncResponse,
  syncResponseSchema,
} from './wire.ts';

/** Of the reference agent. The hub itself answers within 15 s. */
const TIMEOUT_MS = 30_000;
/** Of a text of the hub's, this much is shown. */
const MAX_TEXT = 300;
/** Job requests carry files. Bytes. */
const MAX_JOB = 64 * 1024 * 1024;

/** `refused`: the hub answered with another status than that of success. `garbage`: with a body that makes no sense. */
export type HubErrorCode = 'refused' | 'garbage' | 'no-answer';

/** A call to the hub that failed. The message is one line for a person, with the hub's own text in quotation marks. */
export class HubError extends Error {
  override readonly name = 'HubError';
  /** How long the hub wants to be left alone, in ms; 0 where it does not say. */
  readonly retryAfterMs: number;

  constructor(
    readonly code: HubErrorCode,
    message: string,
    /** HTTP status; 0 where no answer came. */
    readonly status: number,
    more: { readonly cause?: unknown; readonly retryAfterMs?: number | undefined } = {},
  ) {
    super(message, { cause: more.cause });
    this.retryAfterMs = more.retryAfterMs ?? 0;
  }
}

export interface HubClientOptions {
  readonly http: Http;
  /** `host` or `host:port`. */
  readonly endpoint: string;
  readonly noHttps: boolean;
  /** Of the agent type; registers, and reads the queue. */
  readonly registrationToken: string;
}

/** The hub's calls (spec: `POST /register`, `/sync`, `/refresh`, `/disconnect`, `GET /jobs/{id}`, `/metrics`). All reject with a `HubError`. */
export class HubClient {
  private readonly base: string;

  constructor(private readonly options: HubClientOptions) {
    this.base = `${options.noHttps ? 'http' : 'https'}://${options.endpoint}${API_PATH}`;
  }

  /** Registers. The access token in the answer is what every call below takes. */
  register(request: RegisterRequest, signal?: AbortSignal): Promise<RegisterResponse> {
    const token = this.options.registrationToken;
    return this.call({ method: 'POST', path: '/register', token, body: request, signal }, registerResponseSchema);
  }

  sync(accessToken: string, request: SyncRequest, signal?: AbortSignal): Promise<SyncResponse> {
    return this.call({ method: 'POST', path: '/sync', token: accessToken, body: request, signal }, syncResponseSchema);
  }

  /** The job request as it came: JSON that nobody has checked yet. */
  async job(accessToken: string, jobId: string, signal?: AbortSignal): Promise<unknown> {
    const path = `/jobs/${encodeURIComponent(jobId)}`;
    const call: HubCall = { method: 'GET', path, token: accessToken, signal, maxAnswer: MAX_JOB };
    return parseJson(await this.send(call), path);
  }

  /** A new token for the log server. */
  async refreshLogToken(accessToken: string, signal?: AbortSignal): Promise<string> {
    const call: HubCall = { method: 'POST', path: '/refresh', token: accessToken, signal };
    return (await this.call(call, refreshResponseSchema)).token;
  }

  async disconnect(accessToken: string, signal?: AbortSignal): Promise<void> {
    await this.send({ method: 'POST', path: '/disconnect', token: accessToken, signal });
  }

  /** Jobs and agents of this agent's type. */
  queue(signal?: AbortSignal): Promise<HubMetrics> {
    const token = this.options.registrationToken;
    return this.call({ method: 'GET', path: '/metrics', token, signal }, metricsResponseSchema);
  }

  private async call<T extends z.ZodType>(call: HubCall, schema: T): Promise<z.output<T>> {
    const answer = await this.send(call);
    const parsed = schema.safeParse(parseJson(answer, call.path));
    if (parsed.success) return parsed.data;
    throw new HubError('garbage', `the hub's answer to ${call.path} is not what it should be`, answer.status);
  }

  private async send(call: HubCall): Promise<HttpAnswer> {
    const answer = await this.exchange(call);
    if (answer.status >= 200 && answer.status < 300) return answer;
    const { status, retryAfterMs } = answer;
    const told = refusal(call.path, answer, [call.token, this.options.registrationToken]);
    throw new HubError('refused', told, status, { retryAfterMs });
  }

  private async exchange({ method, path, token, body, signal, maxAnswer }: HubCall): Promise<HttpAnswer> {
    try {
      return await this.options.http.send({
        method,
        url: `${this.base}${path}`,
        headers: { authorization: `Token ${token}`, 'content-type': 'application/json' },
        timeoutMs: TIMEOUT_MS,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(maxAnswer === undefined ? {} : { maxAnswer }),
        ...(signal ? { signal } : {}),
      });
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      throw new HubError('no-answer', `no answer from ${this.options.endpoint}: ${error.message}`, 0, { cause: error });
    }
  }
}

interface HubCall {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly token: string;
  readonly body?: unknown;
  readonly signal: AbortSignal | undefined;
  readonly maxAnswer?: number;
}

function parseJson(answer: HttpAnswer, path: string): unknown {
  try {
    return JSON.parse(answer.text);
  } catch (error) {
    throw new HubError('garbage', `the hub's answer to ${path} is not JSON`, answer.status, { cause: error });
  }
}

/** One line, with the hub's text in quotation marks, or with where it sends us. What it says again of our tokens is not shown. */
function refusal(path: string, { status, text, location }: HttpAnswer, tokens: readonly string[]): string {
  const told = `the hub refused ${path} with ${status}`;
  const hide = (said: string) =>
    tokens.filter((token) => token !== '').reduce((rest, token) => rest.replaceAll(token, '[hidden]'), said);
  if (status >= 300 && status < 400 && location)
    return `${told}: it sends us to ${shown(hide(location.replace(/\?.*/, '')))}`;
  return text.trim() === '' ? told : `${told}: “${shown(hide(text))}”`;
}

/** A text of the hub's in one line, without control characters and never longer than a few lines of a terminal. */
function shown(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a text of the hub's must not steer the terminal
  const line = text.replace(/[\x00-\x1f\x7f-\x9f\s]+/g, ' ').trim();
  return line.length > MAX_TEXT ? `${line.slice(0, MAX_TEXT)}…` : line;
}
