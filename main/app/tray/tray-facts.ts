import { existsSync, statSync } from 'node:fs';
import type { AgentSnapshot } from '../../../shared/agent-snapshot.ts';
import { variableName } from '../../../shared/options/option.ts';
import { jobPageOf } from '../windows/job-page.ts';
import type { TrayFacts, TrayHook } from './menu.ts';

const HOOKS = [
  ['Pre-job', 'pre-job-hook-path'],
  ['Post-job', 'post-job-hook-path'],
  ['Shutdown', 'shutdown-hook-path'],
] as const;

/** What the menu shows besides the snapshot, out of the variables of this start. */
export function trayFacts(snapshot: AgentSnapshot, settings: Readonly<Record<string, string>>): TrayFacts {
  return {
    snapshot,
    keepAwake: { on: false, locked: 'not in this version' },
    hooks: HOOKS.map(([label, option]) => hook(label, settings[variableName(option)] ?? '')),
    noJobPage: whyNoJobPage(snapshot),
  };
}

function whyNoJobPage(snapshot: AgentSnapshot): string {
  if (jobPageOf(snapshot)) return '';
  const hasJob = snapshot.lastJob !== undefined || ('job' in snapshot.status && snapshot.status.job !== undefined);
  return hasJob ? 'the job names no page there' : 'no job has run yet';
}

function hook(label: TrayHook['label'], path: string): TrayHook {
  if (path === '') return { label, path, problem: '' };
  const problem = !existsSync(path) ? 'missing' : statSync(path).isFile() ? '' : 'no file';
  return { label, path, problem };
}
