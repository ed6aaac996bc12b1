/** One call over HTTP. */
export interface HttpCall {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Milliseconds until the whole answer must be there. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** What came back, whatever its status. */
export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
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
