import { z } from 'zod';

/**
 * What a job says of itself in its own variables, for people; empty where it does not. Nothing else of a job's variables
 * ever leaves the agent.
 */
export const jobAboutSchema = z.object({
  project: z.string(),
  /** Branch, tag or pull request. */
  ref: z.string(),
  commit: z.string(),
  pipeline: z.string(),
  organizationUrl: z.string(),
  executor: z.enum(['shell', 'containers', 'pod']),
});
export type JobAbout = z.infer<typeof jobAboutSchema>;

/**
 * The job's page on Semaphore. Undefined unless the job's organisation is on https and at the endpoint's own host: what a job
 * says of itself must lead its reader nowhere else.
 */
export function jobPage(jobId: string, { organizationUrl }: JobAbout, endpoint: string): string | undefined {
  const organization = parseUrl(organizationUrl);
  const hub = parseUrl(`https://${endpoint}`);
  if (!organization || !hub || organization.protocol !== 'https:' || organization.host !== hub.host) return undefined;
  return `https://${hub.host}/jobs/${encodeURIComponent(jobId)}`;
}

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
