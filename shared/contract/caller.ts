import {
  CallError,
  type CommandOf,
  type Contract,
  type Envelope,
  type EventOf,
  envelopeSchema,
  type ReplyOf,
  type RequestOf,
} from './contract.ts';

/** One end of a wire. */
export interface Wire {
  /** `port`: a message port that goes with it, where the wire can carry one. */
  send(envelope: Envelope, port?: unknown): void;
  /** The one receiver of what comes. */
  onMessage(receiver: (message: unknown, port?: unknown) => void): void;
  /** The other side is gone: nothing will come any more. */
  onClose(receiver: () => void): void;
}

/** Starts a timer and gives the way to cancel it: contracts run where there is no clock of the agent's. */
export type StartTimer = (ms: number, callback: () => void) => () => void;

/** The side that asks. */
export interface Caller<C extends Contract> {
  /** Rejects with a `CallError`: always, after `timeoutMs` at the latest, and at once when the wire closes. */
  request<N extends keyof C['requests'] & string>(
    name: N,
    value: RequestOf<C, N>,
    timeoutMs: number,
  ): Promise<ReplyOf<C, N>>;
  command<N extends keyof C['commands'] & string>(name: N, value: CommandOf<C, N>, port?: unknown): void;
  on<N extends keyof C['events'] & string>(name: N, receiver: (value: EventOf<C, N>) => void): void;
}

interface Pending {
  readonly settle: (envelope: Extract<Envelope, { kind: 'reply' | 'failure' }>) => void;
  readonly fail: (error: CallError) => void;
}

/** Makes calls over a wire. What comes back is checked by the contract's schemas, like what comes in on the other side. */
export function createCaller<C extends Contract>(contract: C, wire: Wire, startTimer: StartTimer): Caller<C> {
  const pending = new Map<number, Pending>();
  const receivers = new Map<string, (value: never) => void>();
  let closed = false;
  let lastId = 0;
  wire.onMessage((message) => {
    const { data: envelope } = envelopeSchema.safeParse(message);
    if (envelope?.kind === 'reply' || envelope?.kind === 'failure') pending.get(envelope.id)?.settle(envelope);
    if (envelope?.kind !== 'event') return;
    const parsed = contract.events[envelope.name]?.safeParse(envelope.value);
    if (parsed?.success) receivers.get(envelope.name)?.(parsed.data as never);
  });
  wire.onClose(() => {
    closed = true;
    for (const { fail } of [...pending.values()]) fail(new CallError('closed', 'the other side is gone'));
  });
  return {
    command: (name, value, port) => wire.send({ kind: 'command', name, value }, port),
    on: (name, receiver) => void receivers.set(name, receiver as (value: never) => void),
    request(name, value, timeoutMs) {
      if (closed) return Promise.reject(new CallError('closed', 'the other side is gone'));
      lastId += 1;
      const id = lastId;
      return new Promise((resolve, reject) => {
        const finish = () => {
          cancel();
          pending.delete(id);
        };
        const fail = (error: CallError) => {
          finish();
          reject(error);
        };
        const cancel = startTimer(timeoutMs, () => fail(new CallError('timeout', `no answer to ${name}`)));
        const settle: Pending['settle'] = (envelope) => {
          if (envelope.kind === 'failure') return fail(new CallError('failed', envelope.error.message));
          const parsed = contract.requests[name]?.reply.safeParse(envelope.value);
          if (!parsed?.success) return fail(new CallError('failed', `the answer to ${name} is not what it should be`));
          finish();
          resolve(parsed.data as never);
        };
        pending.set(id, { settle, fail });
        wire.send({ kind: 'request', id, name, value });
      });
    },
  };
}
