import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication, Page } from 'playwright';
import { expect, it } from 'vitest';
import { appJourney, NOT_SET_UP, shellJob } from '../desktop/app-journey.ts';
import { answerDialogs } from '../desktop/dialogs.ts';
import { savePictures } from '../desktop/pictures.ts';

const journey = appJourney();

const job = (name: string, ...commands: string[]) => shellJob(commands, { SEMAPHORE_JOB_NAME: name });

/** Runs a job to its end, until the app knows of that too, and gives its log. */
async function run(page: Page, name: string, ...commands: string[]): Promise<string> {
  const id = journey.hub.addJob(job(name, ...commands));
  await journey.reported(id);
  expect(journey.hub.resultOf(id)).toBe('passed');
  await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
  return journey.hub.log(id).text;
}

/** From now on the dialog for files gives this one. */
async function answerFileDialogs(running: ElectronApplication, path: string): Promise<void> {
  await running.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] });
  }, path);
}

const show = (page: Page, view: string) =>
  page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: view }).click();

it('goes from nothing to the first job: address, token, name, what jobs may do', async () => {
  const page = await journey.startWithWindow(NOT_SET_UP);
  await page.getByRole('heading', { name: 'Where do your jobs come from?' }).waitFor();
  await answerDialogs(journey.app, 'Save');
  await page.getByLabel('Hub address').fill(journey.hub.endpoint);
  await page.getByLabel('Registration token').fill('wrong');
  await page.getByLabel(/^Without TLS/).check();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('alert').getByText('401').waitFor();
  await savePictures('first-run-refused', journey.desktop, page);
  await page.getByLabel('Registration token').fill(journey.hub.registrationToken);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { name: 'What is this computer called?' }).waitFor();
  await page.getByLabel('Name').fill('first-run-agent');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('radio', { name: /^Run in a shell too/ }).check();
  await page.getByRole('button', { name: 'Continue' }).click();
  expect(journey.hub.calls.filter(({ kind }) => kind === 'register')).toEqual([]);
  await page.getByLabel('Start Signalbox when I log in').uncheck();
  await page.getByRole('button', { name: 'Connect' }).click();
  await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
  await page.getByText(/Connected as first-run-agent/).waitFor();
  expect(await run(page, 'First', 'echo "sum $((40 + 2))"')).toContain('sum 42\n');
  await page.getByRole('region', { name: 'Last job' }).getByText('Passed').waitFor();
  await savePictures('first-run-done', journey.desktop, page);
});

it('chooses a hook, tries it, and its output is in the log of the next job', async () => {
  const hook = join(journey.work, 'pre-job.sh');
  writeFileSync(hook, '#!/usr/bin/env bash\necho "hook of $((6 * 7))"\n');
  chmodSync(hook, 0o755);
  const page = await journey.startWithWindow();
  await show(page, 'Settings');
  await page.getByRole('button', { name: 'Hooks', exact: true }).click();
  await answerFileDialogs(journey.app, hook);
  await answerDialogs(journey.app, 'Save');
  const section = page.getByRole('region', { name: 'Before every job' });
  await section.getByRole('button', { name: 'Choose…' }).click();
  await expect.poll(() => section.getByRole('textbox', { name: 'Pre-job hook' }).inputValue()).toBe(hook);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await section.getByText(/^✓ Found, readable and executable/).waitFor();
  await section.getByRole('button', { name: 'Test run' }).click();
  await section.getByText(/^✓ Exit code 0 after/).waitFor();
  await section.getByText('hook of 42').waitFor();
  await savePictures('hook-tested', journey.desktop, page);
  await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
  expect(await run(page, 'Hooked', 'echo job')).toContain('hook of 42\n');
});

it('changes a setting, and the next job has it', async () => {
  const page = await journey.startWithWindow();
  await show(page, 'Settings');
  await page.getByRole('button', { name: 'Jobs', exact: true }).click();
  await answerDialogs(journey.app, 'Save');
  await page.getByLabel('Variables for every job', { exact: true }).fill('FLAVOUR=vanilla');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('1 change not saved').waitFor({ state: 'detached' });
  await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
  expect(await run(page, 'Flavoured', 'echo "it is $FLAVOUR"')).toContain('it is vanilla\n');
});

it('opens the log of a job that ran before the app was started again', async () => {
  const first = await journey.startWithWindow();
  await run(first, 'Remembered', 'echo "kept $((20 + 3))"');
  await show(first, 'History');
  await first.getByRole('row', { name: /Passed.*Remembered/ }).waitFor();
  await journey.closeApp();
  const page = await journey.startWithWindow();
  await page.getByRole('region', { name: 'Recent jobs' }).getByText('Remembered').waitFor();
  await show(page, 'History');
  await savePictures('history', journey.desktop, page);
  await page.getByRole('button', { name: 'Remembered', exact: true }).click();
  await page.locator('nav[aria-label=Views] [aria-current=page]').getByText('Log').waitFor();
});

it('shows the running job again when its page is loaded anew', async () => {
  const page = await journey.startWithWindow();
  const id = journey.hub.addJob(
    job('Long', 'echo begun', `until [ -f ${join(journey.work, 'go')} ]; do sleep 0.05; done`),
  );
  await page.getByText('begun', { exact: true }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Running “Long”' }).waitFor();
  await page.getByRole('log', { name: 'End of the log' }).getByText('begun', { exact: true }).waitFor();
  writeFileSync(join(journey.work, 'go'), '');
  await journey.reported(id);
  expect(journey.hub.resultOf(id)).toBe('passed');
  await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
  await page.getByRole('region', { name: 'Last job' }).getByText('Passed').waitFor();
  expect(journey.hub.violations).toEqual([]);
});
