import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** Clock ticks of a second in /proc/<pid>/stat on every Linux that Node runs on. */
const TICKS = 100;

/** The middle one of several figures; of two, the mean. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** Seconds of CPU that a process has used so far, its children not counted. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** The same to the nanosecond, of the threads that are there: for a process that does next to nothing. */
export function fineCpuSeconds(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const spent = threads.map((id) => Number(readFileSync(`/proc/${pid}/task/${id}/schedstat`, 'latin1').split(' ')[0]));
  return spent.reduce((sum, ns) => sum + ns, 0) / 1e9;
}

/** A process's resident memory now, in MB. */
export function megabytes(pid: number): number {
  return statusMegabytes(pid, 'VmRSS');
}

/** The peak of it since the last call of `forgetPeak`, in MB. */
export function peakMegabytes(pid: number): number {
  return statusMegabytes(pid, 'VmHWM');
}

/** From now on the peak is counted anew (proc(5): `clear_refs`). */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

function statusMegabytes(pid: number, name: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0) / 1024;
}
