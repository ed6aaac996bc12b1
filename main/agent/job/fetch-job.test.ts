import { expect, it } from 'vitest';
import type { Http, HttpAnswer } from '../hub/http.ts';
import { HubClient } from '../hub/hub-client.ts';
import { FakeClock } from '../platform/fake-clock.ts';
import { fetchJob } from './fetch-job.ts';

/** What becomes of a job whose request is answered like this, one answer after another; and when the hub was asked, in s. */
async function fetched(answers: readonly Partial<HttpAnswer>[], stopAtMs?: number) {
  const clock = new FakeClock();
  const begin = clock.now();
  const asked: number[] = [];
  const send = async () => {
    asked.push((clock.now() - begin) / 1000);
    return { status: 503, text: '', ...answers[asked.length - 1] };
  };
  const http: Http = { send, close: async () => undefined };
  const hub = new HubClient({ http, endpoint: 'hub.test', noHttps: false, registrationToken: '' });
  const stop = new AbortController();
  if (stopAtMs !== undefined) clock.startTimer(stopAtMs, () => stop.abort());
  const fetching = fetchJob({ hub, clock, jobId: 'j1', accessToken: '', signal: stop.signal });
  await clock.advance(600_000);
  return { ...(await fetching), asked };
}

it('asks ten times, 3 s apart, then says why there is no job', async () => {
  expect(await fetched([])).toEqual({
    ok: false,
    problem: 'the hub refused /jobs/j1 with 503',
    asked: [0, 3, 6, 9, 12, 15, 18, 21, 24, 27],
  });
});

it('takes the first answer that is a job', async () => {
  const page = { status: 200, text: '[]' };
  expect(await fetched([page, { status: 404 }, { status: 200, text: '{"job_id":"j1"}' }])).toMatchObject({
    ok: true,
    asked: [0, 3, 6],
  });
});

it('does not ask again for a request that is not as it should be, nor for a job that was stopped', async () => {
  expect((await fetched([{ status: 200, text: '{"commands":7}' }])).asked).toEqual([0]);
  expect((await fetched([], 4_000)).asked).toEqual([0, 3]);
});
