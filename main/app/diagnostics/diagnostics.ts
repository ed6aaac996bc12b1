import { join } from 'node:path';
import { app, clipboard } from 'electron';
import type { AgentSnapshot } from '../../../shared/agent-snapshot.ts';
import { RecentLines } from '../../control/recent-lines.ts';
import { CrashRecords } from '../supervision/crash-records.ts';
import { appVersions } from './app-versions.ts';
import { redact } from './redact.ts';
import { diagnosticsReport } from './report.ts';

/** What there is to know when something goes wrong, none of it secret: the agent's last lines, records of crashes, a report. */
export class Diagnostics {
  readonly lines = new RecentLines();
  readonly crashes: CrashRecords;

  /** `settings`: the variables of this start, the token among them. */
  constructor(
    private readonly settings: Readonly<Record<string, string>>,
    private readonly snapshot: () => AgentSnapshot,
  ) {
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
      origins: Object.keys(this.settings).map((name) => ({ name, where: 'a variable' })),
      snapshot: this.snapshot(),
      lines: this.lines.last(),
      redact: (text) => this.hide(text),
    });
    // Later versions of Electron answer with a promise.
    await clipboard.writeText(report);
  }

  private hide(text: string): string {
    return redact(text, { secrets: [this.settings.SEMAPHORE_AGENT_TOKEN ?? ''], home: app.getPath('home') });
  }
}
