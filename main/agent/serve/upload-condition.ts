import type { JobRequest } from '../job/job-request.ts';
import { decodeBase64 } from '../job/variables.ts';
import type { UploadCondition } from '../log/artifact.ts';

const VARIABLE = 'SEMAPHORE_AGENT_UPLOAD_JOB_LOGS';
const CONDITIONS: readonly UploadCondition[] = ['never', 'when-trimmed', 'always'];

/** With `serve` each job says for itself whether its log becomes an artifact. What is no such word counts as `never`. */
export function uploadConditionOf({ env_vars: variables }: JobRequest): UploadCondition {
  const encoded = variables.find(({ name }) => name === VARIABLE)?.value ?? '';
  const value = Buffer.from(decodeBase64(encoded) ?? '').toString('utf8');
  return CONDITIONS.find((condition) => condition === value) ?? 'never';
}
