import { z } from 'zod';
import { logCommandSchema } from '../../../../shared/contract/log.ts';

const count = z.number().int().nonnegative();
const colour = z.number().int();
const styleSchema = z.tuple([colour, colour, count]);

/** Offset, line, 1 where the line is open, and the three numbers of the style. */
const placeSchema = z.tuple([count, count, z.number().int(), colour, colour, count]);
export type SavedPlace = z.infer<typeof placeSchema>;

/** An index in its file. Another version is as good as none: the log is read through again. */
export const savedIndexSchema = z.object({
  version: z.literal(1),
  stride: count,
  size: count,
  ended: count,
  isOpen: z.boolean(),
  style: styleSchema,
  places: z.array(placeSchema).min(1),
  commands: z.array(logCommandSchema),
  offsets: z.array(count),
  outcome: z.string(),
});
export type SavedIndex = z.infer<typeof savedIndexSchema>;
