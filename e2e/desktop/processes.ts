import { readdirSync, readFileSync } from 'node:fs';

/** Ids of the processes below one that have this argument. */
export function processesBelow(root: number, argument: string): readonly number[] {
  const processes = allProcesses();
  const parentOf = new Map(processes.map((pid) => [pid, Number(statusOf(pid).get('PPid'))]));
  const isBelow = (pid: number | undefined): boolean => pid === root || (!!pid && isBelow(parentOf.get(pid)));
  return processes.filter((pid) => isBelow(pid) && commandLineOf(pid).includes(argument));
}

/** Ids of the renderer processes below one. */
export function renderersOf(root: number): readonly number[] {
  return processesBelow(root, '--type=renderer');
}

/** Ids of all processes in whose environment both texts stand. */
export function processesWith(...texts: readonly string[]): readonly number[] {
  return allProcesses().filter((pid) => {
    const environment = readProc(pid, 'environ');
    return texts.every((text) => environment.includes(text));
  });
}

/** Ids of all processes that were started with one of these texts, as an argument or in their environment. */
export function processesNaming(texts: readonly string[]): readonly number[] {
  return allProcesses().filter((pid) => {
    const told = `${readProc(pid, 'cmdline')}\0${readProc(pid, 'environ')}`;
    return texts.some((text) => told.includes(text));
  });
}

/** Sends a signal to one process. A missing id must not become the whole group. */
export function sendSignal(signal: NodeJS.Signals, pid: number | undefined): void {
  if (!pid) throw new Error('no such process');
  process.kill(pid, signal);
}

/** 2 where the process is in Chromium's sandbox. */
export function seccompMode(pid: number): number {
  return Number(statusOf(pid).get('Seccomp'));
}

/** False for one that has gone, and for a zombie. */
export function isAlive(pid: number): boolean {
  const state = statusOf(pid).get('State')?.[0] ?? '';
  return !['', 'Z', 'X'].includes(state);
}

/** What a process was started with, and what it inherited. */
export function commandLineOf(pid: number): readonly string[] {
  return readProc(pid, 'cmdline').split(/[\0 ]/);
}

function allProcesses(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function statusOf(pid: number): ReadonlyMap<string, string> {
  const lines = readProc(pid, 'status')
    .split('\n')
    .map((line) => line.split(':\t', 2));
  return new Map(lines.map(([key = '', value = '']) => [key, value.trim()]));
}

/** Empty for a process that has just gone. */
function readProc(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}
