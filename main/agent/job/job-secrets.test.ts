import { expect, it } from 'vitest';
import { jobRequestSchema } from './job-request.ts';
import { secretsOf } from './job-secrets.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

it('takes variables whose names say so, from everywhere, and every token', () => {
  const request = jobRequestSchema.parse({
    env_vars: [
      { name: 'NPM_TOKEN', value: base64('npm-1') },
      { name: 'db_password', value: base64('db-2') },
      { name: 'HOME_PAGE', value: base64('not-this') },
      { name: 'BAD_SECRET', value: 'no base64!' },
    ],
    compose: {
      containers: [{ env_vars: [{ name: 'MY_SECRET', value: base64('container-3') }] }],
      image_pull_credentials: [{ env_vars: [{ name: 'DOCKERHUB_PASSWORD', value: base64('pull-4') }] }],
    },
    logger: { token: 'log-5' },
    callbacks: { token: 'callback-6' },
  });
  const agent = {
    variables: [
      { name: 'SSH_PRIVATE_KEY', value: 'agent-7' },
      { name: 'PLAIN', value: 'nor-this' },
    ],
    tokens: ['registration-8', 'access-9'],
  };
  const found = secretsOf(request, agent).map((value) => Buffer.from(value).toString());
  expect(found.filter((text) => text !== '').sort()).toEqual(
    ['npm-1', 'db-2', 'container-3', 'pull-4', 'log-5', 'callback-6', 'agent-7', 'registration-8', 'access-9'].sort(),
  );
});
