import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { PracticeHub } from '../../practice/practice-hub.ts';
import { createHttp } from '../hub/undici-http.ts';
import { temporaryFolders } from '../log/history/job-folders.ts';
import { Tails } from '../log/tails.ts';
import { systemClock } from '../platform/clock.ts';
import { FakeClock } from '../platform/fake-clock.ts';
import { createPrivateFolder } from '../platform/private-folder.ts';
import { jobAboutOf } from './job-about.ts';
import { jobRequestSchema } from './job-request.ts';
import { secretsOf } from './job-secrets.ts';
import { createOpenLog, type LogSettings } from './open-log.ts';

/** What opens logs in folders of the test's own. `end()` leaves nothing of it. */
async function openingLogs(over: Partial<LogSettings> = {}) {
  const http = createHttp(systemClock);
  const folder = await createPrivateFolder(tmpdir());
  const say = () => undefined;
  const openLog = createOpenLog({
    http,
    clock: systemClock,
    log: { info: say, warn: say, error: say },
    folders: temporaryFolders(folder.path),
    aboutOf: (request) => jobAboutOf(request, { kubernetes: false }),
    mirror: undefined,
    tails: new Tails(systemClock),
    secretsOf: (request, accessToken) => secretsOf(request, { variables: [], tokens: [accessToken] }),
    artifacts: { when: () => 'never', env: {}, programEnv: {} },
    ...over,
  });
  const end = () => Promise.all([http.close(), folder.remove()]);
  return { openLog, folder: folder.path, end };
}

it('masks the token of the log server, and the one that takes its place while the job runs', async () => {
  const hub = await PracticeHub.start();
  const { openLog, end } = await openingLogs();
  try {
    const first = hub.log('j1').token;
    const request = jobRequestSchema.parse({ job_id: 'j1', logger: hub.loggerOf('j1') });
    hub.log('j1').expireToken();
    const refreshToken = async () => hub.log('j1').refreshToken();
    const opened = await openLog(request, { refreshToken, accessToken: 'access-token' });
    if (typeof opened === 'string') throw new Error(opened);
    const { log } = opened;
    log.jobStarted();
    log.commandStarted('env');
    log.output(Buffer.from(`${first} access-token\n`));
    await hub.waitFor(() => hub.log('j1').count > 0);
    const second = hub.log('j1').token;
    expect(second).not.toBe(first);
    log.output(Buffer.from(`${second} ${first}\n`));
    log.line(`the agent says ${second}\n`);
    log.commandFinished(0);
    log.jobFinished('passed');
    await log.close();
    expect(await opened.delivered('passed')).toBeUndefined();
    expect(hub.log('j1').text).toBe('[masked] [masked]\n[masked] [masked]\nthe agent says [masked]\n');
    expect(hub.violations).toEqual([]);
  } finally {
    await hub.close();
    await end();
  }
});

it('opens no log that is to be pushed to nowhere', async () => {
  const { openLog, folder, end } = await openingLogs();
  try {
    const request = jobRequestSchema.parse({ job_id: 'j1', logger: { method: 'push', token: 't' } });
    const opened = await openLog(request, { refreshToken: async () => '', accessToken: '' });
    expect(opened).toBe('its log is to be pushed, but the request does not say where to');
    expect(readdirSync(folder)).toEqual([]);
  } finally {
    await end();
  }
});

it('does not wait for a reader of the plain text that does not read on', async () => {
  const clock = new FakeClock();
  const { openLog, end } = await openingLogs({ clock, mirror: () => new Promise(() => undefined) });
  try {
    const request = jobRequestSchema.parse({ job_id: 'j1' });
    const opened = await openLog(request, { refreshToken: async () => '', accessToken: 'access-token' });
    if (typeof opened === 'string') throw new Error(opened);
    opened.log.jobStarted();
    await opened.log.close();
    const delivered = opened.delivered('passed');
    await expect.poll(() => clock.pending).toBe(1);
    await clock.advance(2_000);
    expect(await delivered).toBeUndefined();
  } finally {
    await end();
  }
});
