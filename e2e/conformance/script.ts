import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import type { PracticeHub } from '../../main/practice/practice-hub.ts';
import { isAlive, sendSignal } from '../desktop/processes.ts';
import type { Step, When } from './case.ts';
import { fillIn, type Places } from './normalise.ts';
import { syncs } from './observe.ts';

/** How often conditions on files are looked at, in ms. */
const LOOK_MS = 10;

/** The limits of a case are what a quiet machine needs, in seconds. No case is about speed: a busy one is given more. */
export const PATIENCE_MS = 3_000;

/** What the script of a case acts on. */
export interface Stage {
  readonly hub: PracticeHub;
  readonly places: Places;
  /** True once the agent's process has ended. */
  exited(): boolean;
  /** Queues a job that was held back. */
  queue(index: number): void;
}

/** Performs the steps one after another. Ends early when `signal` aborts. */
export async function playScript(steps: readonly Step[], stage: Stage, signal: AbortSignal): Promise<void> {
  for (const step of steps) {
    await waitUntil(step.when, stage, signal);
    if (signal.aborted) return;
    act(step, stage);
  }
}

/** Resolves when a condition holds and its `ms` have passed, or when `signal` aborts. Without a condition at once. */
export async function waitUntil(when: When | undefined, stage: Stage, signal: AbortSignal): Promise<void> {
  while (when && !holds(when, stage) && !signal.aborted) await pause(LOOK_MS);
  if (when?.ms && !signal.aborted) await pause(when.ms);
}

/** For steps of a recorded case that are told by their time. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function holds(when: When, { hub, places, exited }: Stage): boolean {
  const output = when.output;
  const wanted = [
    output === undefined || hub.jobIds.some((id) => hub.log(id).text.includes(fillIn(output, places))),
    when.file === undefined || existsSync(fillIn(when.file, places)),
    when.state === undefined || syncs(hub).at(-1)?.state === when.state,
    when.syncs === undefined || hub.calls.filter(({ kind }) => kind === 'sync').length >= when.syncs,
    when.finished === undefined || reported(hub) >= when.finished,
    when.call === undefined || hub.calls.filter(({ kind }) => kind === when.call).length >= (when.times ?? 1),
    when.exit !== true || exited(),
  ];
  return wanted.every(Boolean);
}

/** How many jobs the hub has a result of. */
export function reported(hub: PracticeHub): number {
  return hub.jobIds.filter((id) => hub.resultOf(id) !== undefined).length;
}

function act(step: Step, stage: Stage): void {
  const { hub, places } = stage;
  const current = hub.jobIds.find((id) => hub.resultOf(id) === undefined) ?? '';
  if (step.stop_job !== undefined) hub.stopJob(typeof step.stop_job === 'string' ? step.stop_job : current);
  if (step.signal) process.kill(registeredPid(hub), step.signal as NodeJS.Signals);
  if (step.shutdown) hub.requestShutdown(step.shutdown);
  if (step.answer !== undefined) hub.answerNextSync(step.answer);
  if (step.fault) hub.injectFault(toFault(step.fault));
  if (step.expire_log_token) hub.log(current).expireToken();
  if (step.queue !== undefined) stage.queue(step.queue);
  if (step.run) lookOn(fillIn(step.run, places), registeredPid(hub));
  if (step.write) writeFileSync(fillIn(step.write, places), '');
}

/** A command that looks at what an agent has made takes its time to begin: until it has looked, the agent stands still. */
function lookOn(command: string, agentPid: number): void {
  sendSignal('SIGSTOP', agentPid);
  spawn('bash', ['-c', command], { stdio: 'ignore' }).once('exit', () => {
    // A case that has failed meanwhile has ended its agent.
    if (isAlive(agentPid)) sendSignal('SIGCONT', agentPid);
  });
}

/** `exactOptionalPropertyTypes` tells an absent key from an undefined one; a parsed case does not. */
export function toFault(fault: NonNullable<Step['fault']>): Parameters<PracticeHub['injectFault']>[0] {
  return JSON.parse(JSON.stringify(fault)) as Parameters<PracticeHub['injectFault']>[0];
}

function registeredPid(hub: PracticeHub): number {
  const call = hub.calls.find(({ kind, status }) => kind === 'register' && status === 201);
  return Number((JSON.parse(call?.body ?? '{}') as { pid?: number }).pid);
}
