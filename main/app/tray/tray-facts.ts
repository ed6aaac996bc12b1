import { existsSync, statSync } from 'node:fs';
import type { AgentSnapshot } from '../../../shared/agent-snapshot.ts';
import { jobPageOf } from '../windows/job-page.ts';
import type { TrayFacts, TrayHook } from './menu.ts';

const HOOKS = [
  ['Pre-job', 'pre-job-hook-path'],
  ['Post-job', 'post-job-hook-path'],
  ['Shutdown', 'shutdown-hook-path'],
] as const;

/** What the menu shows besides the snapshot, out of the settings that are in force, by name, and whether checks run. */
export function trayFacts(
  snapshot: AgentSnapshot,
  inForce: ReadonlyMap<string, unknown>,
  areChecksUnderWay: boolean,
): TrayFacts {
  return {
    snapshot,
    keepAwake: { on: inForce.get('keep-awake') !== false, locked: '' },
    hooks: HOOKS.map(([label, option]) => hook(label, String(inForce.get(option) ?? ''))),
    noJobPage: whyNoJobPage(snapshot),
    noChecks: areChecksUnderWay ? 'under way' : '',
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
