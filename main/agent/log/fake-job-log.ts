import type { JobResult } from '../hub/wire.ts';
import type { JobLog } from './job-log.ts';

/** A job's log in memory, for tests: one readable line per event, output joined, the terminal's `\r` gone. */
export class FakeJobLog implements JobLog {
  readonly events: string[] = [];
  backlog = 0;
  private pendingOutput = '';
  private readonly watchers = new Set<() => void>();

  jobStarted(): void {
    this.add('job started');
  }

  commandStarted(directive: string): void {
    this.add(`> ${directive}`);
  }

  output(bytes: Uint8Array): void {
    this.line(Buffer.from(bytes).toString('utf8'));
  }

  line(text: string): void {
    this.pendingOutput += text;
    for (const watcher of this.watchers) watcher();
  }

  commandFinished(exitCode: number): void {
    this.add(`< ${exitCode}`);
  }

  jobFinished(result: JobResult): void {
    this.add(`job finished ${result}`);
  }

  drained(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Resolves when the output of the running command holds this text. */
  shows(text: string): Promise<void> {
    return new Promise((resolve) => {
      const watcher = () => {
        if (!this.pendingOutput.includes(text)) return;
        this.watchers.delete(watcher);
        resolve();
      };
      this.watchers.add(watcher);
      watcher();
    });
  }

  private add(event: string): void {
    if (this.pendingOutput !== '') this.events.push(this.pendingOutput.replaceAll('\r\n', '\n'));
    this.pendingOutput = '';
    this.events.push(event);
  }
}
