import {
  type JobResult,
  type RegisterRequest,
  registerRequestSchema,
  type SyncRequest,
  syncRequestSchema,
} from '../agent/hub/wire.ts';

/** An answer of the hub: a status and a JSON value, or a text where it refuses. */
export interface HubAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** A job as the hub has it. */
export interface HubJob {
  readonly id: string;
  /** Body of the answer to `GET /jobs/{id}`. */
  readonly body: string;
  agent: string | undefined;
  stopRequested: boolean;
  result: JobResult | undefined;
}

interface HubAgent {
  readonly token: string;
  readonly registration: RegisterRequest;
  readonly name: string;
  job: HubJob | undefined;
  lastState: string;
  idleSince: number;
  interruptedAt: number;
}

export interface HubRulesOptions {
  readonly registrationToken: string;
  /** Milliseconds; how the hub paces its agents. */
  nextSyncAfter: number;
  /** Given instead of the name that the agent asked for. */
  readonly assignedName: string | undefined;
  readonly now: () => number;
  readonly newToken: () => string;
  readonly onViolation: (text: string) => void;
}

/** How long an agent that asks is given before its job is stopped: its own grace period. */
const SECOND = 1_000;

/** What the hub does about agents and jobs (`self_hosted_hub`), without the transport. */
export class HubRules {
  readonly jobs = new Map<string, HubJob>();
  private readonly agents = new Map<string, HubAgent>();
  private readonly queue: HubJob[] = [];
  private shutdownReason: string | undefined;
  /** Answers to the next syncs, whatever they say. */
  readonly forcedAnswers: unknown[] = [];

  constructor(private readonly options: HubRulesOptions) {}

  enqueue(id: string, body: string): void {
    const job: HubJob = { id, body, agent: undefined, stopRequested: false, result: undefined };
    this.jobs.set(id, job);
    this.queue.push(job);
  }

  /** From now on every agent that waits for jobs is told to go. */
  requestShutdown(reason: string): void {
    this.shutdownReason = reason;
  }

  forgetAgents(): void {
    this.agents.clear();
  }

  get connectedAgents(): number {
    return this.agents.size;
  }

  register(authorization: string, body: unknown): HubAnswer {
    const { registrationToken, assignedName, now, newToken } = this.options;
    if (authorization !== `Token ${registrationToken}`) return { status: 401, body: 'Unauthorized' };
    const parsed = registerRequestSchema.safeParse(body);
    if (!parsed.success) return { status: 422, body: 'malformed register request' };
    const refused = this.nameRefused(parsed.data.name);
    if (refused) return { status: 400, body: refused };
    const name = assignedName ?? parsed.data.name;
    const token = newToken();
    const agent: HubAgent = {
      token,
      registration: parsed.data,
      name,
      job: undefined,
      lastState: '',
      idleSince: now(),
      interruptedAt: 0,
    };
    this.agents.set(token, agent);
    return { status: 201, body: { name, token } };
  }

