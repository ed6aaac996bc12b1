import { type Examination, findingLines } from '../../../shared/examination.ts';

/** What checks found, for people. */
export interface ChecksText {
  readonly isFine: boolean;
  readonly message: string;
  /** What is not fine, the worst first, and what to do. */
  readonly detail: string;
  /** Everything that was looked at. */
  readonly whole: string;
}

/** The text of an examination; without one, the checks themselves have failed. */
export function checksText(examination: Examination | undefined, redact: (text: string) => string): ChecksText {
  if (!examination) {
    const message = 'The checks could not be run';
    const detail = 'Try once more, or say signalbox doctor in a terminal: it looks at the same things.';
    return { isFine: false, message, detail, whole: `${message}. ${detail}\n` };
  }
  const { findings, canRunJobs } = examination;
  const bad = (['problem', 'warning'] as const).flatMap((kind) => findings.filter(({ state }) => state === kind));
  const isFine = bad.length === 0;
  const checks = new Set(findings.map(({ check }) => check)).size;
  const message = isFine
    ? 'Everything is fine'
    : canRunJobs
      ? 'A job could run here, but not everything is fine'
      : 'No job could run here yet';
  const detail = isFine ? `${checks} checks found nothing to do: a job could run here.` : findingLines(bad).join('\n');
  const all = [...findingLines(findings), '', `${message} (${checks} checks)`];
  return { isFine, message, detail: redact(detail), whole: redact(`${all.join('\n')}\n`) };
}
