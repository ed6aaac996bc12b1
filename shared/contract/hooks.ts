import { z } from 'zod';

/* Hooks between a window, the main process and the agent: what their files are, and what a test run of one gives. */

export const hookNameSchema = z.enum(['pre-job-hook-path', 'post-job-hook-path', 'shutdown-hook-path']);
export type HookName = z.infer<typeof hookNameSchema>;

/** The file of a hook, as it is on the disk at this moment. */
export const hookFileSchema = z.object({
  path: z.string(),
  state: z.enum(['none', 'missing', 'no-file', 'unreadable', 'not-executable', 'fine']),
  /** Name of the user that owns it, or its number; empty where that is not known. */
  owner: z.string(),
  /** Other users of this machine could change what it does. */
  writableByOthers: z.boolean(),
  /** Whether what is in it is what it was at the last job; `unknown` where no job was here with this file. */
  sinceLastJob: z.enum(['unknown', 'same', 'changed']),
});
export type HookFile = z.infer<typeof hookFileSchema>;

/** A piece of what a hook wrote when it was tried; `skipped` characters were passed over before it, as nobody could read so fast. */
export const hookOutputSchema = z.object({ text: z.string(), skipped: z.number().int().nonnegative() });
export type HookOutput = z.infer<typeof hookOutputSchema>;

/** How a test run of a hook ended; what it wrote came before. `exitCode` is -1 where it did not end by itself. */
export const hookRunSchema = z.object({
  outcome: z.enum(['ended', 'timed-out', 'stopped', 'not-run']),
  exitCode: z.number().int(),
  tookMs: z.number(),
  /** Why it was not run; empty otherwise. */
  problem: z.string(),
});
export type HookRun = z.infer<typeof hookRunSchema>;
