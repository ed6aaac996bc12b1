import type { HookName } from '../../../shared/contract/hooks.ts';

interface Words {
  readonly file: string;
  /** Lines of comment: when it runs, with what, and what its exit code does. */
  readonly about: readonly string[];
  readonly example: string;
}

const WORDS: Readonly<Record<HookName, Words>> = {
  'pre-job-hook-path': {
    file: 'pre-job',
    about: [
      'Pre-job hook: runs before the commands of every job, in the folder in which the job begins.',
      '',
      'The variables of the job are there: SEMAPHORE_PROJECT_NAME, SEMAPHORE_JOB_NAME, SEMAPHORE_GIT_BRANCH and so on.',
      'What it writes stands at the begin of the log of the job, which everybody in the organisation can read.',
      'An exit code other than 0 fails the job only with fail-on-pre-job-hook-error.',
      "What it exports stays in the job's shell only with source-pre-job-hook; such a hook must not exit.",
    ],
    example: 'echo "Job $SEMAPHORE_JOB_NAME begins on $(hostname)"',
  },
  'post-job-hook-path': {
    file: 'post-job',
    about: [
      'Post-job hook: runs at the end of every job, however that ended.',
      '',
      'The variables of the job are there. SEMAPHORE_JOB_RESULT is passed or failed; a job that was stopped has none.',
      'What it writes stands at the end of the log of the job. Its exit code changes nothing.',
    ],
    example: 'echo "Job $SEMAPHORE_JOB_NAME: $SEMAPHORE_JOB_RESULT"',
  },
  'shutdown-hook-path': {
    file: 'shutdown',
    about: [
      'Shutdown hook: runs when the agent ends; no job runs then, and no variables of one are there.',
      '',
      'SEMAPHORE_AGENT_SHUTDOWN_REASON tells why it ends. After a minute the hook is ended.',
    ],
    example: 'echo "The agent ends: $SEMAPHORE_AGENT_SHUTDOWN_REASON"',
  },
};

/** A new hook: the name that a dialog proposes, and what is in it. */
export function hookTemplate(
  name: HookName,
  platform: NodeJS.Platform,
): { readonly file: string; readonly text: string } {
  const { file, about, example } = WORDS[name];
  const comment = about.map((line) => `# ${line}`.trimEnd());
  if (platform === 'win32') {
    const command = example.replace(/\$(SEMAPHORE_\w+)/g, '$env:$1');
    return { file: `${file}.ps1`, text: [...comment, '', command, ''].join('\r\n') };
  }
  return { file: `${file}.sh`, text: ['#!/usr/bin/env bash', ...comment, '', example, ''].join('\n') };
}
