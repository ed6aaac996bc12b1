import { homedir, tmpdir } from 'node:os';
import type { Examination } from '../../../shared/examination.ts';
import type { LoadedConfig } from '../config/config.ts';
import { systemClock } from '../platform/clock.ts';
import { jobEnvironment } from '../platform/job-environment.ts';
import { systemProcesses } from '../platform/system-processes.ts';
import { canRunJobs, examine } from './doctor.ts';
import { problem } from './finding.ts';

/** Looks at this machine as this process sees it. `advice`: what to do where the configuration makes no sense. */
export async function examineHere(loaded: LoadedConfig, advice: string): Promise<Examination> {
  const findings = [
    ...(loaded.ok ? [] : [problem('configuration', loaded.problem, advice)]),
    ...(await examine({
      config: loaded.ok ? loaded.config : undefined,
      env: jobEnvironment(process.env),
      home: homedir(),
      tempFolder: tmpdir(),
      clock: systemClock,
      processes: systemProcesses,
    })),
  ];
  return { canRunJobs: canRunJobs(findings), findings };
}
