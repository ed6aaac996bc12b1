import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { kindOf, parseJson, readBody, respond } from './exchange.ts';
import { type CallKind, type Fault, FaultPlan } from './faults.ts';
import { type HubAnswer, HubRules } from './hub-rules.ts';
import { LogStore } from './log-store.ts';
import { Watchers } from './watchers.ts';

export interface PracticeHubOptions {
  /** 0 takes a free one. */
  readonly port?: number;
  /** Made up if not given. */
  readonly registrationToken?: string;
  /** What agents are told to wait between syncs, in ms. */
  readonly nextSyncAfter?: number;
  /** What a job's log may hold, in bytes. The real log server's is 16 MiB. */
  readonly maxLogBytes?: number;
  readonly assignedName?: string;
  /** What the tokens of the log server begin with. Made up if not given. */
  readonly logTokenPrefix?: string;
  /** In ms since the Unix epoch; the real time if not given. */
  readonly now?: () => number;
}

/** One call, as it was answered. `status` is `reset` where no answer was given on purpose. */
export interface RecordedCall {
  readonly kind: CallKind;
  readonly method: string;
  readonly path: string;
  readonly status: number | 'reset';
  readonly authorization: string;
  readonly body: string;
}

/** What a job request without a logger of its own gets. */
interface Logger {
  readonly method: 'push';
  readonly url: string;
  readonly token: string;
}

const MAX_LOG_BYTES = 16 * 1024 * 1024;

/** What common web servers give an idle connection: agents find theirs open at the next sync. */
const KEEP_ALIVE_MS = 75_000;

/** A hub and log server on the loopback interface, with the rules of the real ones. For practice and for tests. */
export class PracticeHub {
  readonly calls: RecordedCall[] = [];
  /** What an agent did that no agent may do. */
  readonly violations: string[] = [];
  readonly registrationToken: string;
  private readonly rules: HubRules;
  private readonly faults = new FaultPlan();
  private readonly logs = new Map<string, LogStore>();
  private readonly watchers = new Watchers();
  private readonly server: Server;
  private readonly logTokenPrefix: string;
  private madeUp = 0;

  private constructor(private readonly options: PracticeHubOptions) {
    this.registrationToken = options.registrationToken ?? randomBytes(18).toString('base64url');
    this.logTokenPrefix = options.logTokenPrefix ?? randomBytes(12).toString('hex');
    this.rules = new HubRules({
      registrationToken: this.registrationToken,
      nextSyncAfter: options.nextSyncAfter ?? 1_000,
      assignedName: options.assignedName,
      now: options.now ?? (() => Date.now()),
      newToken: () => randomBytes(18).toString('base64url'),
      onViolation: (text) => this.violations.push(text),
    });
    this.server = createServer((request, response) => void this.handle(request, response));
    this.server.keepAliveTimeout = KEEP_ALIVE_MS;
  }

  static async start(options: PracticeHubOptions = {}): Promise<PracticeHub> {
    const hub = new PracticeHub(options);
    await new Promise<void>((resolve, reject) => {
      hub.server.once('error', reject);
      hub.server.listen(options.port ?? 0, '127.0.0.1', resolve);
    });
    return hub;
  }

