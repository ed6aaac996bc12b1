import { describe, expect, it } from 'vitest';
import { isContained, type JobPolicy, refusalOf, refusalText } from './job-policy.ts';
import { parseJobRequest } from './job-request.ts';

const ALL_ALLOWED: JobPolicy = {
  allowedProjects: [],
  allowedBranches: [],
  forkedPullRequests: 'allow',
  shellJobs: 'allow',
  kubernetes: false,
};

type Variables = readonly (readonly [name: string, value: string])[];
const BRANCH: Variables = [
  ['SEMAPHORE_PROJECT_NAME', 'shop'],
  ['SEMAPHORE_GIT_REF_TYPE', 'branch'],
  ['SEMAPHORE_GIT_BRANCH', 'feature/x'],
  ['SEMAPHORE_GIT_REPO_SLUG', 'acme/shop'],
];
const pullRequest = (from: string): Variables => [
  ['SEMAPHORE_PROJECT_NAME', 'shop'],
  ['SEMAPHORE_GIT_REF_TYPE', 'pull-request'],
  ['SEMAPHORE_GIT_BRANCH', 'main'],
  ['SEMAPHORE_GIT_REPO_SLUG', 'acme/shop'],
  ['SEMAPHORE_GIT_PR_SLUG', from],
];
const FORK = pullRequest('stranger/shop');

function requestWith(variables: Variables, request: Record<string, unknown> = {}) {
  const encoded = variables.map(([name, value]) => ({ name, value: Buffer.from(value).toString('base64') }));
  const parsed = parseJobRequest({ executor: 'shell', env_vars: encoded, ...request });
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.request;
}
function refused(policy: Partial<JobPolicy>, variables: Variables, request?: Record<string, unknown>) {
  return refusalOf(requestWith(variables, request), { ...ALL_ALLOWED, ...policy })?.rule;
}
const without = (variables: Variables, name: string) => variables.filter(([known]) => known !== name);

