/** One of the reasons why an object is refused. */
export interface Cause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

/** The parts of a refusal, as `Status` objects of the API have them. */
export interface FailureParts {
  readonly code: number;
  readonly message: string;
  readonly reason?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** A call that the API refuses. Forms and texts: recorded from kube-apiserver v1.32.5. */
export class ApiFailure extends Error {
  constructor(private readonly parts: FailureParts) {
    super(parts.message);
  }

  get code(): number {
    return this.parts.code;
  }

  /** The body of the answer. */
  get status(): Readonly<Record<string, unknown>> {
    const { code, message, reason, details } = this.parts;
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      ...(reason === undefined ? {} : { reason }),
      ...(details === undefined ? {} : { details }),
      code,
    };
  }
}

/** What was sent makes no sense. */
export function badRequest(message: string): ApiFailure {
  return new ApiFailure({ code: 400, reason: 'BadRequest', message });
}

/** Nobody knows who asks. */
export function unauthorized(): ApiFailure {
  return new ApiFailure({ code: 401, reason: 'Unauthorized', message: 'Unauthorized' });
}

/** The object is not there, in the words of the API. */
export function notFound(kind: string, name: string): ApiFailure {
  const details = { name, kind };
  return new ApiFailure({ code: 404, reason: 'NotFound', message: `${kind} "${name}" not found`, details });
}

/** The name is taken, perhaps by an object that is about to go. */
export function alreadyExists(kind: string, name: string, isBeingDeleted: boolean): ApiFailure {
  const message = isBeingDeleted
    ? `object is being deleted: ${kind} "${name}" already exists`
    : `${kind} "${name}" already exists`;
  return new ApiFailure({ code: 409, reason: 'AlreadyExists', message, details: { name, kind } });
}

/** An object that is not as it should be, with everything that is wrong with it. */
export function invalid(kind: string, name: string, causes: readonly Cause[]): ApiFailure {
  const told = causes.map(({ field, message }) => `${field}: ${message}`);
  const message = `${kind} "${name}" is invalid: ${told.length === 1 ? told[0] : `[${told.join(', ')}]`}`;
  return new ApiFailure({ code: 422, reason: 'Invalid', message, details: { name, kind, causes } });
}

/** A version that a watch cannot begin with any more. It comes within an answer of 200. */
export function expired(version: string, oldest: number): ApiFailure {
  const message = `too old resource version: ${version} (${oldest})`;
  return new ApiFailure({ code: 410, reason: 'Expired', message });
}
