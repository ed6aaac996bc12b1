import type { SnapshotJob } from '../../../shared/agent-snapshot.ts';
import type { JobRequest } from './job-request.ts';
import type { JobStep } from './job-steps.ts';
import { decodeBase64 } from './variables.ts';

/** Semaphore's name of a job, among the job's own variables. */
const NAME_VARIABLE = 'SEMAPHORE_JOB_NAME';

/** Turns the steps of a job into how far it is, for people: its name, since when, and which of its commands runs. */
export function progressOf(
  request: JobRequest,
  jobId: string,
  startedAt: number,
  onProgress: (progress: SnapshotJob) => void,
): (step: JobStep) => void {
  const job: SnapshotJob = { id: jobId, name: jobNameOf(request) || jobId, startedAt };
  let number = 0;
  onProgress(job);
  return (step) => {
    if (step.kind !== 'run-command' || !request.commands.includes(step.command)) return;
    number += 1;
    const { directive, alias } = step.command;
    onProgress({ ...job, command: { directive: alias || directive, number, of: request.commands.length } });
  };
}

/** As Semaphore calls it; its id where it has no name. */
export function jobNameOf({ env_vars: variables, job_id: id }: JobRequest): string {
  const value = variables.find(({ name }) => name === NAME_VARIABLE)?.value ?? '';
  return Buffer.from(decodeBase64(value) ?? '').toString('utf8') || id;
}
