import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { servedJob, serveJourney } from '../serve-journey.ts';
import { SERVE_SECRET } from '../serve-program.ts';

const CALLBACK_TOKEN = 'marked-callback-token-77b1';
const JOB_SECRET = 'marked-job-secret-0c4d';
const base64 = (text: string) => Buffer.from(text).toString('base64');
const variable = (name: string, value: string) => ({ name, value: base64(value) });

/** Puts a program `artifact` on the path that tells in a file of the test what it was called with. */
function withArtifactProgram(work: string): Readonly<Record<string, string>> {
  const programs = join(work, 'programs');
  mkdirSync(programs);
  const script = `#!/bin/sh\necho "$* of $SEMAPHORE_JOB_ID" >> '${work}/uploads'\ncat "$3" >> '${work}/uploads'\n`;
  writeFileSync(join(programs, 'artifact'), script, { mode: 0o755 });
  return { PATH: `${programs}:${process.env.PATH}`, SEMAPHORE_AGENT_LOG_LEVEL: 'trace' };
}

const FLAGS = ['--mask-secrets', '--callback-retry-attempts', '5'];
const serve = serveJourney({ flags: () => FLAGS, env: withArtifactProgram });
const post = async (job: object) => (await serve.call('POST', '/jobs', JSON.stringify(job))).text;

describe('callbacks of a served job', () => {
  interface Callback {
    readonly url: string;
    readonly authorization: string;
    readonly body: string;
  }
  let callbacks: Callback[];
  /** What is answered, one after another; then 200. */
  let answers: number[];
  let receiver: Server;
  beforeEach(async () => {
    callbacks = [];
    answers = [];
    receiver = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { url = '', headers } = request;
      callbacks.push({ url, authorization: headers.authorization ?? '', body: Buffer.concat(chunks).toString() });
      response.writeHead(answers.shift() ?? 200).end();
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => receiver.close(resolve)));

  const place = () => `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  const told = (url: string) => callbacks.filter((callback) => callback.url === url);

  it('are tried again with their token, the second one when an archivator has the log', async () => {
    answers = [500, 503];
    const urls = { finished: `${place()}/finished`, teardown_finished: `${place()}/teardown` };
    await post({ ...servedJob('called', 'echo hi'), callbacks: { ...urls, token: CALLBACK_TOKEN } });
    await serve.shows('called', '"result":"passed"');
    const finished = { url: '/finished', authorization: `Bearer ${CALLBACK_TOKEN}`, body: '{"result": "passed"}' };
    expect(callbacks).toEqual([finished, finished, finished]);
    await serve.call('GET', '/jobs/called/log', undefined, { 'x-client-name': 'somebody else' });
    expect(told('/teardown')).toEqual([]);
    await serve.call('GET', '/jobs/called/log', undefined, { 'x-client-name': 'archivator' });
    await expect.poll(() => told('/teardown')).toEqual([{ ...finished, url: '/teardown', body: '{}' }]);
  });

  it('are given up after their tries, and the log has its end all the same', async () => {
    answers = Array.from({ length: 5 }, () => 500);
    await post({ ...servedJob('unheard', 'true'), callbacks: { finished: `${place()}/finished`, token: '' } });
    await serve.shows('unheard', '"result":"passed"');
    expect(callbacks.map(({ authorization }) => authorization)).toEqual(['', '', '', '', '']);
    await expect.poll(() => serve.agent.output()).toContain('Job unheard: the callback was not accepted: status 500');
  });
});

describe('the log of a served job', () => {
  const ends = (id: string) => expect.poll(() => serve.agent.output()).toContain(`Job ${id} passed`);
  const uploadable = (id: string, when: string) => ({
    ...servedJob(id, 'echo "to be kept"'),
    env_vars: [
      variable('SEMAPHORE_AGENT_UPLOAD_JOB_LOGS', when),
      variable('SEMAPHORE_ARTIFACT_TOKEN', 'a'),
      variable('SEMAPHORE_ORGANIZATION_URL', 'http://127.0.0.1'),
    ],
  });
  const uploads = () => readFileSync(join(serve.work, 'uploads'), 'utf8');

  it('becomes an artifact where the job says so', async () => {
    await post(uploadable('kept', 'always'));
    await ends('kept');
    expect(uploads()).toMatch(/^push job \S+ -d agent\/job_logs\.txt of kept\n/);
    expect(uploads()).toContain('echo "to be kept"\nto be kept\n');
  });

  it.each(['never', 'when-trimmed', 'sometimes'])('becomes none where it says %s', async (when) => {
    await post(uploadable('not-kept', when));
    await ends('not-kept');
    expect(uploads).toThrow('ENOENT');
  });

  it('shows no secret of the job or of the agent, and neither does the log of the agent', async () => {
    await post({
      ...servedJob('curious', 'env', `echo "known: $NPM_TOKEN, ${SERVE_SECRET}, ${CALLBACK_TOKEN}"`),
      env_vars: [variable('NPM_TOKEN', JOB_SECRET)],
      callbacks: { token: CALLBACK_TOKEN },
    });
    const log = await serve.shows('curious', 'job_finished');
    expect(log).toContain('known: [masked], [masked], [masked]');
    // What stands in the request itself is its sender's.
    const output = log.split('\n').filter((line) => line.includes('cmd_output'));
    const secrets = [SERVE_SECRET, CALLBACK_TOKEN, JOB_SECRET, serve.authorization.slice(7)];
    const agentLog = (await serve.call('GET', '/agent_logs')).text;
    expect(agentLog).toContain('GET /jobs/curious/log: 200');
    for (const secret of secrets) for (const text of [...output, agentLog]) expect(text).not.toContain(secret);
    expect(log).not.toContain('SEMAPHORE_AGENT_');
  });
});
