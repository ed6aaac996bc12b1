import { join } from 'node:path';
import { app, clipboard } from 'electron';
import type { AgentSnapshot } from '../../../shared/agent-snapshot.ts';
import { RecentLines } from '../../control/recent-lines.ts';
import { CrashRecords } from '../supervision/crash-records.ts';
import { appVersions } from './app-versions.ts';
import { redact } from './redact.ts';
import { diagnosticsReport } from './report.ts';

export interface DiagnosticsOptions {
  readonly snapshot: () => Promise<AgentSnapshot>;
  /** Where each setting comes from that is not at its default. */
  readonly origins: () => Promise<readonly { readonly name: string; readonly where: string }[]>;
  /** What must not stand in anything that is kept or copied. */
  readonly secrets: () => readonly string[];
}

/** What there is to know when something goes wrong, none of it secret: the agent's last lines, records of crashes, a report. */
export class Diagnostics {
  readonly lines = new RecentLines();
  readonly crashes: CrashRecords;
  /** What checks found when they were last run, for the report; empty where they were not. */
  lastChecks = '';

  /** Takes out what only its owner may see. */
  readonly hide = (text: string): string =>
    redact(text, { secrets: this.options.secrets(), home: app.getPath('home') });

  constructor(private readonly options: DiagnosticsOptions) {
    this.crashes = new CrashRecords({
      folder: join(app.getPath('userData'), 'crashes'),
      version: app.getVersion(),
      lines: this.lines,
      redact: this.hide,
      now: () => new Date(),
      onProblem: console.error,
    });
  }

  /** Puts the report into the clipboard. */
  async copyReport(): Promise<void> {
    await this.copy(
      diagnosticsReport({
        now: new Date(),
        versions: appVersions(),
        origins: await this.options.origins(),
        snapshot: await this.options.snapshot(),
        lines: this.lines.last(),
        checks: this.lastChecks,
        redact: this.hide,
      }),
    );
  }

  /** Puts a text into the clipboard. */
  async copy(text: string): Promise<void> {
    // Later versions of Electron answer with a promise.
    await clipboard.writeText(text);
  }
}
