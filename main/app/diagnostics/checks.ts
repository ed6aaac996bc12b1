import type { Examination } from '../../../shared/examination.ts';
import { type ChecksText, checksText } from './checks-text.ts';
import type { Diagnostics } from './diagnostics.ts';

export interface ChecksOptions {
  /** Looks at this machine, in a process of the agent's; rejects where that one fails. */
  readonly examine: () => Promise<Examination>;
  /** Resolves when it was closed, with whether its text is to be copied. */
  readonly show: (text: ChecksText) => Promise<boolean>;
  readonly diagnostics: Diagnostics;
}

/** Finds out whether a job could run here, and shows it. */
export class Checks {
  /** They run, or what they found is shown. */
  areUnderWay = false;

  constructor(private readonly options: ChecksOptions) {}

  /** Resolves when what was found has been closed again; at once while another run is under way. */
  async run(): Promise<void> {
    if (this.areUnderWay) return;
    this.areUnderWay = true;
    const { examine, show, diagnostics } = this.options;
    const examination = await examine().catch(() => undefined);
    const text = checksText(examination, diagnostics.hide);
    diagnostics.lastChecks = text.whole;
    if (await show(text)) await diagnostics.copy(text.whole);
    this.areUnderWay = false;
  }
}
