import { expect, it } from 'vitest';
import { jobAboutOf } from './job-about.ts';
import { parseJobRequest } from './job-request.ts';

function request(executor: string, variables: Readonly<Record<string, string>>) {
  const env_vars = Object.entries(variables).map(([name, value]) => ({
    name: `SEMAPHORE_${name}`,
    value: Buffer.from(value).toString('base64'),
  }));
  const parsed = parseJobRequest({ job_id: 'j', executor, env_vars });
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.request;
}

it('is the few variables that people look at, and no other', () => {
  const about = jobAboutOf(
    request('shell', {
      PROJECT_NAME: 'web-frontend',
      GIT_REF_TYPE: 'branch',
      GIT_BRANCH: 'main',
      GIT_SHA: '4f2c1e9',
      PIPELINE_NAME: 'Test',
      ORGANIZATION_URL: 'https://acme.semaphoreci.com',
      OIDC_TOKEN: 'secret',
    }),
    { kubernetes: false },
  );
  expect(about).toEqual({
    project: 'web-frontend',
    ref: 'main',
    commit: '4f2c1e9',
    pipeline: 'Test',
    organizationUrl: 'https://acme.semaphoreci.com',
    executor: 'shell',
  });
});

it.each([
  [{ GIT_REF_TYPE: 'pull-request', GIT_PR_NUMBER: '17', GIT_BRANCH: 'main' }, '#17'],
  [{ GIT_REF_TYPE: 'tag', GIT_TAG_NAME: 'v1' }, 'v1'],
  [{}, ''],
])('what is built: %o', (variables, ref) => {
  expect(jobAboutOf(request('', variables), { kubernetes: false }).ref).toBe(ref);
});

it.each([
  ['dockercompose', false, 'containers'],
  ['', false, 'shell'],
  ['dockercompose', true, 'pod'],
] as const)('executor %s, in pods: %s', (executor, kubernetes, shown) => {
  expect(jobAboutOf(request(executor, {}), { kubernetes }).executor).toBe(shown);
});

it('is short and empty where a variable is no base64 or endless', () => {
  const long = { ...request('', { PROJECT_NAME: 'x'.repeat(10_000) }) };
  expect(jobAboutOf(long, { kubernetes: false }).project).toHaveLength(300);
  const bad = { ...long, env_vars: [{ name: 'SEMAPHORE_PROJECT_NAME', value: '!' }] };
  expect(jobAboutOf(bad, { kubernetes: false }).project).toBe('');
});
