import { z } from 'zod';

/** The views of the window, in the order of its keys. */
export const viewSchema = z.enum(['now', 'log', 'history', 'settings']);
export type View = z.infer<typeof viewSchema>;

/**
 * What the window is to show: a view; in that of logs, where one is named, a line (from 0) of a past job's; in that of settings
 * the page of hooks.
 */
export const destinationSchema = z.object({
  view: viewSchema,
  log: z.object({ job: z.string().max(200), line: z.number().int().nonnegative() }).optional(),
  settings: z.literal('hooks').optional(),
});
export type Destination = z.infer<typeof destinationSchema>;
