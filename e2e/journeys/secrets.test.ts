import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appJourney, shellJob } from '../desktop/app-journey.ts';
import { chooseFile } from '../desktop/dialogs.ts';
import { processesNaming, processesWith, renderersOf, sendSignal } from '../desktop/processes.ts';
import { formsOf } from '../desktop/secret-forms.ts';
import { startAgain, startSetUp } from '../desktop/set-up-app.ts';
import { ask } from '../desktop/window-caller.ts';

const TOKEN = 'marked-registration-token-7c1f';
const LOG_TOKEN = 'marked-log-token-41d2';
const JOB_SECRET = 'marked-job-variable-93ab';
/** Where the system keeps no secrets these hold two of them, and only their owner can read them. */
const KEPT = ['settings.json', 'session.json'];

const journey = appJourney({ registrationToken: TOKEN, logTokenPrefix: LOG_TOKEN });
const job = (name: string, ...commands: string[]) => shellJob(commands, { SEMAPHORE_JOB_NAME: name, JOB_SECRET });

describe('a hunt for secrets', () => {
  it('finds none in what the app writes, nor in what its processes and those of a job were started with', async () => {
    await startSetUp(journey);
    const secrets = [TOKEN, LOG_TOKEN, JOB_SECRET, keptAccessToken()];
    // A hub may say again what it was told.
    for (const secret of [TOKEN, keptAccessToken()])
      journey.hub.injectFault({ on: 'sync', status: 400, body: `nobody knows ${secret}` });
    await expect
      .poll(() => readFileSync(join(journey.work, 'data', 'logs', 'agent_log'), 'utf8'))
      .toContain('nobody knows');
    const first = await beginJob('First');
    expect(strangersThatKnow(secrets)).toEqual([]);
    const [renderer] = renderersOf(journey.mainPid);
    sendSignal('SIGKILL', renderer);
    await expect.poll(() => renderersOf(journey.mainPid).filter((pid) => pid !== renderer)).toHaveLength(1);
    sendSignal('SIGKILL', journey.registeredPid);
    await journey.reported(first);

    const second = await beginJob('Second');
    const closed = journey.appClosed();
    sendSignal('SIGKILL', journey.mainPid);
    await closed;
    const page = await startAgain(journey);
    await journey.reported(second);
    expect([first, second].map((id) => journey.hub.resultOf(id))).toEqual(['failed', 'failed']);

    const fine = journey.hub.addJob(job('Fine', 'echo fine; env | sort | grep -v JOB_SECRET'));
    await journey.reported(fine);
    await chooseFile(journey.app, join(journey.work, 'export.yaml'));
    expect((await ask(page, 'exportSettings', { withToken: false, reader: 'signalbox' })).outcome).toBe('saved');
    await journey.desktop.choose('Diagnostics', 'Copy report');
    const report = () => journey.app.evaluate(({ clipboard }) => clipboard.readText());
    await expect.poll(report).toContain('saved-agent');

    const forms = secrets.flatMap(formsOf);
    const found = (text: string | Buffer) => forms.filter((form) => text.includes(form));
    expect(found(await report())).toEqual([]);
    expect(found(journey.hub.log(fine).text)).toEqual([]);
    expect(strangersThatKnow(secrets)).toEqual([]);
    const written = filesBelow(journey.work);
    for (const name of ['agent_log', 'export.yaml']) expect(written.map(({ file }) => file)).toContain(name);
    expect(written.filter(({ file }) => file.endsWith('.json') && !KEPT.includes(file)).length).toBeGreaterThan(0);
    const told = written.filter(({ file, path }) => !KEPT.includes(file) && found(readFileSync(path)).length > 0);
    expect(told).toEqual([]);
    for (const name of KEPT) {
      const path = join(journey.work, 'data', name);
      expect(statSync(path).mode & 0o777, name).toBe(0o600);
      expect(secrets.filter((secret) => readFileSync(path).includes(secret))).toEqual([]);
    }
    expect((await ask(page, 'settings', null)).secretStore).toBe('none');
  });
});

/** Processes of this machine that were started with a secret, but for a job's, which may know the job's variables. */
function strangersThatKnow(secrets: readonly string[]): readonly number[] {
  const tokens = secrets.filter((secret) => secret !== JOB_SECRET).flatMap(formsOf);
  const knowing = processesNaming(formsOf(JOB_SECRET));
  // Looked for second: a job may begin another one meanwhile, and ends none here.
  const ofJobs = processesWith('SIGNALBOX_JOB_MARK');
  return [...processesNaming(tokens), ...knowing.filter((pid) => !ofJobs.includes(pid))];
}

/** Resolves with its id when it runs a program that was given its variables. */
async function beginJob(name: string): Promise<string> {
  const id = journey.hub.addJob(job(name, 'echo begun; sleep 300'));
  await journey.hub.waitFor(() => journey.hub.log(id).text.includes('begun\n'));
  await expect.poll(() => processesWith('SIGNALBOX_JOB_MARK', JOB_SECRET)).not.toEqual([]);
  return id;
}

/** Of the session that is kept for the next agent. */
function keptAccessToken(): string {
  const { text } = JSON.parse(readFileSync(join(journey.work, 'data', 'session.json'), 'utf8')) as { text: string };
  return (JSON.parse(Buffer.from(text, 'base64').toString()) as { accessToken: string }).accessToken;
}

function filesBelow(folder: string): readonly { readonly file: string; readonly path: string }[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [{ file: entry.name, path }] : [];
  });
}
