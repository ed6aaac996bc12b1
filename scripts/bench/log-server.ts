import { createHash, type Hash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type LogEvent, logEventSchema, MAX_EVENTS_PER_PUSH } from '../../main/agent/hub/wire.ts';
import { Watchers } from '../../main/practice/watchers.ts';

const TOKEN = 'bench';

/** How far the log is: enough to go back to it, and nothing of its text. */
interface Mark {
  readonly events: number;
  readonly bytes: number;
  readonly hash: Hash;
  readonly last: string;
}

/**
 * A log server that keeps nothing: it parses every event, checks that each push begins where the last one ended (or repeats
 * it), and hashes all output. So a log of any length can be measured.
 */
export class CheckingLogServer {
  private mark: Mark = { events: 0, bytes: 0, hash: createHash('sha256'), last: '' };
  private before: Mark = this.mark;
  /** What no agent may do. */
  readonly violations: string[] = [];
  private readonly watchers = new Watchers();
  /** Told of all output, when it is stored. */
  onOutput: (text: string) => void = () => undefined;
  private readonly server = createServer((request, response) => void this.take(request, response));

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  get logger(): { readonly method: 'push'; readonly url: string; readonly token: string } {
    const { port } = this.server.address() as AddressInfo;
    return { method: 'push', url: `http://127.0.0.1:${port}/logs/bench`, token: TOKEN };
  }

  /** Bytes of output so far, and the hash of them. */
  get bytes(): number {
    return this.mark.bytes;
  }
  get hash(): string {
    return this.mark.hash.copy().digest('hex');
  }
  /** The last event is the job's. */
  get isWhole(): boolean {
    return this.mark.last === 'job_finished';
  }

  waitFor(condition: () => boolean): Promise<void> {
    return this.watchers.waitFor(condition);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const from = Number(new URL(request.url ?? '', 'http://bench').searchParams.get('start_from'));
    if (request.headers.authorization !== `Bearer ${TOKEN}`) this.violations.push('a push without its token');
    this.store(from, Buffer.concat(chunks).toString('utf8'));
    response.end();
    this.watchers.notify();
  }

  private store(from: number, body: string): void {
    if (from === this.before.events && from !== this.mark.events) this.mark = this.before;
    if (from !== this.mark.events) this.violations.push(`a push from ${from}, where ${this.mark.events} events are`);
    const lines = body.split('\n');
    if (lines.pop() !== '') this.violations.push('a push that does not end with a newline');
    if (lines.length > MAX_EVENTS_PER_PUSH) this.violations.push(`a push of ${lines.length} events`);
    this.before = this.mark;
    const hash = this.mark.hash.copy();
    let { events, bytes, last } = this.mark;
    for (const line of lines) {
      const event = this.parse(line);
      if (event?.event === 'cmd_output') {
        hash.update(event.output);
        bytes += Buffer.byteLength(event.output);
        this.onOutput(event.output);
      }
      if (event && (events === 0) !== (event.event === 'job_started'))
        this.violations.push(`event ${events}: ${event.event}`);
      last = event?.event ?? '';
      events += 1;
    }
    this.mark = { events, bytes, hash, last };
  }

  private parse(line: string): LogEvent | undefined {
    try {
      return logEventSchema.parse(JSON.parse(line));
    } catch {
      this.violations.push(`no event: ${line.slice(0, 80)}`);
      return undefined;
    }
  }
}
