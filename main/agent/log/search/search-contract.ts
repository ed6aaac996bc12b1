import { z } from 'zod';
import type { Contract } from '../../../../shared/contract/contract.ts';
import { logContract, logQuerySchema, searchProgressSchema } from '../../../../shared/contract/log.ts';

/** A place of the index: offset, line, and whether the line is open there. */
const placeSchema = z.tuple([z.number(), z.number(), z.boolean()]);
export type SearchPlace = z.infer<typeof placeSchema>;

const sizeAndPlaces = { size: z.number(), places: z.array(placeSchema) };

/** Between the agent and the thread that searches one of its logs. */
export const searchContract = {
  requests: {
    findMatch: logContract.requests.findMatch,
    matchesIn: logContract.requests.matchesIn,
    /** The first line of some that speaks of an error. */
    firstError: {
      request: z.object({ from: z.number(), to: z.number() }),
      reply: z.object({ line: z.number() }).nullable(),
    },
  },
  commands: {
    /** The first message: which log. `descriptor`: of its file, which stays the agent's. */
    open: z.object({ descriptor: z.number(), ...sizeAndPlaces }),
    /** The log has become longer; `places` are those that are new. */
    grew: z.object(sizeAndPlaces),
    /** Begins a search in the place of the one before. The query has been found good. */
    search: z.object({ query: logQuerySchema, near: z.number() }),
    endSearch: z.null(),
  },
  events: {
    searched: searchProgressSchema,
    /** A sign of life within a long search. */
    alive: z.null(),
  },
} as const satisfies Contract;
