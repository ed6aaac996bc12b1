import { shell } from 'electron';
import type { AgentSnapshot } from '../../../shared/agent-snapshot.ts';
import { jobPage } from '../../../shared/job-about.ts';

/** Opens the page of the running job, or of the last one, in the browser. Does nothing where its address is not the hub's own. */
export function openJobPage(snapshot: AgentSnapshot): void {
  const page = jobPageOf(snapshot);
  if (page) void shell.openExternal(page);
}

/** Undefined where no job has run, and where its address is not the hub's own. */
export function jobPageOf({ status, lastJob, endpoint }: AgentSnapshot): string | undefined {
  const job = 'job' in status && status.job ? status.job : lastJob;
  return job?.about && jobPage(job.id, job.about, endpoint);
}
