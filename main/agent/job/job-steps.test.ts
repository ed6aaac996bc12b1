import { describe, expect, it } from 'vitest';
import { parseJobRequest } from './job-request.ts';
import { advance, JOB_BEGIN, type JobRules, type JobStep, type StepEnd } from './job-steps.ts';

const ok: StepEnd = { kind: 'exited', exitCode: 0 };
const failed: StepEnd = { kind: 'exited', exitCode: 1 };
const code130: StepEnd = { kind: 'exited', exitCode: 130 };
const stopped: StepEnd = { kind: 'stopped' };

function rules(over: Partial<JobRules> = {}): JobRules {
  const directives = (...names: string[]) => names.map((directive) => ({ directive }));
  const parsed = parseJobRequest({
    commands: directives('one', 'two'),
    epilogue_always_commands: directives('always1', 'always2'),
    epilogue_on_pass_commands: directives('pass1', 'pass2'),
    epilogue_on_fail_commands: directives('fail1'),
  });
  if (!parsed.ok) throw new Error(parsed.problem);
  return { request: parsed.request, preJobHook: false, failOnPreJobHookError: false, postJobHook: false, ...over };
}

function nameOf(step: JobStep): string {
  if (step.kind === 'run-command') return step.command.directive;
  if (step.kind === 'export-result' || step.kind === 'finish') return `${step.kind} ${step.result}`;
  return step.kind;
}

/** All steps of a job; `ends` says how a step ends, by its name, `ok` where nothing is said. */
function walk(ends: Readonly<Record<string, StepEnd>>, jobRules: JobRules): string[] {
  const names: string[] = [];
  let progress = JOB_BEGIN;
  for (;;) {
    const name = nameOf(progress.step);
    names.push(name);
    if (progress.step.kind === 'finish') return names;
    progress = advance(progress, ends[name] ?? ok, jobRules);
  }
}

const BEGIN = ['prepare', 'start', 'export-variables', 'inject-files'];
const EPILOGUES_PASSED = ['export-result passed', 'always1', 'always2', 'pass1', 'pass2'];
const EPILOGUES_FAILED = ['export-result failed', 'always1', 'always2', 'fail1'];
const HOOKS = { preJobHook: true, postJobHook: true };

describe('the steps of a job', () => {
  const rows: [name: string, ends: Record<string, StepEnd>, over: Partial<JobRules>, expected: string[]][] = [
    ['all pass', {}, {}, [...BEGIN, 'one', 'two', ...EPILOGUES_PASSED, 'finish passed']],
    ['a command fails', { one: failed }, {}, [...BEGIN, 'one', ...EPILOGUES_FAILED, 'finish failed']],
    ['prepare fails', { prepare: failed }, {}, ['prepare', 'finish failed']],
    ['start fails', { start: failed }, {}, ['prepare', 'start', 'finish failed']],
    ['start fails, with hook', { start: failed }, HOOKS, ['prepare', 'start', 'post-job-hook', 'finish failed']],
    ['export fails', { 'export-variables': failed }, {}, [...BEGIN.slice(0, 3), ...EPILOGUES_FAILED, 'finish failed']],
    ['injection fails', { 'inject-files': failed }, {}, [...BEGIN, ...EPILOGUES_FAILED, 'finish failed']],
    [
      'an epilogue ends at its first failure',
      { always1: failed, pass1: failed },
      {},
      [...BEGIN, 'one', 'two', 'export-result passed', 'always1', 'pass1', 'finish passed'],
    ],
    [
      '130 asks the shell',
      { one: code130, 'check-result': { kind: 'result-checked', result: 'passed' } },
      {},
      [...BEGIN, 'one', 'check-result', 'finish passed'],
    ],
    [
      '130, then the hook',
      { one: code130, 'check-result': { kind: 'result-checked', result: 'stopped' } },
      { postJobHook: true },
      [...BEGIN, 'one', 'check-result', 'post-job-hook', 'finish stopped'],
    ],
    [
      '130 in an epilogue is a failure like others',
      { always1: code130 },
      {},
      [...BEGIN, 'one', 'two', 'export-result passed', 'always1', 'pass1', 'pass2', 'finish passed'],
    ],
    ['stopped while starting', { start: stopped }, {}, ['prepare', 'start', 'finish stopped']],
    [
      'stopped in a command',
      { one: stopped },
      { postJobHook: true },
      [...BEGIN, 'one', 'post-job-hook', 'finish stopped'],
    ],
    [
      'stopped in an epilogue',
      { always2: stopped },
      {},
      [...BEGIN, 'one', 'two', 'export-result passed', 'always1', 'always2', 'finish stopped'],
    ],
    [
      'stopped in the hook',
      { 'post-job-hook': stopped },
      HOOKS,
      [...BEGIN, 'pre-job-hook', 'one', 'two', ...EPILOGUES_PASSED, 'post-job-hook', 'finish stopped'],
    ],
    [
      'a failing pre-job hook does not matter',
      { 'pre-job-hook': failed },
      HOOKS,
      [...BEGIN, 'pre-job-hook', 'one', 'two', ...EPILOGUES_PASSED, 'post-job-hook', 'finish passed'],
    ],
    [
      'unless it is told to',
      { 'pre-job-hook': failed },
      { preJobHook: true, failOnPreJobHookError: true },
      [...BEGIN, 'pre-job-hook', ...EPILOGUES_FAILED, 'finish failed'],
    ],
    [
      'a failing post-job hook never matters',
      { 'post-job-hook': failed },
      { postJobHook: true },
      [...BEGIN, 'one', 'two', ...EPILOGUES_PASSED, 'post-job-hook', 'finish passed'],
    ],
  ];

  it.each(rows)('%s', (_name, ends, over, expected) => {
    expect(walk(ends, rules(over))).toEqual(expected);
  });

  it('passes without commands', () => {
    const base = rules();
    const empty = { ...base, request: { ...base.request, commands: [] } };
    expect(walk({}, empty)).toEqual([...BEGIN, ...EPILOGUES_PASSED, 'finish passed']);
  });
});
