import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAgent } from '../../e2e/agent.ts';
import { PracticeHub } from '../../main/practice/practice-hub.ts';
import { cpuSeconds, peakMegabytes } from './measure.ts';

/** What one job cost. */
export interface JobFigures {
  /** From the answer that gave the job out, in s. */
  readonly untilStored: number;
  readonly untilReported: number;
  /** Of the agent's own process, in s. */
  readonly cpu: number;
  /** MB over what the agent had before the job. */
  readonly memory: number;
  /** Bytes of output that arrived at the log server. */
  readonly stored: number;
}

/** Runs a command as a job on an agent that is connected and idle. */
export function measureJob(
  command: string,
  wanted: string,
  request: Readonly<Record<string, unknown>> = { executor: 'shell' },
): Promise<JobFigures> {
  return withAgent(async (hub, pid) => {
    await hub.waitFor(() => hub.calls.filter(({ kind }) => kind === 'sync').length >= 2);
    const before = { cpu: cpuSeconds(pid), memory: peakMegabytes(pid) };
    const id = hub.addJob({ ...request, commands: [{ directive: command }] });
    await hub.waitFor(() => hub.calls.some(({ kind }) => kind === 'job'));
    const given = performance.now();
    await hub.waitFor(() => hub.log(id).rawLines.some((line) => line.includes(wanted)));
    const stored = performance.now();
    await hub.waitFor(() => hub.resultOf(id) !== undefined);
    const reported = performance.now();
    return {
      untilStored: (stored - given) / 1000,
      untilReported: (reported - given) / 1000,
      cpu: cpuSeconds(pid) - before.cpu,
      memory: peakMegabytes(pid) - before.memory,
      stored: hub.log(id).text.length,
    };
  });
}

/** From the begin of a command until its end, behind all its output, is at the log server, in s. */
export function measureOutput(command: string, request: Readonly<Record<string, unknown>>): Promise<number> {
  return withAgent(async (hub) => {
    const id = hub.addJob({ ...request, commands: [{ directive: 'echo "beg""un"' }, { directive: command }] });
    await hub.waitFor(() => hub.log(id).text.includes('begun\n'));
    const begun = performance.now();
    const isEnd = (line: string) => line.includes('"cmd_finished"') && line.includes(JSON.stringify(command));
    // Of a long log only the end is looked at.
    await hub.waitFor(() => hub.log(id).rawLines.slice(-10).some(isEnd));
    const took = (performance.now() - begun) / 1000;
    await hub.waitFor(() => hub.resultOf(id) !== undefined);
    return took;
  });
}

async function withAgent<T>(body: (hub: PracticeHub, pid: number) => Promise<T>): Promise<T> {
  const work = mkdtempSync(join(tmpdir(), 'bench-'));
  const hub = await PracticeHub.start({ nextSyncAfter: 50, maxLogBytes: Number.POSITIVE_INFINITY });
  const agent = startAgent(hub, work, { env: whereJobsRun() });
  try {
    return await body(hub, agent.pid);
  } finally {
    hub.requestShutdown('requested');
    await agent.ended;
    await hub.close();
    rmSync(work, { recursive: true, force: true });
  }
}

/** An engine or a cluster of the bench's own, as its environment tells. */
function whereJobsRun(): Readonly<Record<string, string>> {
  const { DOCKER_HOST, AGENT_KUBECONFIG } = process.env;
  if (AGENT_KUBECONFIG) return { KUBECONFIG: AGENT_KUBECONFIG, SEMAPHORE_AGENT_KUBERNETES_EXECUTOR: 'true' };
  return DOCKER_HOST ? { DOCKER_HOST } : {};
}