describe('the job policy', () => {
  it.each<[string, Partial<JobPolicy>, Variables, string | undefined]>([
    ['nothing is asked', {}, [], undefined],
    ['a fork, and nothing is asked', {}, FORK, undefined],
    ['the project', { allowedProjects: ['blog', 'shop'] }, BRANCH, undefined],
    ['a glob of projects', { allowedProjects: ['sh?p'] }, BRANCH, undefined],
    ['another project', { allowedProjects: ['shopping', 'sho'] }, BRANCH, 'allowed-projects'],
    ['dots are dots', { allowedProjects: ['s.op'] }, BRANCH, 'allowed-projects'],
    ['no project', { allowedProjects: ['*'] }, without(BRANCH, 'SEMAPHORE_PROJECT_NAME'), 'allowed-projects'],
    ['an empty project', { allowedProjects: ['*'] }, [['SEMAPHORE_PROJECT_NAME', '']], 'allowed-projects'],
    [
      'the project twice, differing',
      { allowedProjects: ['*'] },
      [...BRANCH, ['SEMAPHORE_PROJECT_NAME', 'blog']],
      'allowed-projects',
    ],
    ['the project twice, the same', { allowedProjects: ['shop'] }, [...BRANCH, ...BRANCH], undefined],
    ['a branch by its glob', { allowedBranches: ['main', 'feature/*'] }, BRANCH, undefined],
    ['a glob goes over slashes', { allowedBranches: ['f*x'] }, BRANCH, undefined],
    ['another branch', { allowedBranches: ['main'] }, BRANCH, 'allowed-branches'],
    [
      'a pull request for an allowed branch',
      { allowedBranches: ['main'] },
      pullRequest('acme/shop'),
      'allowed-branches',
    ],
    ['a tag', { allowedBranches: ['*'] }, [['SEMAPHORE_GIT_REF_TYPE', 'tag']], 'allowed-branches'],
    ['no branch', { allowedBranches: ['*'] }, without(BRANCH, 'SEMAPHORE_GIT_BRANCH'), 'allowed-branches'],
    ['no type of ref', { allowedBranches: ['*'] }, without(BRANCH, 'SEMAPHORE_GIT_REF_TYPE'), 'allowed-branches'],
    ['no fork', { forkedPullRequests: 'refuse' }, BRANCH, undefined],
    ['a pull request from within', { forkedPullRequests: 'refuse' }, pullRequest('Acme/shop'), undefined],
    ['a fork', { forkedPullRequests: 'refuse' }, FORK, 'forked-pull-requests'],
    [
      'a fork that says it is a branch as well',
      { forkedPullRequests: 'refuse' },
      [...FORK, ['SEMAPHORE_GIT_REF_TYPE', 'branch']],
      'forked-pull-requests',
    ],
    [
      'a fork that says it is a branch instead',
      { forkedPullRequests: 'refuse' },
      [...without(FORK, 'SEMAPHORE_GIT_REF_TYPE'), ['SEMAPHORE_GIT_REF_TYPE', 'branch']],
      'forked-pull-requests',
    ],
    [
      'a pull request from nowhere',
      { forkedPullRequests: 'refuse' },
      without(FORK, 'SEMAPHORE_GIT_PR_SLUG'),
      'forked-pull-requests',
    ],
    [
      'a pull request to nowhere',
      { forkedPullRequests: 'refuse' },
      without(FORK, 'SEMAPHORE_GIT_REPO_SLUG'),
      'forked-pull-requests',
    ],
    ['nothing is known', { forkedPullRequests: 'refuse' }, [], 'forked-pull-requests'],
    ['a shell job of a fork, containers only', { forkedPullRequests: 'containers-only' }, FORK, 'forked-pull-requests'],
    ['a shell job', { shellJobs: 'refuse' }, BRANCH, 'shell-jobs'],
    ['a shell job that runs in a pod', { shellJobs: 'refuse', kubernetes: true }, BRANCH, undefined],
  ])('%s', (_name, policy, variables, rule) => {
    expect(refused(policy, variables)).toBe(rule);
  });

  it('looks at what runs on this machine itself', () => {
    const container = { executor: 'dockercompose', compose: { containers: [{ image: 'alpine' }] } };
    const withSetUp = { ...container, compose: { ...container.compose, host_setup_commands: [{ directive: 'id' }] } };
    expect(refused({ shellJobs: 'refuse' }, BRANCH, container)).toBeUndefined();
    expect(refused({ shellJobs: 'refuse' }, BRANCH, withSetUp)).toBe('shell-jobs');
    expect(refused({ shellJobs: 'refuse' }, BRANCH, { executor: '' })).toBe('shell-jobs');
    expect(refused({ forkedPullRequests: 'containers-only' }, FORK, container)).toBeUndefined();
    expect(refused({ forkedPullRequests: 'containers-only' }, FORK, withSetUp)).toBe('forked-pull-requests');
    expect(refused({ forkedPullRequests: 'refuse' }, FORK, container)).toBe('forked-pull-requests');
  });

  it.each<[string, Partial<JobPolicy>, Variables, boolean]>([
    ['a fork, and nothing is asked', {}, FORK, false],
    ['a fork, containers only', { forkedPullRequests: 'containers-only' }, FORK, true],
    ['nobody knows what, containers only', { forkedPullRequests: 'containers-only' }, [], true],
    ['a branch, containers only for forks', { forkedPullRequests: 'containers-only' }, BRANCH, false],
    ['a branch, no shell jobs', { shellJobs: 'refuse' }, BRANCH, true],
  ])('says whether a job may reach out of its containers: %s', (_name, policy, variables, contained) => {
    expect(isContained(requestWith(variables), { ...ALL_ALLOWED, ...policy })).toBe(contained);
  });

  it('refuses what is no base64, and does not show it', () => {
    const request = { env_vars: [{ name: 'SEMAPHORE_PROJECT_NAME', value: '!!marked!!' }] };
    expect(refused({ allowedProjects: ['*'] }, [], request)).toBe('allowed-projects');
  });

  it('says which rule it was and how it can be changed', () => {
    const text = refusalText({ rule: 'shell-jobs', reason: 'it is a shell job' });
    expect(text).toContain('Refused by shell-jobs: it is a shell job.\n');
    expect(text).toContain('--shell-jobs, SEMAPHORE_AGENT_SHELL_JOBS');
  });
});
