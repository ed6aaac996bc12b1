import { join } from 'node:path';
import { app, clipboard } from 'electron';
import type { AgentSnapshot } from '../../../shared/agent-snapshot.ts';
import { RecentLines } from '../../control/recent-lines.ts';
import { CrashRecords } from '../supervision/crash-records.ts';
import { appVersions } from './app-versions.ts';
import { redact } from './redact.ts';
import { diagnosticsReport } from './report.ts';

export interface DiagnosticsOptions {
  readonly snapshot: () => AgentSnapshot;
  /** Where each setting comes from that is not at its default. */
  readonly origins: () => Promise<readonly { readonly name: string; readonly where: string }[]>;
  /** What must not stand in anything that is kept or copied. */
  readonly secrets: () => readonly string[];
}

/** What there is to know when something goes wrong, none of it secret: the agent's last lines, records of crashes, a report. */
export class Diagnostics {
  readonly lines = new RecentLines();
  readonly crashes: CrashRecords;

  constructor(private readonly options: DiagnosticsOptions) {
    this.crashes = new CrashRecords({
      folder: join(app.getPath('userData'), 'crashes'),
      version: app.getVersion(),
      lines: this.lines,
      redact: (line) => this.hide(line),
      now: () => new Date(),
      onProblem: console.error,
    });
  }

  /** Puts the report into the clipboard. */
  async copyReport(): Promise<void> {
    const report = diagnosticsReport({
      now: new Date(),
      versions: appVersions(),
      origins: await this.options.origins(),
      snapshot: this.options.snapshot(),
      lines: this.lines.last(),
      redact: (text) => this.hide(text),
    });
    // Later versions of Electron answer with a promise.
    await clipboard.writeText(report);
  }

  private hide(text: string): string {
    return redact(text, { secrets: this.options.secrets(), home: app.getPath('home') });
  }
}
