import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appJourney } from '../desktop/app-journey.ts';
import { answerDialogs } from '../desktop/dialogs.ts';
import { savePictures } from '../desktop/pictures.ts';
import { startTestEngine, type TestEngine } from '../engine/test-engine.ts';

const journey = appJourney();
let engine: TestEngine;

beforeEach(async () => {
  engine = await startTestEngine();
});
afterEach(() => engine.stop());

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

describe('the app with a job in containers', () => {
  it('shows it, keeps the engine from it, and stops it from the tray; nothing is left', async () => {
    const before = await engine.holds();
    const page = await journey.startWithWindow({ DOCKER_HOST: engine.host });
    await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
    const id = journey.hub.addJob(JOB);
    await page.getByRole('heading', { name: 'Running “In containers”' }).waitFor();
    const log = page.getByRole('log', { name: 'End of the log' });
    await log.getByText('no engine here', { exact: true }).waitFor();
    await journey.hub.waitFor(() => journey.hub.log(id).text.includes('no engine here\n'));
    expect((await engine.docker('ps', '-q')).trim().split('\n')).toHaveLength(2);
    await savePictures('in-containers', journey.desktop, page);

    await answerDialogs(journey.app, 'Stop the job');
    await journey.desktop.choose('Stop current job…');
    await journey.reported(id);
    expect(journey.hub.resultOf(id)).toBe('stopped');
    await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
    expect(await engine.holds()).toEqual(before);
    expect(readdirSync(join(journey.work, 'tmp')).filter((name) => name.startsWith('signalbox-'))).toEqual([]);
    expect(journey.hub.violations).toEqual([]);
  });

  it('says that there is no engine when a job wanted one, until a job has found one', async () => {
    const page = await journey.startWithWindow({ DOCKER_HOST: engine.host });
    await engine.kill();
    await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
    const failed = journey.hub.addJob({ ...JOB, commands: [] });
    await page.getByTitle(/^No container engine was found; .* DOCKER_HOST \(connection refused\)$/).waitFor();
    expect(journey.hub.resultOf(failed)).toBe('failed');
    await savePictures('no-engine', journey.desktop, page);

    await engine.restart();
    const passed = journey.hub.addJob({ ...JOB, commands: [] });
    await journey.reported(passed);
    expect(journey.hub.resultOf(passed)).toBe('passed');
    await page.getByTitle(/^Connected as /).waitFor();
  });
});
