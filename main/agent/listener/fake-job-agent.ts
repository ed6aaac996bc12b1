import type { PracticeHub } from '../../practice/practice-hub.ts';
import { fakeRegistration } from '../hub/fake-registration.ts';
import type { Http } from '../hub/http.ts';
import { HubClient } from '../hub/hub-client.ts';
import type { JobResult } from '../hub/wire.ts';
import { fetchJob } from '../job/fetch-job.ts';
import { type FakeClock, settle } from '../platform/fake-clock.ts';
import { Listener } from './listener.ts';
import type { ListenerOptions, RunningJob } from './listener-options.ts';

export interface FakeJobAgentOptions {
  readonly hub: PracticeHub;
  readonly http: Http;
  readonly clock: FakeClock;
  readonly staysAlive?: boolean;
  /** In s. */
  readonly gracePeriod?: number;
  readonly onChange?: ListenerOptions['onChange'];
}

/**
 * An agent for tests: a real listener on a real hub over real HTTP. Its jobs are fetched for real, and end when the test says
 * so; only the waiting is virtual.
 */
export class FakeJobAgent {
  readonly listener: Listener;
  readonly lines: string[] = [];
  /** What the shutdown hook was told. */
  readonly reasons: string[] = [];
  /** How often the job was stopped. */
  stops = 0;
  exitCode: number | undefined;
  /** Ends the job that runs. */
  finish: (result: JobResult) => void = () => undefined;
  private readonly client: HubClient;

  constructor(private readonly options: FakeJobAgentOptions) {
    const { hub, http, clock, staysAlive = false, gracePeriod = 0, onChange = () => undefined } = options;
    const say = (line: string) => void this.lines.push(line);
    const { endpoint, registrationToken } = hub;
    this.client = new HubClient({ http, endpoint, noHttps: true, registrationToken });
    this.listener = new Listener({
      hub: this.client,
      clock,
      random: { bytes: (count) => new Uint8Array(count), between: (low) => low },
      log: { info: say, warn: say, error: say, setName: () => undefined },
      registration: fakeRegistration({ interruption_grace_period: gracePeriod }),
      rules: { disconnectAfterJob: false, staysAlive },
      store: { load: () => undefined, save: () => undefined, forget: () => undefined },
      startJob: (jobId, accessToken, onRunning) => this.startJob(jobId, accessToken, onRunning),
      onChange,
      runShutdownHook: async (reason) => void this.reasons.push(reason),
    });
    void this.listener.run().then((code) => {
      this.exitCode = code;
    });
  }

  /** States of all syncs so far. */
  get statesTold(): readonly string[] {
    return this.options.hub.calls.flatMap(({ kind, body }) =>
      kind === 'sync' ? [String((JSON.parse(body) as { state: string }).state)] : [],
    );
  }
  get syncs(): number {
    return this.statesTold.length;
  }

  /** Lets virtual time pass, in small steps, until something has happened. Real calls get their real time. */
  async passUntil(condition: () => boolean): Promise<void> {
    const { hub, clock } = this.options;
    for (let seen = -1; !condition(); ) {
      if (seen === hub.calls.length) await clock.advance(250);
      seen = hub.calls.length;
      for (let turn = 0; turn < 4; turn += 1) await settle();
    }
  }

  /** Until the hub has heard that a job runs. */
  running(): Promise<void> {
    return this.passUntil(() => this.statesTold.includes('running-job'));
  }

  /** Lets the hub send it away. */
  async leave(): Promise<void> {
    this.options.hub.mend();
    this.options.hub.requestShutdown('requested');
    await this.passUntil(() => this.exitCode !== undefined);
  }

  private startJob(jobId: string, accessToken: () => string, onRunning: () => void): RunningJob {
    const { clock } = this.options;
    const stopping = new AbortController();
    const steered = new Promise<JobResult>((resolve) => {
      this.finish = resolve;
    });
    const run = async (): Promise<{ result: JobResult }> => {
      const { signal } = stopping;
      const fetched = await fetchJob({ hub: this.client, clock, jobId, accessToken: accessToken(), signal });
      if (!fetched.ok) return { result: 'failed' };
      onRunning();
      return { result: await steered };
    };
    const stop = () => {
      this.stops += 1;
      stopping.abort();
      this.finish('stopped');
    };
    return { ended: run(), stop };
  }
}
