import type { SnapshotJob } from '../../../shared/agent-snapshot.ts';
import { jobAboutOf, textVariable } from './job-about.ts';
import type { JobCommand, JobRequest } from './job-request.ts';
import type { JobStep } from './job-steps.ts';

/** Semaphore's name of a job, among the job's own variables. */
const NAME_VARIABLE = 'SEMAPHORE_JOB_NAME';

interface ProgressOptions {
  readonly request: JobRequest;
  readonly job: SnapshotJob;
  /** What people call a command. */
  readonly nameOf: (command: JobCommand) => string;
  readonly onProgress: (progress: SnapshotJob) => void;
}

/** Turns the steps of a job into how far it is, for people: which of its commands runs. */
export function progressOf({ request, job, nameOf, onProgress }: ProgressOptions): (step: JobStep) => void {
  let number = 0;
  onProgress(job);
  return (step) => {
    if (step.kind !== 'run-command' || !request.commands.includes(step.command)) return;
    number += 1;
    const directive = nameOf(step.command);
    onProgress({ ...job, command: { directive, number, of: request.commands.length } });
  };
}

/** A job that has been fetched, as snapshots have it. */
export function snapshotJobOf(request: JobRequest, { jobId, kubernetes, at }: FetchedJob): SnapshotJob {
  return { id: jobId, name: jobNameOf(request), startedAt: at, about: jobAboutOf(request, { kubernetes }) };
}

interface FetchedJob {
  readonly jobId: string;
  readonly kubernetes: boolean;
  /** ms since the Unix epoch. */
  readonly at: number;
}

/** As Semaphore calls it; its id where it has no name. */
export function jobNameOf(request: JobRequest): string {
  return textVariable(request, NAME_VARIABLE) || request.job_id;
}
