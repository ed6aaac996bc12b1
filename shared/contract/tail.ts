import { z } from 'zod';

/*
 * What goes over the port between the agent and a window: the log of the job that runs, as it grows. The agent sends batches;
 * the window grants it so much output, so that a window that is slow slows nobody but itself. Times are milliseconds since
 * the Unix epoch.
 */

/** One command of a job. `number` counts all that the log has, from 0. */
export const tailCommandSchema = z.object({
  number: z.number().int(),
  directive: z.string(),
  startedAt: z.number(),
  /** Absent while it runs. */
  end: z.object({ exitCode: z.number().int(), at: z.number() }).optional(),
});
export type TailCommand = z.infer<typeof tailCommandSchema>;

export const tailMessageSchema = z.discriminatedUnion('kind', [
  /** A job begins, or the window comes to one that has begun. Whatever was shown before goes. */
  z.object({ kind: z.literal('job'), id: z.string(), name: z.string(), startedAt: z.number() }),
  /** A command that is new, or has ended. */
  z.object({ kind: z.literal('command'), command: tailCommandSchema }),
  /**
   * What is still to come, in the place of what was told before: the names of the next commands if nothing fails, how many
   * there are behind those, and how many of the job's own will not run because one before them failed.
   */
  z.object({
    kind: z.literal('awaited'),
    names: z.array(z.string()),
    more: z.number().int(),
    skipped: z.number().int(),
  }),
  /** Output of a command, as it came from its terminal. Several in a row belong together. */
  z.object({ kind: z.literal('output'), number: z.number().int(), text: z.string() }),
  /** So many bytes of the log are passed over here: there was more than anybody can read. */
  z.object({ kind: z.literal('skipped'), bytes: z.number() }),
  z.object({ kind: z.literal('ended'), result: z.string(), at: z.number() }),
]);
export type TailMessage = z.infer<typeof tailMessageSchema>;
/** What is still to come of a job. */
export type AwaitedCommands = Omit<Extract<TailMessage, { kind: 'awaited' }>, 'kind'>;

/** From the agent. */
export const tailBatchSchema = z.array(tailMessageSchema);

/** From the window: so much more output may be sent, in the unit of `outputSize`. */
export const tailCreditSchema = z.object({ credit: z.number().int().positive() });

/** What a window grants at first: as much as it can show without anybody noticing. */
export const FIRST_CREDIT = 256 * 1024;

/** What messages cost of the window's credit: the length of their output, in UTF-16 code units. */
export function outputSize(messages: readonly TailMessage[]): number {
  return messages.reduce((sum, message) => sum + (message.kind === 'output' ? message.text.length : 0), 0);
}
