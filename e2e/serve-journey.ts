import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { leftovers } from './conformance/leftovers.ts';
import { callServer, type ServingAgent, signToken, startServing } from './serve-program.ts';

export const SERVE_COMMAND = [process.execPath, join(process.cwd(), 'dist', 'cli.cjs')];
/** It is the machine's, whatever the home and the temp folder are. */
export const JUMP_POINT = '/tmp/ssh_jump_point';
const LOOK_MS = 20;

export interface ServeJourneyOptions {
  /** Asked for when it is started. */
  readonly flags?: () => readonly string[];
  /** Besides what every agent of a test has. `work` is the test's own folder. */
  readonly env?: (work: string) => Readonly<Record<string, string>>;
}

/** See {@link serveJourney}. */
export class ServeJourney {
  private belongings: { readonly work: string; readonly agent: ServingAgent } | undefined;
  /** A good token. */
  readonly authorization = `Bearer ${signToken()}`;

  async begin({ flags = () => [], env = () => ({}) }: ServeJourneyOptions): Promise<void> {
    const work = mkdtempSync(join(tmpdir(), 'serve-journey-'));
    const [home, temp] = [join(work, 'home'), join(work, 'tmp')];
    for (const folder of [home, temp]) mkdirSync(folder);
    const own = { PATH: process.env.PATH ?? '', HOME: home, TMPDIR: temp, LANG: 'C.UTF-8', ...env(work) };
    const agent = await startServing({ command: SERVE_COMMAND, flags: flags(), env: own, cwd: work });
    this.belongings = { work, agent };
  }

  async end(): Promise<void> {
    const { work, agent } = this;
    agent.signal('SIGTERM');
    await agent.ended;
    expect(leftovers(work)).toEqual([]);
    rmSync(work, { recursive: true, force: true });
  }

  get work(): string {
    return this.mine.work;
  }
  get agent(): ServingAgent {
    return this.mine.agent;
  }

  private get mine() {
    if (!this.belongings) throw new Error('this is there within a test only');
    return this.belongings;
  }

  call(method: string, path: string, body?: string | Buffer, headers: Readonly<Record<string, string>> = {}) {
    return callServer(this.agent.port, {
      method,
      path,
      headers: { authorization: this.authorization, ...headers },
      ...(body === undefined ? {} : { body }),
    });
  }

  /** Resolves with a job's log when a text is in one of its events. Each look asks for what came behind the former one. */
  async shows(id: string, text: string): Promise<string> {
    let log = '';
    for (let events = 0; ; ) {
      const { status, text: more } = await this.call('GET', `/jobs/${id}/log?start_from=${events}`);
      if (status === 200) {
        log += more;
        events += more.split('\n').length - 1;
        if (more.includes(text)) return log;
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** What the agent's memory holds, in MB. */
  get memory(): number {
    const status = readFileSync(`/proc/${this.agent.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024;
  }
}

/** A job request with these commands. */
export function servedJob(id: string, ...directives: readonly string[]) {
  return { job_id: id, commands: directives.map((directive) => ({ directive })) };
}

/** What every test of `serve` has for itself, for as long as it lasts. Say it once at the top of a file, or of a `describe`. */
export function serveJourney(options: ServeJourneyOptions = {}): ServeJourney {
  const journey = new ServeJourney();
  let hadJumpPoint = false;
  beforeEach(() => {
    hadJumpPoint = existsSync(JUMP_POINT);
    return journey.begin(options);
  });
  afterEach(async () => {
    await journey.end();
    if (!hadJumpPoint) rmSync(JUMP_POINT, { force: true });
  });
  return journey;
}
