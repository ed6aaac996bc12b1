import { z } from 'zod';

/** The views of the window, in the order of its keys. */
export const viewSchema = z.enum(['now', 'log', 'history', 'settings']);
export type View = z.infer<typeof viewSchema>;
