import { type LogEvent, logEventSchema, MAX_EVENTS_PER_PUSH } from '../agent/hub/wire.ts';

/** What the log server says to a push: a status and, where it refuses, why. */
export interface PushAnswer {
  readonly status: 200 | 401 | 413 | 422;
  readonly text: string;
}

/** One job's log at the log server (`loghub2`): stored by position, so that a repeated push replaces what it repeats. */
export class LogStore {
  private readonly lines: string[] = [];
  private size = 0;
  private tokenNumber = 1;
  private tokenExpired = false;

  constructor(
    private readonly jobId: string,
    private readonly secret: string,
    private readonly maxBytes: number,
    private readonly onViolation: (text: string) => void,
  ) {}

  /** The token that is accepted now. */
  get token(): string {
    const token = `${this.secret}-${this.jobId}`;
    return this.tokenNumber === 1 ? token : `${token}-${this.tokenNumber}`;
  }

  /** From now on the token that was given out is refused, until a new one is asked for. */
  expireToken(): void {
    this.tokenExpired = true;
  }

  refreshToken(): string {
    this.tokenNumber += 1;
    this.tokenExpired = false;
    return this.token;
  }

  /** Number of events, and their lines, newlines not included. */
  get count(): number {
    return this.lines.length;
  }
  get rawLines(): readonly string[] {
    return this.lines;
  }

  get events(): readonly LogEvent[] {
    return this.lines.map((line) => logEventSchema.parse(JSON.parse(line)));
  }

  /** All output, joined. */
  get text(): string {
    return this.events.map((event) => (event.event === 'cmd_output' ? event.output : '')).join('');
  }

  push(authorization: string, startFrom: number, body: string): PushAnswer {
    if (this.tokenExpired || authorization !== `Bearer ${this.token}`) return { status: 401, text: 'token expired' };
    const lines = body.split('\n');
    if (lines.pop() !== '') this.onViolation(`a push to ${this.jobId} does not end with a newline`);
    if (lines.length > MAX_EVENTS_PER_PUSH) return { status: 413, text: 'too many events' };
    if (startFrom > this.lines.length)
      this.onViolation(`a push to ${this.jobId} leaves a gap before event ${startFrom}`);
    for (const dropped of this.lines.splice(startFrom)) this.size -= dropped.length;
    const bytes = Buffer.byteLength(body);
    if (this.size + bytes > this.maxBytes) return { status: 422, text: 'no more space left for events' };
    for (const line of lines) this.store(line);
    return { status: 200, text: '' };
  }

  private store(line: string): void {
    this.lines.push(line);
    this.size += line.length;
    if (!isEvent(line)) this.onViolation(`a push to ${this.jobId} holds a line that is no event`);
  }
}

function isEvent(line: string): boolean {
  try {
    return logEventSchema.safeParse(JSON.parse(line)).success;
  } catch {
    return false;
  }
}
