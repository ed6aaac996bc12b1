import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication, Page } from 'playwright';
import { expect, it } from 'vitest';
import { appJourney, NOT_SET_UP, shellJob } from '../desktop/app-journey.ts';
import { answerDialogs, chooseFile } from '../desktop/dialogs.ts';
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

/** From now on dialogs for files give this one, and what is opened with a program of the desktop's is told instead. */
async function answerFileDialogs(running: ElectronApplication, path: string): Promise<() => Promise<string[]>> {
  type WithOpened = typeof globalThis & { opened?: string[] };
  await chooseFile(running, path);
  await running.evaluate(({ shell }) => {
    const opened: string[] = [];
    (globalThis as WithOpened).opened = opened;
    shell.openPath = async (file) => {
      opened.push(file);
      return '';
    };
  });
  return () => running.evaluate(() => (globalThis as WithOpened).opened ?? []);
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
  await page.getByRole('alert').getByText('does not know this token').waitFor();
  await page.getByText('Details').click();
  await page.getByText(/^the hub refused \/metrics with 401/).waitFor();
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

it('is tried without an account: the sample job runs on a practice hub, and the way leads back', async () => {
  const page = await journey.startWithWindow(NOT_SET_UP);
  await page.getByRole('button', { name: 'Try it without an account' }).click();
  const lastJob = page.getByRole('region', { name: 'Last job' });
  await lastJob.getByText('✓ Passed', { exact: true }).waitFor();
  await page.getByRole('log', { name: 'End of the log' }).getByText('Hello from your own machine').waitFor();
  await page.getByText('nothing leaves it').waitFor();
  await savePictures('practice-done', journey.desktop, page);
  await page.getByRole('button', { name: 'Connect to Semaphore…' }).click();
  await page.getByRole('heading', { name: 'Where do your jobs come from?' }).waitFor();
  expect(await page.getByLabel('Hub address').inputValue()).toBe('');
  await expect.poll(journey.tooltip.bind(journey)).toMatch(/^Not set up yet\n/);
  expect(journey.hub.calls).toEqual([]);
});

it('makes a hook, tries it and stops it, sees it in the log of the next job, and that it has changed since', async () => {
  const hook = join(journey.work, 'pre-job.sh');
  const go = join(journey.work, 'go');
  const page = await journey.startWithWindow();
  await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
  await journey.desktop.choose('Hooks', 'Change…');
  const opened = await answerFileDialogs(journey.app, hook);
  await answerDialogs(journey.app, 'Save');
  const section = page.getByRole('region', { name: 'Before every job' });
  await section.getByRole('button', { name: 'New hook…' }).click();
  const path = section.getByRole('textbox', { name: 'Pre-job hook' });
  await expect.poll(() => path.inputValue()).toBe(hook);
  expect(await opened()).toEqual([hook]);
  expect(readFileSync(hook, 'utf8')).toMatch(/^#!\/usr\/bin\/env bash\n# Pre-job hook: /);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await section.getByText(/^✓ Found, readable and executable · owned by [^·]+$/).waitFor();

  writeFileSync(hook, `echo "hook of $((6 * 7))"; until [ -f ${go} ]; do sleep 0.05; done\n`);
  await section.getByRole('button', { name: 'Test run' }).click();
  const output = section.getByRole('log', { name: 'Output of the test run' });
  await output.getByText('hook of 42').waitFor();
  await section.getByText(/^Running…/).waitFor();
  await savePictures('hook-running', journey.desktop, page);
  await section.getByRole('button', { name: 'Stop', exact: true }).click();
  await section.getByText(/^■ Stopped by you after/).waitFor();
  writeFileSync(go, '');
  await section.getByRole('button', { name: 'Test run' }).click();
  await section.getByText(/^✓ Exit code 0 after/).waitFor();
  await output.getByText('hook of 42').waitFor();
  await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
  expect(await run(page, 'Hooked', 'echo job')).toContain('hook of 42\n');

  await section.getByText('as it was at the last job').waitFor();
  writeFileSync(hook, 'echo another one\n');
  await page.evaluate(() => (globalThis as unknown as EventTarget).dispatchEvent(new Event('focus')));
  await section.getByText('Changed since the last job').waitFor();
  await savePictures('hook-changed', journey.desktop, page);
  await section.getByRole('button', { name: 'Open in editor' }).click();
  await expect.poll(opened).toEqual([hook, hook]);
});

it('ends a hook that is tried when it is quit', async () => {
  const hook = join(journey.work, 'endless.sh');
  const pid = join(journey.work, 'pid');
  writeFileSync(hook, `echo $$ >${pid}; echo up; trap 'rm ${pid}; exit 1' TERM; while :; do sleep 0.1; done\n`);
  const page = await journey.startWithWindow({ SEMAPHORE_AGENT_POST_JOB_HOOK_PATH: hook });
  await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
  await journey.desktop.choose('Hooks', 'Change…');
  const section = page.getByRole('region', { name: 'After every job' });
  await section.getByText('Set by the variable SEMAPHORE_AGENT_POST_JOB_HOOK_PATH').waitFor();
  await section.getByRole('button', { name: 'Test run' }).click();
  await section.getByRole('log').getByText('up', { exact: true }).waitFor();
  expect(existsSync(pid)).toBe(true);
  await journey.closeApp();
  expect(existsSync(pid)).toBe(false);
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

it('has a job that ran before the app was started again: its log to read and to save, deleted and had back', async () => {
  const first = await journey.startWithWindow();
  await run(first, 'Remembered', 'echo "kept $((20 + 3))"');
  await show(first, 'History');
  await first.getByRole('row', { name: /Passed.*Remembered/ }).waitFor();
  await journey.closeApp();
  const page = await journey.startWithWindow();
  await page.getByRole('region', { name: 'Recent jobs' }).getByText('Remembered').waitFor();
  await show(page, 'History');
  await savePictures('history', journey.desktop, page);
  const row = page.getByRole('row', { name: /Passed.*Remembered/ });
  const file = join(journey.work, 'remembered.log');
  await answerFileDialogs(journey.app, file);
  await row.getByRole('button', { name: 'More about “Remembered”' }).click();
  await page.getByRole('menuitem', { name: 'Save log as text…' }).click();
  await expect.poll(() => existsSync(file) && readFileSync(file, 'utf8')).toContain('kept 23\n');
  await row.getByRole('button', { name: 'Remembered', exact: true }).press('Delete');
  await page.getByText('“Remembered” is deleted').waitFor();
  await page.getByText('No job has run here yet').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Remembered', exact: true }).click();
  await page.locator('nav[aria-label=Views] [aria-current=page]').getByText('Log').waitFor();
});

it('is nothing that the agent needs: without any file of it jobs run in the same way', async () => {
  const whatRan = async () => {
    await journey.start();
    const id = journey.hub.addJob(job('Plain', 'echo "sum $((1 + 2))"', 'cat missing', 'echo never'));
    await journey.reported(id);
    let last: string | undefined;
    await expect
      .poll(async () => {
        last = (await journey.desktop.menu())[2]?.label.replace(/ · .*$/, '');
        return last;
      })
      .toMatch(/^Last: /);
    await journey.closeApp();
    const { text, events } = journey.hub.log(id);
    return { result: journey.hub.resultOf(id), text, events: events.map(({ event }) => event), last };
  };
  const withIt = await whatRan();
  expect(withIt).toMatchObject({ result: 'failed', last: 'Last: “Plain” failed' });
  const built = join(journey.copyOfApp(), 'dist');
  for (const part of ['renderer', 'preload.cjs', 'preload.cjs.map']) rmSync(join(built, part), { recursive: true });
  expect(await whatRan()).toEqual(withIt);
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
