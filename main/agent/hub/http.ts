/** One call over HTTP. */
export interface HttpCall {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Milliseconds until the whole answer must be there. */
  readonly timeoutMs: number;
  /** More of an answer than this is refused, in bytes; 1 MiB if not given. Of a refusal the begin is enough. */
  readonly maxAnswer?: number;
  /** Nothing but the status counts: an answer that is too long, or slow to end, is as good as any other. */
  readonly statusOnly?: boolean;
  readonly signal?: AbortSignal;
}

/** What came back, whatever its status. */
export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  /** How long the server wants to be left alone (`Retry-After`), in ms. */
  readonly retryAfterMs?: number | undefined;
  /** Where it sends us instead, with a 3xx. Nobody is followed there: the call carries a token. */
  readonly location?: string | undefined;
  /** What the server's clock says (`Date`), in ms since the Unix epoch. */
  readonly date?: number | undefined;
}

/**
 * Sends calls. Every one carries `User-Agent: SemaphoreAgent/<version>`. Resolves with the answer whatever its status;
 * rejects with an `HttpError` when there is none (refused, reset, timed out, aborted, too large).
 */
export interface Http {
  send(call: HttpCall): Promise<HttpAnswer>;
  close(): Promise<void>;
}

/** Why no answer came. */
export type HttpErrorCode = 'timeout' | 'aborted' | 'unreachable' | 'too-large';

/** No answer came. The message is one line for a person and holds no header and no body. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly code: HttpErrorCode;

  constructor(code: HttpErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}
