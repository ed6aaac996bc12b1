import { expect, it } from 'vitest';
import { createOutlook, type JobOutlook } from './job-outlook.ts';
import { jobRequestSchema } from './job-request.ts';
import { advance, JOB_BEGIN, type JobStep, type StepEnd } from './job-steps.ts';

const directives = (...names: string[]) => names.map((directive) => ({ directive }));
const RULES = {
  request: jobRequestSchema.parse({
    commands: directives('one', 'two', 'three'),
    epilogue_always_commands: directives('always1', 'always2'),
    epilogue_on_pass_commands: directives('pass'),
    epilogue_on_fail_commands: directives('fail'),
  }),
  preJobHook: true,
  failOnPreJobHookError: true,
  postJobHook: true,
};
const exited = (exitCode: number): StepEnd => ({ kind: 'exited', exitCode });
const nameOf = (step: JobStep) => (step.kind === 'run-command' ? step.command.directive : step.kind);
const words = ({ awaited, skipped }: JobOutlook) =>
  `${awaited.map(({ directive }) => directive).join(' ')}${skipped > 0 ? ` (${skipped} skipped)` : ''}`;

/** What is foreseen at each step of a job, in words. */
function walk(ends: Readonly<Record<string, StepEnd>>): Record<string, string> {
  const outlookAt = createOutlook(RULES);
  const seen: Record<string, string> = {};
  for (let progress = JOB_BEGIN; ; ) {
    const name = nameOf(progress.step);
    seen[name] = words(outlookAt(progress));
    if (name === 'finish') return seen;
    progress = advance(progress, ends[name] ?? exited(0), RULES);
  }
}

it('awaits everything at the begin, and less with each command', () => {
  const all = 'one two three always1 always2 pass';
  expect(walk({})).toEqual({
    prepare: all,
    start: all,
    'export-variables': all,
    'inject-files': all,
    'pre-job-hook': all,
    one: 'two three always1 always2 pass',
    two: 'three always1 always2 pass',
    three: 'always1 always2 pass',
    'export-result': 'always1 always2 pass',
    always1: 'always2 pass',
    always2: 'pass',
    pass: '',
    'post-job-hook': '',
    finish: '',
  });
});

it('knows what is skipped behind a failure, and what runs all the same', () => {
  expect(walk({ two: exited(1) })).toMatchObject({
    one: 'two three always1 always2 pass',
    'export-result': 'always1 always2 fail (1 skipped)',
    always1: 'always2 fail (1 skipped)',
    fail: ' (1 skipped)',
    finish: ' (1 skipped)',
  });
  expect(walk({ 'pre-job-hook': exited(1) })).toMatchObject({
    'export-result': 'always1 always2 fail (3 skipped)',
    finish: ' (3 skipped)',
  });
});

it('awaits nothing of a job that could not begin, was stopped, or gave its result itself', () => {
  expect(walk({ start: exited(1) })['post-job-hook']).toBe(' (3 skipped)');
  expect(walk({ two: { kind: 'stopped' } })['post-job-hook']).toBe(' (1 skipped)');
  const early = walk({ one: exited(130), 'check-result': { kind: 'result-checked', result: 'passed' } });
  expect([early['check-result'], early['post-job-hook']]).toEqual([' (2 skipped)', ' (2 skipped)']);
});
