import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { callServer, type ServingAgent, signToken, startServing } from '../../e2e/serve-program.ts';
import { printing } from './agent-runs.ts';
import { peakMegabytes } from './measure.ts';

/** What it costs to fetch a whole log of `serve`. */
export interface FetchFigures {
  readonly seconds: number;
  readonly bytes: number;
  /** Peak of the agent's memory while it was fetched over what it had before, in MB. */
  readonly memory: number;
}

const authorization = `Bearer ${signToken()}`;

/** Lets a job print so many bytes under `serve`, then fetches its log (`GET /jobs/{id}/log`). */
export async function measureServedLog(bytes: number): Promise<FetchFigures> {
  const work = mkdtempSync(join(tmpdir(), 'bench-serve-'));
  const env = { PATH: process.env.PATH ?? '', HOME: join(work, 'home'), TMPDIR: join(work, 'tmp') };
  for (const folder of [env.HOME, env.TMPDIR]) mkdirSync(folder);
  const agent = await startServing({ command: [process.execPath, resolve('dist', 'cli.cjs')], env, cwd: work });
  try {
    const body = JSON.stringify({ job_id: 'long', commands: [{ directive: printing(bytes) }] });
    await callServer(agent.port, { method: 'POST', path: '/jobs', headers: { authorization }, body });
    while (!agent.output().includes('Job long passed')) await new Promise((next) => setTimeout(next, 100));
    // From here on the kernel counts the peak anew.
    writeFileSync(`/proc/${agent.pid}/clear_refs`, '5');
    const before = peakMegabytes(agent.pid);
    const began = performance.now();
    const fetched = await fetchLog(agent);
    const seconds = (performance.now() - began) / 1_000;
    return { seconds, bytes: fetched, memory: peakMegabytes(agent.pid) - before };
  } finally {
    agent.signal('SIGTERM');
    await agent.ended;
    rmSync(work, { recursive: true, force: true });
  }
}

/** Counts the bytes and keeps none. */
function fetchLog({ port }: ServingAgent): Promise<number> {
  return new Promise((fetched, reject) => {
    const options = { host: '127.0.0.1', port, path: '/jobs/long/log', rejectUnauthorized: false, agent: false };
    const call = request({ ...options, headers: { authorization } }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on('end', () => fetched(bytes));
      response.on('error', reject);
    });
    call.on('error', reject).end();
  });
}
