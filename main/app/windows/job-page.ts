import { shell } from 'electron';
import type { AgentSnapshot } from '../../../shared/agent-snapshot.ts';
import { jobPage } from '../../../shared/job-about.ts';

/** Opens the page of the running job, or of the last one, in the browser. Does nothing where its address is not the hub's own. */
export function openJobPage({ status, lastJob, endpoint }: AgentSnapshot): void {
  const job = 'job' in status && status.job ? status.job : lastJob;
  const page = job?.about && jobPage(job.id, job.about, endpoint);
  if (page) void shell.openExternal(page);
}
