import { z } from 'zod';

/** `problem`: no job could run. `warning`: some could not, or not well. */
const findingStateSchema = z.enum(['fine', 'warning', 'problem']);
type FindingState = z.infer<typeof findingStateSchema>;

const findingSchema = z.object({
  /** What it is about: `shell`, `hub`. */
  check: z.string(),
  state: findingStateSchema,
  /** One line; never a secret. */
  found: z.string(),
  /** What to do; wherever something is not fine. */
  advice: z.string().optional(),
});
/** One thing that was looked at. */
export type Finding = Readonly<z.infer<typeof findingSchema>>;

/** What the checks found on a machine; what `signalbox doctor --json` writes. */
export const examinationSchema = z.object({ canRunJobs: z.boolean(), findings: z.array(findingSchema).readonly() });
export type Examination = Readonly<z.infer<typeof examinationSchema>>;

const SIGNS: Readonly<Record<FindingState, string>> = { fine: '✓', warning: '!', problem: '✗' };

/** A line for each finding, and one for what to do. `paint` may colour its sign. */
export function findingLines(
  findings: readonly Finding[],
  paint: (sign: string, state: FindingState) => string = (sign) => sign,
): readonly string[] {
  return findings.flatMap(({ check, state, found, advice }) => [
    `${paint(SIGNS[state], state)} ${check}: ${found}`,
    ...(advice === undefined ? [] : [`    → ${advice}`]),
  ]);
}
