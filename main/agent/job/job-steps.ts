import type { JobResult } from '../hub/wire.ts';
import type { JobCommand, JobRequest } from './job-request.ts';

/*
 * The life of a job as a pure function: which step comes next, given how the last one ended.
 *
 *     prepare ─▶ start ─▶ export variables ─▶ inject files ─▶ pre-job hook ─▶ commands ─┬─▶ (130) check result ─┐
 *        │         │            │ failed            │ failed       │ failed              │                       │
 *        │         │            └─────────┬─────────┴──────────────┘        passed/failed│                       │
 *        │         │                      ▼                                              ▼                       │
 *        │         │             export the result ─▶ always ─▶ on pass / on fail ─▶ post-job hook ◀─────────────┤
 *        ▼         ▼                                                              │                              │
 *        └─────────┴──────────────────────▶ finish ◀──────────────────────────────┘                 stopped ─────┘
 *
 * A stop, whenever it comes, leads to the post-job hook. Where no session could be started there is none to run it in.
 */

/** What the interpreter is to do. */
export type JobStep =
  | { readonly kind: 'prepare' }
  | { readonly kind: 'start' }
  | { readonly kind: 'export-variables' }
  | { readonly kind: 'inject-files' }
  | { readonly kind: 'pre-job-hook' }
  | { readonly kind: 'run-command'; readonly command: JobCommand }
  /** A command ended with 130: ask the job's shell for its result. */
  | { readonly kind: 'check-result' }
  | { readonly kind: 'export-result'; readonly result: JobResult }
  | { readonly kind: 'post-job-hook'; readonly sessionStarted: boolean }
  | { readonly kind: 'finish'; readonly result: JobResult };

/** How the last step ended. */
export type StepEnd =
  /** Of prepare and start 0 or 1; else an exit code of bash. */
  | { readonly kind: 'exited'; readonly exitCode: number }
  /** Of check-result: what the job says of itself. */
  | { readonly kind: 'result-checked'; readonly result: JobResult }
  /** The job was told to stop before or while the step ran. */
  | { readonly kind: 'stopped' };

type Epilogue = 'always' | 'by-result';

/** Where a job is. `queue`: what is left of the commands or of the epilogue that runs. */
export interface JobProgress {
  readonly step: JobStep;
  readonly queue: readonly JobCommand[];
  readonly epilogue: Epilogue | undefined;
  readonly result: JobResult;
  readonly sessionStarted: boolean;
}

/** What decides about the steps besides the request. */
export interface JobRules {
  readonly request: JobRequest;
  readonly preJobHook: boolean;
  readonly failOnPreJobHookError: boolean;
  readonly postJobHook: boolean;
}

/** The first step of every job. */
export const JOB_BEGIN: JobProgress = {
  step: { kind: 'prepare' },
  queue: [],
  epilogue: undefined,
  result: 'failed',
  sessionStarted: false,
};

/** The step after this one. Total: every step has a successor for every end, until it is `finish`. */
export function advance(progress: JobProgress, end: StepEnd, rules: JobRules): JobProgress {
  if (progress.step.kind === 'finish') return progress;
  if (progress.step.kind === 'post-job-hook') return finish(progress, end);
  if (end.kind === 'stopped') return conclude({ ...progress, result: 'stopped' }, rules);
  if (end.kind === 'result-checked') return conclude({ ...progress, result: end.result }, rules);
  return afterExit(progress, end.exitCode, rules);
}

function afterExit(progress: JobProgress, exitCode: number, rules: JobRules): JobProgress {
  const failed = exitCode !== 0;
  switch (progress.step.kind) {
    case 'prepare':
      return failed ? conclude(progress, rules) : { ...progress, step: { kind: 'start' } };
    case 'start':
      if (failed) return conclude(progress, rules);
      return { ...progress, sessionStarted: true, step: { kind: 'export-variables' } };
    case 'export-variables':
      return failed ? exportResult(progress, 'failed') : { ...progress, step: { kind: 'inject-files' } };
    case 'inject-files':
      if (failed) return exportResult(progress, 'failed');
      return rules.preJobHook ? { ...progress, step: { kind: 'pre-job-hook' } } : firstCommand(progress, rules);
    case 'pre-job-hook':
      if (failed && rules.failOnPreJobHookError) return exportResult(progress, 'failed');
      return firstCommand(progress, rules);
    case 'run-command':
      return progress.epilogue ? afterEpilogueCommand(progress, failed, rules) : afterCommand(progress, exitCode);
    case 'export-result':
      return nextCommand({ ...progress, epilogue: 'always', queue: rules.request.epilogue_always_commands }, rules);
    default:
      return conclude(progress, rules);
  }
}

function firstCommand(progress: JobProgress, rules: JobRules): JobProgress {
  const [command, ...queue] = rules.request.commands;
  if (!command) return exportResult(progress, 'passed');
  return { ...progress, step: { kind: 'run-command', command }, queue };
}

function afterCommand(progress: JobProgress, exitCode: number): JobProgress {
  if (exitCode === 130) return { ...progress, step: { kind: 'check-result' } };
  if (exitCode !== 0) return exportResult(progress, 'failed');
  const [command, ...queue] = progress.queue;
  if (!command) return exportResult(progress, 'passed');
  return { ...progress, step: { kind: 'run-command', command }, queue };
}

function exportResult(progress: JobProgress, result: JobResult): JobProgress {
  return { ...progress, result, step: { kind: 'export-result', result } };
}

/** An epilogue ends at its first failure; the next one runs all the same. */
function afterEpilogueCommand(progress: JobProgress, failed: boolean, rules: JobRules): JobProgress {
  return nextCommand(failed ? { ...progress, queue: [] } : progress, rules);
}

function nextCommand(progress: JobProgress, rules: JobRules): JobProgress {
  const [command, ...queue] = progress.queue;
  if (command) return { ...progress, step: { kind: 'run-command', command }, queue };
  if (progress.epilogue !== 'always') return conclude(progress, rules);
  const { epilogue_on_pass_commands: onPass, epilogue_on_fail_commands: onFail } = rules.request;
  return nextCommand(
    { ...progress, epilogue: 'by-result', queue: progress.result === 'passed' ? onPass : onFail },
    rules,
  );
}

/** The result stands; the post-job hook is all that may follow. */
function conclude(progress: JobProgress, rules: JobRules): JobProgress {
  if (!rules.postJobHook) return { ...progress, step: { kind: 'finish', result: progress.result } };
  return { ...progress, step: { kind: 'post-job-hook', sessionStarted: progress.sessionStarted } };
}

/** A stop that comes during the hook still makes the job stopped. */
function finish(progress: JobProgress, end: StepEnd): JobProgress {
  const result = end.kind === 'stopped' ? 'stopped' : progress.result;
  return { ...progress, result, step: { kind: 'finish', result } };
}
