import type { Wire } from './caller.ts';
import { envelopeSchema } from './contract.ts';

/** The two halves of a wire between processes that ask each other: what comes goes to the half that it is for. */
export interface BothWays {
  /** For this side's caller. */
  readonly asking: Wire;
  /** For this side's responder; all that is of no known form comes here too, to be refused. */
  readonly answering: Wire;
}

/** Lets both ends of one wire ask: each has a contract of its own. */
export function bothWays(wire: Wire): BothWays {
  const receivers: Record<keyof BothWays, (message: unknown, port?: unknown) => void> = {
    asking: () => undefined,
    answering: () => undefined,
  };
  wire.onMessage((message, port) => {
    const kind = envelopeSchema.safeParse(message).data?.kind;
    const isAnswer = kind === 'reply' || kind === 'failure' || kind === 'event';
    receivers[isAnswer ? 'asking' : 'answering'](message, port);
  });
  const half = (of: keyof BothWays): Wire => ({
    send: (envelope, port) => wire.send(envelope, port),
    onClose: (receiver) => wire.onClose(receiver),
    onMessage(receiver) {
      receivers[of] = receiver;
    },
  });
  return { asking: half('asking'), answering: half('answering') };
}
