import type { Fold } from '../config/commands.ts';
import type { LogEvent } from '../hub/wire.ts';
import type { Clock } from '../platform/clock.ts';

/** What the agent does around the commands of a job; their directives on the wire. */
const STEPS = ['Exporting environment variables', 'Injecting Files', 'Checking job result'];
/** Of a command that is folded so much is kept, its end, in case that it fails. In characters. */
const KEPT = 1024 * 1024;

export interface JobViewOptions {
  readonly clock: Clock;
  readonly colours: boolean;
  readonly fold: Fold;
}

interface Shown {
  readonly startedAt: number;
  readonly isFolded: boolean;
  folded: string;
  isCut: boolean;
}

/** A job's log as people read it on a terminal: a line for each command, its output, then how it ended and how long it took. */
export class JobView {
  private command: Shown | undefined;
  private isAtLineStart = true;
  /** The job may have left its colours on. */
  private isPainted = false;
  private readonly begun: number;

  constructor(private readonly options: JobViewOptions) {
    this.begun = options.clock.monotonic();
  }

  /** The text for an event; its output passes through as it is. */
  show(event: LogEvent): string {
    switch (event.event) {
      case 'job_started':
        return '';
      case 'cmd_started':
        return this.begin(event.directive);
      case 'cmd_output':
        return this.output(event.output);
      case 'cmd_finished':
        return this.end(event.exit_code);
      case 'job_finished':
        return this.finish(event.result);
    }
  }

  private begin(directive: string): string {
    const { clock, fold } = this.options;
    const isFolded = fold === 'passed' || (fold === 'steps' && STEPS.includes(directive));
    this.command = { startedAt: clock.monotonic(), isFolded, folded: '', isCut: false };
    const head = this.newLine() + this.paint('1', `▸ ${directive.replaceAll('\n', '\n  ')}`);
    this.isAtLineStart = !isFolded;
    return isFolded ? head : `${head}\n`;
  }

  private output(text: string): string {
    const { command } = this;
    this.isPainted ||= text.includes('\x1b');
    if (!command?.isFolded) {
      this.isAtLineStart = text.endsWith('\n');
      return text;
    }
    command.folded += text;
    if (command.folded.length > 2 * KEPT) {
      command.folded = command.folded.slice(-KEPT);
      command.isCut = true;
    }
    return '';
  }

  private end(exitCode: number): string {
    const { command } = this;
    const took = duration(this.options.clock.monotonic() - (command?.startedAt ?? 0));
    const verdict =
      exitCode === 0 ? this.paint('32', `✓ ${took}`) : this.paint('31', `✗ exit code ${exitCode}, ${took}`);
    this.command = undefined;
    if (!command?.isFolded) return `${this.newLine()}${verdict}\n`;
    this.isAtLineStart = true;
    if (exitCode === 0) return ` ${verdict}\n`;
    const cut = command.isCut ? '… (what came before is left out)\n' : '';
    this.isAtLineStart = command.folded.endsWith('\n') || command.folded === '';
    return `\n${cut}${command.folded}${this.newLine()}${verdict}\n`;
  }

  private finish(result: string): string {
    const took = duration(this.options.clock.monotonic() - this.begun);
    const colour = result === 'passed' ? '1;32' : '1;31';
    return `${this.newLine()}\n${this.paint(colour, `Job ${result}`)} after ${took}\n`;
  }

  /** Leaves a line that the job has begun, and the colours that it may have left on. */
  private newLine(): string {
    const reset = this.options.colours && this.isPainted ? '\x1b[0m' : '';
    this.isPainted = false;
    if (this.isAtLineStart) return reset;
    this.isAtLineStart = true;
    return `${reset}\n`;
  }

  private paint(code: string, text: string): string {
    return this.options.colours ? `\x1b[${code}m${text}\x1b[0m` : text;
  }
}

function duration(ms: number): string {
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.floor((ms % 60_000) / 1_000)} s`;
}
