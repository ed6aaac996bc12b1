import type { JobCommand } from './job-request.ts';
import type { JobProgress, JobRules } from './job-steps.ts';

/** What a job still has before it when a step begins. */
export interface JobOutlook {
  /** The commands that run behind this step if nothing fails, in their order. */
  readonly awaited: readonly JobCommand[];
  /** So many of the job's own commands will not run: one before them failed. */
  readonly skipped: number;
}

/** What is to come behind the steps of one job. To be asked at each of them, in their order. */
export function createOutlook(rules: JobRules): (progress: JobProgress) => JobOutlook {
  const { commands } = rules.request;
  let begun = 0;
  return (progress) => {
    const { step, epilogue } = progress;
    if (step.kind === 'run-command' && epilogue === undefined) begun += 1;
    const own = epilogue === undefined ? ownCommands(progress, rules) : [];
    return { awaited: [...own, ...epilogues(progress, rules)], skipped: commands.length - begun - own.length };
  };
}

function ownCommands({ step, queue }: JobProgress, { request }: JobRules): readonly JobCommand[] {
  switch (step.kind) {
    case 'prepare':
    case 'start':
    case 'export-variables':
    case 'inject-files':
    case 'pre-job-hook':
      return request.commands;
    case 'run-command':
      return queue;
    default:
      return [];
  }
}

/** Epilogues run by the result; as long as there is none, it is taken to be a good one. */
function epilogues({ step, queue, epilogue, result }: JobProgress, { request }: JobRules): readonly JobCommand[] {
  const byResult = {
    passed: request.epilogue_on_pass_commands,
    failed: request.epilogue_on_fail_commands,
    stopped: [],
  };
  switch (step.kind) {
    case 'check-result':
    case 'post-job-hook':
    case 'finish':
      return [];
    case 'export-result':
      return [...request.epilogue_always_commands, ...byResult[step.result]];
    default:
      if (epilogue === 'by-result') return queue;
      if (epilogue === 'always') return [...queue, ...byResult[result]];
      return [...request.epilogue_always_commands, ...byResult.passed];
  }
}