  /** `127.0.0.1:PORT`. */
  get endpoint(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** How many agents are registered now. */
  get connectedAgents(): number {
    return this.rules.connectedAgents;
  }

  /** Queues a job. One without an id gets one, one without a logger is pushed here. Returns the id. */
  addJob(request: Readonly<Record<string, unknown>>): string {
    this.madeUp += 1;
    const id = typeof request.job_id === 'string' && request.job_id !== '' ? request.job_id : `job-${this.madeUp}`;
    const logger = request.logger ?? this.loggerOf(id);
    this.enqueue(id, JSON.stringify({ ...request, job_id: id, logger }));
    return id;
  }

  /** Queues a job whose request is answered as it stands here. */
  enqueue(id: string, body: string): void {
    this.log(id);
    this.rules.enqueue(id, body);
    this.watchers.notify();
  }

  /** The log of a job, and where and with which token it is pushed. */
  log(id: string): LogStore {
    const known = this.logs.get(id);
    if (known) return known;
    const maxBytes = this.options.maxLogBytes ?? MAX_LOG_BYTES;
    const store = new LogStore(id, this.logTokenPrefix, maxBytes, (text) => this.violations.push(text));
    this.logs.set(id, store);
    return store;
  }
  loggerOf(id: string): Logger {
    return { method: 'push', url: `http://${this.endpoint}/logs/${id}`, token: this.log(id).token };
  }

  /** The result that was reported; undefined until then. */
  resultOf(id: string): string | undefined {
    return this.rules.jobs.get(id)?.result;
  }
  /** True once a job was given to an agent. */
  isGiven(id: string): boolean {
    return this.rules.jobs.get(id)?.agent !== undefined;
  }
  get jobIds(): readonly string[] {
    return [...this.rules.jobs.keys()];
  }

  stopJob(id: string): void {
    const job = this.rules.jobs.get(id);
    if (job) job.stopRequested = true;
  }
  requestShutdown(reason: string): void {
    this.rules.requestShutdown(reason);
  }
  /** As after a long silence of theirs: what the agents say from now on is answered with 404. */
  forgetAgents(): void {
    this.rules.forgetAgents();
  }
  answerNextSync(answer: unknown): void {
    this.rules.forcedAnswers.push(answer);
  }
  injectFault(fault: Fault): void {
    this.faults.add(fault);
  }
  /** Takes back what faults are still to come. */
  mend(): void {
    this.faults.mend();
  }

  /** Resolves as soon as a condition holds; it is looked at after every call. */
  waitFor(condition: (hub: PracticeHub) => boolean): Promise<void> {
    return this.watchers.waitFor(() => condition(this));
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request).catch(() => undefined);
    if (body === undefined) return;
    const url = new URL(request.url ?? '/', 'http://practice');
    const kind = kindOf(request.method ?? '', url.pathname);
    const authorization = request.headers.authorization ?? '';
    this.checkUserAgent(request, kind);
    const fault = this.faults.next(kind);
    if (fault?.delay) await new Promise((resolve) => setTimeout(resolve, fault.delay));
    const given = fault && breaksAnswer(fault) ? broken(fault) : this.answer(kind, url, authorization, body);
    this.calls.push({
      kind,
      method: request.method ?? '',
      path: url.pathname,
      status: given?.status ?? 'reset',
      authorization,
      body,
    });
    if (given) respond(response, given, fault?.headers);
    else if (fault?.stall !== undefined) request.socket.write(fault.stall);
    else request.socket.end(fault?.raw ?? '');
    this.watchers.notify();
  }

  private checkUserAgent(request: IncomingMessage, kind: CallKind): void {
    if (/^SemaphoreAgent\/\S+$/.test(request.headers['user-agent'] ?? '')) return;
    this.violations.push(`a ${kind} call has the user agent ${JSON.stringify(request.headers['user-agent'])}`);
  }

  private answer(kind: CallKind, url: URL, authorization: string, body: string): HubAnswer {
    const id = decodeURIComponent(url.pathname.split('/').at(-1) ?? '');
    switch (kind) {
      case 'register':
        return this.rules.register(authorization, parseJson(body));
      case 'sync':
        return this.rules.sync(authorization, parseJson(body));
      case 'job':
        return this.rules.job(authorization, id);
      case 'refresh': {
        const job = this.rules.refresh(authorization);
        return job
          ? { status: 200, body: { token: this.log(job.id).refreshToken() } }
          : { status: 422, body: 'no job' };
      }
      case 'disconnect':
        return this.rules.disconnect(authorization);
      case 'metrics':
        return this.rules.metrics(authorization);
      case 'jobs':
        return this.rules.queued(authorization);
      case 'push': {
        const { status, text } = this.log(id).push(authorization, Number(url.searchParams.get('start_from')), body);
        return { status, body: text };
      }
      case 'callback':
        return { status: 200, body: 'ok' };
      case 'unknown':
        return { status: 404, body: 'no such call' };
    }
  }
}

function breaksAnswer({ status, reset, raw, stall }: Fault): boolean {
  return status !== undefined || reset === true || raw !== undefined || stall !== undefined;
}

/** The answer that a fault gives; undefined where it gives none that is whole. */
function broken({ status, body }: Fault): HubAnswer | undefined {
  return status === undefined ? undefined : { status, body: body ?? 'broken on purpose' };
}
