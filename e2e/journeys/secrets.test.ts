import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appJourney, shellJob } from '../desktop/app-journey.ts';
import { processesNaming } from '../desktop/processes.ts';
import { startSetUp } from '../desktop/set-up-app.ts';
import { ask } from '../desktop/window-caller.ts';

const TOKEN = 'marked-registration-token-7c1f';
const LOG_TOKEN = 'marked-log-token-41d2';
const JOB_SECRET = 'marked-job-variable-93ab';

const journey = appJourney({ registrationToken: TOKEN, logTokenPrefix: LOG_TOKEN });
const job = (name: string, ...commands: string[]) => shellJob(commands, { SEMAPHORE_JOB_NAME: name, JOB_SECRET });
const callsOf = (kind: string) => journey.hub.calls.filter((call) => call.kind === kind);

describe('a hunt for secrets', () => {
  it('finds none in what the app writes, nor in what its processes were started with', async () => {
    const page = await startSetUp(journey);
    const doomed = journey.hub.addJob(job('Doomed', 'echo begun; sleep 300'));
    await journey.hub.waitFor(() => journey.hub.log(doomed).text.includes('begun\n'));
    process.kill((JSON.parse(callsOf('register')[0]?.body ?? '{}') as { pid: number }).pid, 'SIGKILL');
    await journey.reported(doomed);
    const fine = journey.hub.addJob(job('Fine', 'echo fine; env | sort | grep -v JOB_SECRET'));
    await journey.reported(fine);
    await journey.app.evaluate(
      ({ dialog }, filePath) => {
        dialog.showSaveDialog = async () => ({ canceled: false, filePath });
      },
      join(journey.work, 'export.yaml'),
    );
    expect((await ask(page, 'exportSettings', { withToken: false, reader: 'signalbox' })).outcome).toBe('saved');
    await journey.desktop.choose('Diagnostics', 'Copy report');
    const report = () => journey.app.evaluate(({ clipboard }) => clipboard.readText());
    await expect.poll(report).toContain('saved-agent');
    const secrets = [TOKEN, LOG_TOKEN, JOB_SECRET, keptAccessToken()];
    for (const secret of secrets) expect(await report()).not.toContain(secret);
    for (const secret of secrets) expect(journey.hub.log(fine).text).not.toContain(secret);

    expect(processesNaming(journey.app.process().pid ?? 0, secrets)).toEqual([]);
    const told = filesBelow(journey.work).filter((path) =>
      secrets.some((secret) => readFileSync(path).includes(secret)),
    );
    expect(told).toEqual([]);
    // Where the system keeps no secrets these two hold them, and only their owner can read them.
    for (const name of ['settings.json', 'session.json'])
      expect(statSync(join(journey.work, 'data', name)).mode & 0o777, name).toBe(0o600);
    expect((await ask(page, 'settings', null)).secretStore).toBe('none');
  });
});

/** Of the session that is kept for the next agent. */
function keptAccessToken(): string {
  const { text } = JSON.parse(readFileSync(join(journey.work, 'data', 'session.json'), 'utf8')) as { text: string };
  return (JSON.parse(Buffer.from(text, 'base64').toString()) as { accessToken: string }).accessToken;
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}
