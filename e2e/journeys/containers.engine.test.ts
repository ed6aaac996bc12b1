import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElectronApplication } from 'playwright';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PracticeHub } from '../../main/practice/practice-hub.ts';
import { startApp } from '../desktop/app.ts';
import { answerDialogs } from '../desktop/dialogs.ts';
import { savePictures } from '../desktop/pictures.ts';
import { TestDesktop } from '../desktop/test-desktop.ts';
import { startTestEngine, type TestEngine } from '../engine/test-engine.ts';

let work: string;
let hub: PracticeHub;
let engine: TestEngine;
let desktop: TestDesktop;
let app: ElectronApplication | undefined;

beforeEach(async () => {
  work = mkdtempSync(join(tmpdir(), 'journey-'));
  hub = await PracticeHub.start({ nextSyncAfter: 200 });
  engine = await startTestEngine();
  desktop = await TestDesktop.start({ trayHost: true });
});
afterEach(async () => {
  await app?.close();
  app = undefined;
  await desktop.stop();
  await engine.stop();
  await hub.close();
  rmSync(work, { recursive: true, force: true, maxRetries: 3 });
});

const JOB = {
  executor: 'dockercompose',
  env_vars: [{ name: 'SEMAPHORE_JOB_NAME', value: Buffer.from('In containers').toString('base64') }],
  compose: {
    containers: [
      { name: 'main', image: 'conformance-base:1' },
      { name: 'web', image: 'conformance-base:1', command: 'busybox httpd -f -p 8080 -h /www' },
    ],
  },
  commands: [{ directive: 'test -S /var/run/docker.sock || echo "no engine here"' }, { directive: 'sleep 300' }],
};

/** All that a job could leave at the engine. */
async function atEngine(): Promise<readonly string[]> {
  const looks = [
    ['ps', '-aq'],
    ['network', 'ls', '-q'],
    ['volume', 'ls', '-q'],
  ];
  return Promise.all(looks.map((look) => engine.docker(...look)));
}

describe('the app with a job in containers', () => {
  it('shows it, keeps the engine from it, and stops it from the tray; nothing is left', async () => {
    const before = await atEngine();
    app = await startApp(desktop, hub, work, ['--show'], { DOCKER_HOST: engine.host });
    const page = app.windows()[0] ?? (await app.waitForEvent('window'));
    await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
    const id = hub.addJob(JOB);
    await page.getByRole('heading', { name: 'Running “In containers”' }).waitFor();
    const log = page.getByRole('log', { name: 'End of the log' });
    await log.getByText('no engine here', { exact: true }).waitFor();
    await hub.waitFor(() => hub.log(id).text.includes('no engine here\n'));
    expect((await engine.docker('ps', '-q')).trim().split('\n')).toHaveLength(2);
    await savePictures('in-containers', desktop, page);

    await answerDialogs(app, 'Stop the job');
    await desktop.choose('Stop current job…');
    await hub.waitFor(() => hub.resultOf(id) !== undefined);
    expect(hub.resultOf(id)).toBe('stopped');
    await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
    expect(await atEngine()).toEqual(before);
    expect(readdirSync(join(work, 'tmp')).filter((name) => name.startsWith('signalbox-'))).toEqual([]);
    expect(hub.violations).toEqual([]);
  });

  it('says that there is no engine when a job wanted one, until a job has found one', async () => {
    app = await startApp(desktop, hub, work, ['--show'], { DOCKER_HOST: engine.host });
    const page = app.windows()[0] ?? (await app.waitForEvent('window'));
    await engine.kill();
    await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
    const failed = hub.addJob({ ...JOB, commands: [] });
    await page.getByRole('heading', { name: 'The last job needs your attention' }).waitFor();
    await page.getByTitle(/^no container engine was found; .* DOCKER_HOST \(connection refused\)$/).waitFor();
    expect(hub.resultOf(failed)).toBe('failed');
    await savePictures('no-engine', desktop, page);

    await engine.restart();
    const passed = hub.addJob({ ...JOB, commands: [] });
    await hub.waitFor(() => hub.resultOf(passed) !== undefined);
    expect(hub.resultOf(passed)).toBe('passed');
    await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
  });
});
