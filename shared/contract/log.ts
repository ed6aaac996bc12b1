import { z } from 'zod';
import { jobAboutSchema } from '../job-about.ts';
import type { Contract } from './contract.ts';
import { tailCommandSchema } from './tail.ts';

/*
 * What goes over the port between the agent and a window's log view: one log at a time, any part of it, searched. A line is
 * named by its number in the whole log, from 0. Times are milliseconds since the Unix epoch.
 */

const lineNumber = z.number().int().nonnegative();

/** One command of a log, and the first line of its output. */
export const logCommandSchema = tailCommandSchema.extend({ firstLine: lineNumber });
export type LogCommand = z.infer<typeof logCommandSchema>;

/** How far a log is. */
const growthSchema = z.object({
  lines: lineNumber,
  bytes: z.number(),
  /** Bytes of which it is known where their lines are; fewer than `bytes` only while an old log is read through. */
  indexedBytes: z.number(),
  /** Absent while the job runs. */
  end: z.object({ result: z.string(), at: z.number() }).optional(),
});
export type LogGrowth = z.infer<typeof growthSchema>;

/** A log as it is opened. */
export const openedLogSchema = growthSchema.extend({
  id: z.string(),
  name: z.string(),
  /** What the job says of itself; absent where that was lost. */
  about: jobAboutSchema.optional(),
  startedAt: z.number(),
  commands: z.array(logCommandSchema),
  /** Of a log that is read through first: its last lines as text, to look at meanwhile. */
  preview: z.array(z.string()),
});
export type OpenedLog = z.infer<typeof openedLogSchema>;

/** A line as it came from its terminal; of one that is very long the part that is to be shown. */
export const logLineSchema = z.object({
  text: z.string(),
  /** Colours and flags at its begin, as shared/terminal/text-style.ts has them; absent for none. */
  style: z.tuple([z.number().int(), z.number().int(), z.number().int()]).optional(),
  /** So many bytes of the file are left out, at its begin or at its end. */
  cut: z.object({ at: z.enum(['begin', 'end']), bytes: z.number() }).optional(),
});
export type LogLine = z.infer<typeof logLineSchema>;

/** Of the text of a query, in UTF-16 code units. */
export const LONGEST_QUERY = 1_000;

/** What to search for. */
export const logQuerySchema = z.object({
  text: z.string().max(LONGEST_QUERY),
  matchesCase: z.boolean(),
  wholeWord: z.boolean(),
  isExpression: z.boolean(),
});
export type LogQuery = z.infer<typeof logQuerySchema>;

/** Where a match is: in the visible text of a line, in UTF-16 code units. */
export const logMatchSchema = z.object({ line: lineNumber, start: lineNumber, end: lineNumber });
export type LogMatch = z.infer<typeof logMatchSchema>;

/** How far a search is. */
export const searchProgressSchema = z.object({
  matches: z.number().int(),
  /** From 0 to 1. */
  done: z.number(),
  /** Matches by place: each number stands for as many lines of the log as the others. */
  marks: z.array(z.number().int()),
  linesPerMark: z.number().int().positive(),
  /** Why it was given up; empty otherwise. */
  problem: z.string(),
});
export type SearchProgress = z.infer<typeof searchProgressSchema>;

/** A place in the visible text of a log. */
export const textPlaceSchema = z.object({ line: lineNumber, column: lineNumber });
export type TextPlace = z.infer<typeof textPlaceSchema>;

/** More lines than this are not given at once. */
export const MAX_LINES = 512;

/** Between a window's log view and the agent. */
export const logContract = {
  requests: {
    /** Opens the log of a job, or with an empty id the newest one. Null: there is none. */
    open: { request: z.object({ job: z.string() }), reply: openedLogSchema.nullable() },
    /** Lines from one on: as many as fit, one at least where there is one. */
    lines: {
      request: z.object({ from: lineNumber, count: z.number().int().min(1).max(MAX_LINES) }),
      reply: z.object({ from: lineNumber, lines: z.array(logLineSchema) }),
    },
    /** Begins a search near a line, in the place of the one before. Answers with what is wrong with the query, or empty. */
    search: {
      request: z.object({ query: logQuerySchema, near: lineNumber }),
      reply: z.object({ problem: z.string() }),
    },
    /** The next match behind a place, or the last one before it; from the other end where there is none. */
    findMatch: {
      request: z.object({ from: textPlaceSchema, direction: z.enum(['next', 'previous']) }),
      /** `ordinal`: its place among all, from 1; 0 while that is not known. */
      reply: z.object({ match: logMatchSchema, ordinal: z.number().int() }).nullable(),
    },
    /** The matches in some lines. */
    matchesIn: { request: z.object({ from: lineNumber, count: lineNumber }), reply: z.array(logMatchSchema) },
    /** The line that tells of the first command's failure: one that speaks of an error, or the last one. */
    firstFailure: { request: z.null(), reply: z.object({ line: lineNumber, command: lineNumber }).nullable() },
    /** The visible text between two places, or its first part and where the rest begins. */
    text: {
      request: z.object({ from: textPlaceSchema, to: textPlaceSchema }),
      reply: z.object({ text: z.string(), next: textPlaceSchema.optional() }),
    },
  },
  commands: {
    /** Somebody is about to search. */
    prepareSearch: z.null(),
    endSearch: z.null(),
  },
  events: {
    /** Another log is the newest one, and the newest one is what the window wants to see. */
    opened: openedLogSchema,
    /** `commands`: those that are new or have ended. */
    grew: growthSchema.extend({ commands: z.array(logCommandSchema) }),
    searched: searchProgressSchema,
  },
} as const satisfies Contract;
