import { homedir, tmpdir } from 'node:os';
import type { Examination } from '../../../shared/examination.ts';
import type { LoadedConfig } from '../config/config.ts';
import { systemClock } from '../platform/clock.ts';
import { jobEnvironment } from '../platform/job-environment.ts';
import { systemProcesses } from '../platform/system-processes.ts';
import { type CheckName, canRunJobs, examine } from './doctor.ts';
import { problem } from './finding.ts';

export interface ExamineHereOptions {
  /** What to do where the configuration makes no sense. */
  readonly advice: string;
  readonly only?: CheckName | undefined;
}

/** Looks at this machine as this process sees it. */
export async function examineHere(loaded: LoadedConfig, { advice, only }: ExamineHereOptions): Promise<Examination> {
  const examined = {
    config: loaded.ok ? loaded.config : undefined,
    env: jobEnvironment(process.env),
    home: homedir(),
    tempFolder: tmpdir(),
    clock: systemClock,
    processes: systemProcesses,
  };
  const findings = [
    ...(loaded.ok ? [] : [problem('configuration', loaded.problem, advice)]),
    ...(await examine(examined, only)),
  ];
  return { canRunJobs: canRunJobs(findings), findings };
}
