import type { HookName } from '../../../shared/contract/settings.ts';

const WORDS: Readonly<Record<HookName, { readonly file: string; readonly when: string; readonly example: string }>> = {
  'pre-job-hook-path': {
    file: 'pre-job',
    when: 'Runs before the commands of every job, with the variables of the job.',
    example: 'echo "Job $SEMAPHORE_JOB_NAME begins on $(hostname)"',
  },
  'post-job-hook-path': {
    file: 'post-job',
    when: 'Runs at the end of every job, however it ended. SEMAPHORE_JOB_RESULT tells how.',
    example: 'echo "Job $SEMAPHORE_JOB_NAME: $SEMAPHORE_JOB_RESULT"',
  },
  'shutdown-hook-path': {
    file: 'shutdown',
    when: 'Runs when the agent ends. SEMAPHORE_AGENT_SHUTDOWN_REASON tells why.',
    example: 'echo "The agent ends: $SEMAPHORE_AGENT_SHUTDOWN_REASON"',
  },
};

/** A new hook: the name that a dialog proposes, and what is in it. */
export function hookTemplate(
  name: HookName,
  platform: NodeJS.Platform,
): { readonly file: string; readonly text: string } {
  const { file, when, example } = WORDS[name];
  if (platform !== 'win32') return { file: `${file}.sh`, text: `#!/usr/bin/env bash\n# ${when}\n\n${example}\n` };
  return { file: `${file}.ps1`, text: `# ${when}\r\n\r\n${example.replace(/\$(SEMAPHORE_\w+)/g, '$env:$1')}\r\n` };
}
