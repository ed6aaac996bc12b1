import type { Finding } from '../../../shared/examination.ts';
import type { Clock } from '../platform/clock.ts';
import { checkConfiguration } from './check-configuration.ts';
import { checkEngine } from './check-engine.ts';
import { checkHooks } from './check-hooks.ts';
import { checkHub } from './check-hub.ts';
import { checkKubernetes } from './check-kubernetes.ts';
import { checkPrograms } from './check-programs.ts';
import { checkShell } from './check-shell.ts';
import { checkTempFolder } from './check-temp-folder.ts';
import { checkVersions } from './check-versions.ts';
import { type Check, type Examined, problem } from './finding.ts';

/** A check that has found out nothing by then is given up, in ms. */
const LIMIT_MS = 40_000;

/** In the order in which they are told. */
const CHECKS = {
  versions: checkVersions,
  configuration: checkConfiguration,
  hub: checkHub,
  shell: checkShell,
  engine: checkEngine,
  kubernetes: checkKubernetes,
  programs: checkPrograms,
  hooks: checkHooks,
  'temp folder': checkTempFolder,
} as const satisfies Readonly<Record<string, Check>>;
export type CheckName = keyof typeof CHECKS;

/** Looks at everything that a job here depends on, or at one thing of it. Changes nothing. Never rejects. */
export async function examine(examined: Examined, only?: CheckName): Promise<readonly Finding[]> {
  const findings = Object.entries(CHECKS)
    .filter(([name]) => only === undefined || name === only)
    .map(([name, check]) => withLimit(name, check(examined), examined.clock));
  return (await Promise.all(findings)).flat();
}

/** Whether a job could run with these findings. */
export function canRunJobs(findings: readonly Finding[]): boolean {
  return findings.every(({ state }) => state !== 'problem');
}

async function withLimit(
  name: string,
  looking: Promise<readonly Finding[]>,
  clock: Clock,
): Promise<readonly Finding[]> {
  const done = new AbortController();
  const late = clock.sleep(LIMIT_MS, done.signal).then(() => undefined);
  const found = await Promise.race([looking.catch(() => undefined), late]);
  done.abort();
  return (
    found ?? [problem(name, 'could not be looked at', 'please report this, with the output of signalbox doctor --json')]
  );
}
