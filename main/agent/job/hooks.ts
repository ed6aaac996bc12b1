import type { ExecutorCommand } from '../executor/executor.ts';
import { quote } from '../session/marks.ts';

/** What the agent's owner runs before and after every job. An empty path: no hook. */
export interface HookSettings {
  readonly preJobHookPath: string;
  readonly postJobHookPath: string;
  readonly failOnPreJobHookError: boolean;
  /** Source the pre-job hook, so that what it exports, and its `cd`, stay. */
  readonly sourcePreJobHook: boolean;
}

/** The pre-job hook as a command; the texts are those of the reference agent (`pkg/jobs/job.go`). */
export function preJobHookCommand(hooks: HookSettings): ExecutorCommand {
  const fate = hooks.failOnPreJobHookError ? 'fail the job if' : 'proceed with the job even if';
  return {
    directive: `${hooks.sourcePreJobHook ? 'source' : 'bash'} ${word(hooks.preJobHookPath)}`,
    alias: 'Running the pre-job hook configured in the agent',
    warning: `The agent is configured to ${fate} the pre-job hook fails.`,
  };
}

/** The post-job hook as a command. */
export function postJobHookCommand(hooks: HookSettings): ExecutorCommand {
  return {
    directive: `bash ${word(hooks.postJobHookPath)}`,
    alias: 'Running the post-job hook configured in the agent',
  };
}

/** Quoted only where it must be: the log shows the path as it was configured. A leading `~/` stays for bash to expand. */
function word(path: string): string {
  return /^[\w@%+=:,./~-]+$/.test(path) ? path : quote(path);
}
