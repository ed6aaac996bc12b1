import { z } from 'zod';
import { queueSchema } from './queue.ts';

/*
 * The first run between a window and the main process: nothing connects and no job runs until `finishFirstRun` was saved.
 */

const address = z.string().max(1_000);
/** Null: the one that main has, from a pasted snippet or the saved settings. */
const token = z.string().max(10_000).nullable();

export const firstRunSchema = z.object({
  /** Nothing is set up yet: the window begins with the first run. */
  needed: z.boolean(),
  endpoint: z.string(),
  hasToken: z.boolean(),
  noHttps: z.boolean(),
  /** A name that the hub takes, made from the machine's. */
  suggestedName: z.string(),
  secretStore: z.enum(['system', 'none']),
});
export type FirstRun = z.infer<typeof firstRunSchema>;

/** What was found in a pasted text: an install snippet of Semaphore's documentation, or a bare address. The token stays in main. */
export const snippetSchema = z.object({ endpoint: z.string(), hasToken: z.boolean(), noHttps: z.boolean() });

export const connectionSchema = z.object({ endpoint: address, token, noHttps: z.boolean() });
export type Connection = z.infer<typeof connectionSchema>;

/** `problem` says what happened and what to do; empty where the hub took the token. */
export const connectionTestSchema = z.object({
  ok: z.boolean(),
  problem: z.string(),
  /** One line for who wants to know exactly, with the hub's own text in quotation marks. */
  detail: z.string().optional(),
  /** What has to be changed, where the test failed. */
  about: z.enum(['endpoint', 'token']).optional(),
  /** Of the agent type that the token belongs to; absent where the test failed. */
  queue: queueSchema.optional(),
});
export type ConnectionTest = z.infer<typeof connectionTestSchema>;

export const firstRunChoiceSchema = connectionSchema.extend({
  name: z.string().max(200),
  /** What jobs may do here: run in containers alone, or in a shell of the owner's too. */
  jobs: z.enum(['containers-only', 'shell-too']),
  startAtLogin: z.boolean(),
});
export type FirstRunChoice = z.infer<typeof firstRunChoiceSchema>;