  private nameRefused(name: string): string | undefined {
    if (/^https?:\/\//.test(name))
      return this.options.assignedName ? undefined : 'URL names are not allowed for this agent type';
    if (!/^[a-zA-Z0-9\-_/+]{8,80}$/.test(name))
      return 'name must have 8 to 80 characters of a-z, A-Z, 0-9, -, _, / and +';
    const taken = [...this.agents.values()].some((agent) => agent.name === name && agent.lastState !== '');
    return taken ? `name ${name} is already being used` : undefined;
  }

  sync(authorization: string, body: unknown): HubAnswer {
    const agent = this.agentOf(authorization);
    if (!agent) return { status: 404, body: 'agent not found' };
    const parsed = syncRequestSchema.safeParse(body);
    if (!parsed.success) return { status: 422, body: 'malformed sync request' };
    this.checkSync(agent, parsed.data);
    agent.lastState = parsed.data.state;
    agent.interruptedAt ||= parsed.data.interrupted_at;
    const forced = this.forcedAnswers.shift();
    return {
      status: 200,
      body: forced ?? { next_sync_after: this.options.nextSyncAfter, ...this.decide(agent, parsed.data) },
    };
  }

  job(authorization: string, id: string): HubAnswer {
    const agent = this.agentOf(authorization);
    if (agent?.job?.id !== id) return { status: 404, body: 'job not found' };
    return { status: 200, body: agent.job.body };
  }

  /** The job whose log token an agent may have anew. */
  refresh(authorization: string): HubJob | undefined {
    return this.agentOf(authorization)?.job;
  }

  disconnect(authorization: string): HubAnswer {
    const agent = this.agentOf(authorization);
    if (!agent) return { status: 404, body: 'agent not found' };
    this.agents.delete(agent.token);
    return { status: 200, body: 'ok' };
  }

  metrics(authorization: string): HubAnswer {
    if (authorization !== `Token ${this.options.registrationToken}`) return { status: 401, body: 'Unauthorized' };
    const occupied = [...this.agents.values()].filter((agent) => agent.job).length;
    const jobs = { queued: this.queue.length, running: occupied };
    return { status: 200, body: { jobs, agents: { idle: this.agents.size - occupied, occupied } } };
  }

  queued(authorization: string): HubAnswer {
    if (authorization !== `Token ${this.options.registrationToken}`) return { status: 401, body: 'Unauthorized' };
    return { status: 200, body: { jobs: this.queue.map(({ id }) => ({ id })) } };
  }

  private agentOf(authorization: string): HubAgent | undefined {
    return this.agents.get(authorization.replace(/^Token /, ''));
  }

  private decide(agent: HubAgent, sync: SyncRequest): Record<string, unknown> {
    switch (sync.state) {
      case 'waiting-for-jobs':
        return this.decideIdle(agent);
      case 'finished-job':
        return this.takeResult(agent, sync);
      case 'stopping-job':
        return { action: 'continue' };
      default:
        return agent.job && (agent.job.stopRequested || this.graceIsOver(agent))
          ? { action: 'stop-job', job_id: agent.job.id }
          : { action: 'continue' };
    }
  }

  /** A job that was given out is given out again until the agent leaves this state. */
  private decideIdle(agent: HubAgent): Record<string, unknown> {
    if (agent.job) return { action: 'run-job', job_id: agent.job.id };
    if (this.shutdownReason) return shutdown(this.shutdownReason);
    if (agent.interruptedAt > 0) return shutdown('interrupted');
    const wanted = agent.registration.job_id;
    const at = this.queue.findIndex(({ id }) => wanted === '' || id === wanted);
    const [job] = at < 0 ? [] : this.queue.splice(at, 1);
    if (job) {
      job.agent = agent.name;
      agent.job = job;
      return { action: 'run-job', job_id: job.id };
    }
    const idleMs = agent.registration.idle_timeout * SECOND;
    return idleMs > 0 && this.options.now() - agent.idleSince >= idleMs ? shutdown('idle') : { action: 'continue' };
  }

  private takeResult(agent: HubAgent, sync: SyncRequest): Record<string, unknown> {
    if (agent.job?.id === sync.job_id && sync.job_result !== '') agent.job.result ??= sync.job_result;
    agent.job = undefined;
    agent.idleSince = this.options.now();
    return agent.registration.single_job ? shutdown('job-finished') : { action: 'wait-for-jobs' };
  }

  private graceIsOver({ interruptedAt, registration }: HubAgent): boolean {
    const over = (interruptedAt + registration.interruption_grace_period) * SECOND;
    return interruptedAt > 0 && this.options.now() >= over;
  }

  /** What holds of every sync, whatever the agent is about. */
  private checkSync(agent: HubAgent, sync: SyncRequest): void {
    const { onViolation } = this.options;
    const order = ['waiting-for-jobs', 'starting-job', 'running-job', 'stopping-job', 'finished-job'];
    if ((sync.job_id === '') !== (sync.state === 'waiting-for-jobs'))
      onViolation(`a sync says ${sync.state} with job_id “${sync.job_id}”`);
    if ((sync.job_result === '') !== (sync.state !== 'finished-job'))
      onViolation(`a sync says ${sync.state} with result “${sync.job_result}”`);
    const back = order.indexOf(sync.state) < order.indexOf(agent.lastState);
    if (back && !(sync.state === 'waiting-for-jobs' && agent.lastState === 'finished-job')) {
      onViolation(`the state goes back from ${agent.lastState} to ${sync.state}`);
    }
  }
}

function shutdown(reason: string): Record<string, unknown> {
  return { action: 'shutdown', shutdown_reason: reason };
}
