import type { JobAbout } from '../../../shared/job-about.ts';
import type { JobRequest } from './job-request.ts';
import { decodeBase64 } from './variables.ts';

/** People look at these; nobody needs more of them. In characters. */
const LONGEST = 300;

/** What a job's own variables say of it. `kubernetes`: every job runs in a pod, whatever its request says. */
export function jobAboutOf(request: JobRequest, { kubernetes }: { readonly kubernetes: boolean }): JobAbout {
  const read = (name: string) => textVariable(request, `SEMAPHORE_${name}`).slice(0, LONGEST);
  return {
    project: read('PROJECT_NAME'),
    ref: refOf(read),
    commit: read('GIT_SHA'),
    pipeline: read('PIPELINE_NAME'),
    organizationUrl: read('ORGANIZATION_URL'),
    executor: kubernetes ? 'pod' : request.executor === 'dockercompose' ? 'containers' : 'shell',
  };
}

/** A variable of the request as text; empty where it is not there, or no base64. */
export function textVariable({ env_vars: variables }: JobRequest, name: string): string {
  const value = variables.find((variable) => variable.name === name)?.value ?? '';
  return Buffer.from(decodeBase64(value) ?? '').toString('utf8');
}

/** Of a pull request the branch variable says where it is to go, which is not what runs. */
function refOf(read: (name: string) => string): string {
  switch (read('GIT_REF_TYPE')) {
    case 'pull-request':
      return `#${read('GIT_PR_NUMBER')}`;
    case 'tag':
      return read('GIT_TAG_NAME');
    default:
      return read('GIT_BRANCH');
  }
}
