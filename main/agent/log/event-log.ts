import type { JobResult, LogEvent } from '../hub/wire.ts';
import { type Clock, type Timer, unixSeconds } from '../platform/clock.ts';
import type { EventFile } from './event-file.ts';
import { eventLine } from './event-lines.ts';
import type { LogIndex } from './index/log-index.ts';
import type { JobLog } from './job-log.ts';
import type { SecretMask } from './masking/secret-mask.ts';
import { OutputLine } from './output-line.ts';
import { TerminalText } from './terminal-text.ts';

/** Output waits no longer for more of it, in ms. */
const FLUSH_MS = 100;

export interface EventLogExtras {
  /** Told of every event, for readers who do not begin at the begin. */
  readonly index?: LogIndex;
  /** What must not stand in the log, in output as little as in what the agent writes. */
  readonly mask?: SecretMask | undefined;
}

/** A job's log as events in a file. */
export class EventLog implements JobLog {
  private readonly terminal: TerminalText;
  private readonly outputLine = new OutputLine();
  private flushTimer: Timer | undefined;
  private command: { readonly directive: string; readonly startedAt: number } | undefined;
  private closing: Promise<void> | undefined;

  constructor(
    private readonly file: EventFile,
    private readonly clock: Clock,
    private readonly extras: EventLogExtras = {},
  ) {
    this.terminal = new TerminalText(extras.mask?.stream());
  }

  jobStarted(): void {
    this.append({ event: 'job_started', timestamp: unixSeconds(this.clock) });
  }

  commandStarted(text: string): void {
    const directive = this.masked(text);
    const startedAt = unixSeconds(this.clock);
    this.command = { directive, startedAt };
    this.append({ event: 'cmd_started', timestamp: startedAt, directive });
  }

  output(bytes: Uint8Array): void {
    this.addOutput(this.terminal.push(bytes));
    if (!this.outputLine.isEmpty) this.flushTimer ??= this.clock.startTimer(FLUSH_MS, () => this.flush());
  }

  line(text: string): void {
    this.endOutput();
    const output = this.masked(text);
    this.file.appendOutput(this.indexed({ event: 'cmd_output', timestamp: unixSeconds(this.clock), output }));
  }

  commandFinished(exitCode: number): void {
    this.endOutput();
    const { directive = '', startedAt = 0 } = this.command ?? {};
    // A wall clock may be set back; no command ends before it began.
    const finishedAt = Math.max(startedAt, unixSeconds(this.clock));
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
    this.endOutput();
    this.append({ event: 'job_finished', timestamp: unixSeconds(this.clock), result });
  }

  get backlog(): number {
    return this.file.backlog;
  }

  drained(): Promise<void> {
    return this.file.drained();
  }

  close(): Promise<void> {
    this.endOutput();
    this.closing ??= this.file.finish();
    return this.closing;
  }

  /** What comes next does not belong to the output before it: nothing of that waits any longer. */
  private endOutput(): void {
    this.addOutput(this.terminal.end());
    this.flush();
  }

  private masked(text: string): string {
    return this.extras.mask?.maskText(text) ?? text;
  }

  /** Every event that is full goes into the file; the rest waits for more. */
  private addOutput(text: Buffer): void {
    for (let at = this.outputLine.add(text, 0); at < text.length; at = this.outputLine.add(text, at)) this.takeOutput();
  }

  private flush(): void {
    this.flushTimer?.cancel();
    this.flushTimer = undefined;
    if (!this.outputLine.isEmpty) this.takeOutput();
  }

  private takeOutput(): void {
    const { line, output } = this.outputLine.take(unixSeconds(this.clock));
    this.extras.index?.addOutput(output, line.length);
    this.file.appendOutput(line);
  }

  private append(event: LogEvent): void {
    this.file.append(this.indexed(event));
  }

  private indexed(event: LogEvent): Buffer {
    const line = eventLine(event);
    this.extras.index?.add(event, line.length, this.clock.now());
    return line;
  }
}
