import { platform } from 'node:os';
import type { ExecutorCommand } from '../executor/executor.ts';
import { quoteForPowerShell } from '../executor/windows/powershell.ts';

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
    ...commandOf(hooks.sourcePreJobHook ? 'source' : 'bash', hooks.preJobHookPath),
    alias: 'Running the pre-job hook configured in the agent',
    warning: `The agent is configured to ${fate} the pre-job hook fails.`,
  };
}

/** The post-job hook as a command. */
export function postJobHookCommand(hooks: HookSettings): ExecutorCommand {
  return { ...commandOf('bash', hooks.postJobHookPath), alias: 'Running the post-job hook configured in the agent' };
}

function commandOf(program: 'bash' | 'source', path: string): Pick<ExecutorCommand, 'directive' | 'shown'> {
  return { directive: hookDirective(program, path), shown: platform() === 'win32' ? path : `${program} ${path}` };
}

/** What a shell is told so that it runs a hook. On Windows the path itself is the command. */
export function hookDirective(program: 'bash' | 'source', path: string): string {
  return platform() === 'win32' ? `& ${quoteForPowerShell(path)}` : `${program} ${word(path)}`;
}

/** One word of bash, in which `~/` and variables stand for what they stand for without quotes too. */
function word(path: string): string {
  if (/^[\w@%+=:,./~$-]+$/.test(path)) return path;
  const home = path.startsWith('~/') ? '~/' : '';
  return `${home}"${path.slice(home.length).replace(/["\\`]/g, '\\$&')}"`;
}
