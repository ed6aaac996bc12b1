import type { JobResult, LogEvent } from '../hub/wire.ts';
import { type Clock, type Timer, unixSeconds } from '../platform/clock.ts';
import type { EventFile } from './event-file.ts';
import { eventLine, MAX_OUTPUT_BYTES, outputPieces } from './event-lines.ts';
import type { JobLog } from './job-log.ts';
import type { LogOutline } from './outline.ts';
import { TerminalText } from './terminal-text.ts';

/** Output waits no longer for more of it, in ms. */
const FLUSH_MS = 100;

/** A job's log as events in a file. */
export class EventLog implements JobLog {
  private terminal = new TerminalText();
  private text = '';
  private flushTimer: Timer | undefined;
  private command: { readonly directive: string; readonly startedAt: number } | undefined;
  private closing: Promise<void> | undefined;

  constructor(
    private readonly file: EventFile,
    private readonly clock: Clock,
    /** Told of every command, for readers who do not begin at the begin. */
    private readonly outline?: LogOutline,
  ) {}

  jobStarted(): void {
    this.append({ event: 'job_started', timestamp: unixSeconds(this.clock) });
  }

  commandStarted(directive: string): void {
    const startedAt = unixSeconds(this.clock);
    this.outline?.started(directive, this.clock.now(), this.file.size + this.file.backlog);
    this.command = { directive, startedAt };
    this.append({ event: 'cmd_started', timestamp: startedAt, directive });
  }

  output(bytes: Uint8Array): void {
    this.text += this.terminal.push(bytes);
    if (this.text.length >= MAX_OUTPUT_BYTES) this.flush();
    else this.flushTimer ??= this.clock.startTimer(FLUSH_MS, () => this.flush());
  }

  line(text: string): void {
    this.flush();
    this.appendOutput(text);
  }

  commandFinished(exitCode: number): void {
    this.text += this.terminal.end();
    this.flush();
    const { directive = '', startedAt = 0 } = this.command ?? {};
    const finishedAt = unixSeconds(this.clock);
    this.outline?.finished(exitCode, this.clock.now());
    this.append({
      event: 'cmd_finished',
      timestamp: finishedAt,
      directive,
      exit_code: exitCode,
      started_at: startedAt,
      finished_at: finishedAt,
    });
    this.command = undefined;
  }

  jobFinished(result: JobResult): void {
    this.flush();
    this.append({ event: 'job_finished', timestamp: unixSeconds(this.clock), result });
  }

  get backlog(): number {
    return this.file.backlog;
  }

  drained(): Promise<void> {
    return this.file.drained();
  }

  close(): Promise<void> {
    this.flush();
    this.closing ??= this.file.finish();
    return this.closing;
  }

  private flush(): void {
    this.flushTimer?.cancel();
    this.flushTimer = undefined;
    const text = this.text;
    this.text = '';
    if (text !== '') for (const piece of outputPieces(text)) this.appendOutput(piece);
  }

  private appendOutput(output: string): void {
    this.append({ event: 'cmd_output', timestamp: unixSeconds(this.clock), output });
  }

  private append(event: LogEvent): void {
    this.file.append(eventLine(event));
  }
}
