import type { z } from 'zod';
import type { Wire } from './caller.ts';
import { type Contract, type EventOf, envelopeSchema, type ReplyOf } from './contract.ts';

/** What a side does for the other one. */
export interface Handlers<C extends Contract> {
  readonly requests: {
    readonly [N in keyof C['requests']]: (value: z.output<C['requests'][N]['request']>) => Promise<ReplyOf<C, N>>;
  };
  readonly commands: {
    readonly [N in keyof C['commands']]: (value: z.output<C['commands'][N]>, port?: unknown) => void;
  };
}

/** The side that answers. */
export interface Responder<C extends Contract> {
  emit<N extends keyof C['events'] & string>(name: N, value: EventOf<C, N>): void;
}

/**
 * Answers calls that come over a wire. Each is checked by its schema first; one that does not fit is rejected and told to
 * `onRefused` by its name, never with what was in it.
 */
export function createResponder<C extends Contract>(
  contract: C,
  wire: Wire,
  handlers: Handlers<C>,
  onRefused: (name: string) => void,
): Responder<C> {
  // Which handler takes which value is what the schemas decide, at run time.
  const commandHandlers = handlers.commands as Readonly<Record<string, (value: never, port?: unknown) => void>>;
  const requestHandlers = handlers.requests as unknown as Readonly<Record<string, (value: never) => Promise<unknown>>>;
  wire.onMessage((message, port) => {
    const { data: envelope } = envelopeSchema.safeParse(message);
    if (envelope?.kind === 'request') void answer(envelope.id, envelope.name, envelope.value);
    else if (envelope?.kind === 'command') obey(envelope.name, envelope.value, port);
    else onRefused('a message of no known form');
  });

  function obey(name: string, value: unknown, port: unknown): void {
    const parsed = own(contract.commands, name)?.safeParse(value);
    if (parsed?.success) own(commandHandlers, name)?.(parsed.data as never, port);
    else onRefused(name);
  }

  async function answer(id: number, name: string, value: unknown): Promise<void> {
    const parsed = own(contract.requests, name)?.request.safeParse(value);
    const handler = own(requestHandlers, name);
    if (!parsed?.success || !handler) {
      onRefused(name);
      wire.send({ kind: 'failure', id, error: { code: 'refused', message: 'the request is not of the contract' } });
      return;
    }
    try {
      const handled: Promise<unknown> = handler(parsed.data as never);
      wire.send({ kind: 'reply', id, value: await handled });
    } catch (error) {
      const told = error instanceof Error ? error.message : 'it failed';
      wire.send({ kind: 'failure', id, error: { code: 'failed', message: told } });
    }
  }

  return { emit: (name, value) => wire.send({ kind: 'event', name, value }) };
}

/** A name from outside must not reach what every object inherits. */
function own<T>(map: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}
