import { expect, it } from 'vitest';
import { type JobAbout, jobPage } from './job-about.ts';

const about: JobAbout = { project: '', ref: '', commit: '', pipeline: '', organizationUrl: '', executor: 'shell' };

it.each([
  ['https://acme.semaphoreci.com', 'acme.semaphoreci.com', 'https://acme.semaphoreci.com/jobs/a%2F..%2Fb'],
  ['https://acme.semaphoreci.com:443/x', 'acme.semaphoreci.com', 'https://acme.semaphoreci.com/jobs/a%2F..%2Fb'],
  ['https://me:secret@acme.test:8443', 'acme.test:8443', 'https://acme.test:8443/jobs/a%2F..%2Fb'],
  ['http://acme.semaphoreci.com', 'acme.semaphoreci.com', undefined],
  ['https://acme.semaphoreci.com.evil.test', 'acme.semaphoreci.com', undefined],
  ['https://acme.semaphoreci.com@evil.test', 'acme.semaphoreci.com', undefined],
  ['https://acme.semaphoreci.com:8443', 'acme.semaphoreci.com', undefined],
  ['javascript:alert(1)', 'acme.semaphoreci.com', undefined],
  ['', 'acme.semaphoreci.com', undefined],
  ['https://acme.semaphoreci.com', '', undefined],
])('%s at %s', (organizationUrl, endpoint, page) => {
  expect(jobPage('a/../b', { ...about, organizationUrl }, endpoint)).toBe(page);
});
