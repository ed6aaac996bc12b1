import { z } from 'zod';

/** What two processes say to each other: one schema for each entry. A channel that is not in one of the maps does not exist. */
export interface Contract {
  /** Answered once. */
  readonly requests: Readonly<Record<string, { readonly request: z.ZodType; readonly reply: z.ZodType }>>;
  /** Not answered. */
  readonly commands: Readonly<Record<string, z.ZodType>>;
  /** Told by the side that answers requests to the side that makes them. */
  readonly events: Readonly<Record<string, z.ZodType>>;
}

export type RequestOf<C extends Contract, N extends keyof C['requests']> = z.input<C['requests'][N]['request']>;
export type ReplyOf<C extends Contract, N extends keyof C['requests']> = z.output<C['requests'][N]['reply']>;
export type CommandOf<C extends Contract, N extends keyof C['commands']> = z.input<C['commands'][N]>;
export type EventOf<C extends Contract, N extends keyof C['events']> = z.output<C['events'][N]>;

/** Why a call failed, in a form that crosses processes: an error as such would not. */
export const callErrorSchema = z.object({ code: z.string(), message: z.string() });

/** Everything that goes over a wire between two processes has one of these shapes. */
export const envelopeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('request'), id: z.number().int(), name: z.string(), value: z.unknown() }),
  z.object({ kind: z.literal('reply'), id: z.number().int(), value: z.unknown() }),
  z.object({ kind: z.literal('failure'), id: z.number().int(), error: callErrorSchema }),
  z.object({ kind: z.literal('command'), name: z.string(), value: z.unknown() }),
  z.object({ kind: z.literal('event'), name: z.string(), value: z.unknown() }),
]);
export type Envelope = z.infer<typeof envelopeSchema>;

/** A call that was refused, failed on the other side, took too long, or lost its wire. `code` is stable. */
export class CallError extends Error {
  override readonly name = 'CallError';

  constructor(
    readonly code: 'refused' | 'failed' | 'timeout' | 'closed',
    message: string,
  ) {
    super(message);
  }
}
