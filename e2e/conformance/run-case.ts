import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PracticeHub } from '../../main/practice/practice-hub.ts';
import type { Case } from './case.ts';
import { prepareCluster, tidyCluster } from './cluster.ts';
import { compare, type Difference } from './compare.ts';
import { toJobRequest } from './job-request.ts';
import { leftovers } from './leftovers.ts';
import { applyMasks, fillIn, type Places } from './normalise.ts';
import { observe } from './observe.ts';
import { PATIENCE_MS, playScript, reported, type Stage, toFault, waitUntil } from './script.ts';

export interface CaseResult {
  readonly name: string;
  readonly differences: readonly Difference[];
  /** What the agent wrote on its standard output and error; for people. */
  readonly output: string;
  readonly ms: number;
}

/** What is tested: a program with its first arguments, and variables that it needs to run at all. */
export interface AgentProgram {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

interface Agent {
  readonly process: ChildProcess;
  readonly ended: Promise<number>;
  readonly output: () => string;
  code: number | undefined;
}

/** Runs one case against an agent, in folders of its own that are gone afterwards. */
export async function runCase(one: Case, program: AgentProgram): Promise<CaseResult> {
  const begun = performance.now();
  const work = mkdtempSync(join(tmpdir(), 'conformance-'));
  const hub = await PracticeHub.start({
    nextSyncAfter: one.hub.nextSyncAfter ?? 300,
    logTokenPrefix: 'log-token',
    ...(one.hub.assignedName ? { assignedName: one.hub.assignedName } : {}),
    ...(one.hub.maxLogBytes ? { maxLogBytes: one.hub.maxLogBytes } : {}),
  });
  const places = makePlaces(work, hub);
  try {
    for (const file of one.host_files) placeFile(file, places);
    if (one.cluster) await prepareCluster(one.cluster, places);
    for (const fault of one.faults) hub.injectFault(toFault(fault));
    const queue = queueJobs(one, hub, places);
    const agent = startAgent(one, program, hub, places);
    const { exit, probes } = await play(one, { hub, places, exited: () => agent.code !== undefined, queue }, agent);
    const seen = observe(hub, one, places, { exit, probes });
    const differences = [...compare(one, seen), ...always(hub, work)];
    return { name: one.name, differences, output: agent.output(), ms: performance.now() - begun };
  } finally {
    if (one.cluster) await tidyCluster(one.cluster);
    await hub.close();
    rmSync(work, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Makes the folders that a case may name, within `work`. */
export function makePlaces(work: string, hub: PracticeHub): Places {
  const places = { HOME: join(work, 'home'), TMP: join(work, 'tmp'), CASE: join(work, 'case'), WORK: work };
  for (const folder of Object.values(places)) mkdirSync(folder, { recursive: true });
  return { ...places, HUB: `http://${hub.endpoint}`, HOST: hub.endpoint };
}

/** Writes a file that the case wants on the machine. */
export function placeFile(file: Case['host_files'][number], places: Places): void {
  const path = fillIn(file.path, places);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, fillIn(file.content, places), { mode: Number.parseInt(file.mode ?? '0644', 8) });
}

/** Queues what is not held back, and gives the way to queue the rest. */
function queueJobs(one: Case, hub: PracticeHub, places: Places): (index: number) => void {
  const jobs = one.jobs ?? (one.job ? [one.job] : []);
  const add = (index: number) => {
    const job = jobs[index];
    if (job) hub.addJob(toJobRequest(job, `job-${index + 1}`, places));
  };
  jobs.forEach((job, index) => {
    if (!job.hold) add(index);
  });
  one.raw_jobs.forEach((body, index) => {
    hub.enqueue(`raw-${index + 1}`, fillIn(body, places));
  });
  return add;
}

function startAgent(one: Case, program: AgentProgram, hub: PracticeHub, places: Places): Agent {
  const [file = '', ...args] = program.command;
  const connection = ['--endpoint', hub.endpoint, '--token', hub.registrationToken, '--no-https'];
  const flags = one.flags.map((flag) => fillIn(flag, places));
  const env = { PATH: process.env.PATH ?? '', HOME: places.HOME, TMPDIR: places.TMP, LANG: 'C.UTF-8', TERM: 'xterm' };
  const child = spawn(file, [...args, 'start', ...connection, ...flags], {
    cwd: places.CASE,
    env: { ...env, ...engineEnv(), ...program.env, ...one.host_env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  const agent: Agent = {
    process: child,
    code: undefined,
    output: () => Buffer.concat(chunks).toString(),
    ended: new Promise((resolve) => {
      child.on('exit', (code) => {
        agent.code = code ?? -1;
        resolve(agent.code);
      });
    }),
  };
  return agent;
}

/** Where the container engine of the tests is. */
function engineEnv(): Readonly<Record<string, string>> {
  const { DOCKER_HOST } = process.env;
  return DOCKER_HOST ? { DOCKER_HOST } : {};
}

/** The course of a case: its script, its end, then the hub lets the agent go. */
async function play(
  one: Case,
  stage: Stage,
  agent: Agent,
): Promise<{ exit: number | string; probes: Record<string, string> }> {
  const overtime = new AbortController();
  const limit = setTimeout(() => overtime.abort(), one.timeout * PATIENCE_MS);
  const scripted = playScript(one.script, stage, overtime.signal);
  const jobs = (one.jobs ?? (one.job ? [one.job] : [])).length + one.raw_jobs.length;
  await waitUntil(one.until ?? { finished: jobs }, { ...stage, exited: stage.exited }, overtime.signal);
  await scripted;
  clearTimeout(limit);
  const probes: Record<string, string> = {};
  if (reported(stage.hub) > 0) await runProbes(one, 'finished', stage.places, probes);
  if (one.shutdown) stage.hub.requestShutdown('requested');
  let isLate = false;
  const late = setTimeout(() => {
    isLate = true;
    agent.process.kill('SIGKILL');
  }, one.exit_within * PATIENCE_MS);
  const code = await agent.ended;
  clearTimeout(late);
  await runProbes(one, 'exit', stage.places, probes);
  return { exit: isLate ? 'still running' : code, probes };
}

async function runProbes(
  one: Case,
  at: 'finished' | 'exit',
  places: Places,
  into: Record<string, string>,
): Promise<void> {
  for (const probe of one.probes.filter((candidate) => candidate.at === at)) {
    const output = await new Promise<string>((resolve) => {
      execFile('bash', ['-c', fillIn(probe.run, places)], (_, stdout, stderr) => resolve(stdout + stderr));
    });
    into[probe.name] = applyMasks(output, one.masks);
  }
}

/** What holds in every case. */
function always(hub: PracticeHub, work: string): readonly Difference[] {
  const left = leftovers(work);
  return [
    ...(hub.violations.length > 0 ? [{ key: 'violations', expected: [], seen: hub.violations }] : []),
    ...(left.length > 0 ? [{ key: 'processes left over', expected: [], seen: left }] : []),
  ];
}
