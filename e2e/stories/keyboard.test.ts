import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { StoryBrowser, type StoryPage } from './story-browser.ts';

let browser: StoryBrowser;
let story: StoryPage | undefined;

beforeAll(async () => {
  browser = await StoryBrowser.start();
});
afterEach(async () => {
  const { errors = [] } = story ?? {};
  await story?.close();
  story = undefined;
  expect(errors).toEqual([]);
});
afterAll(() => browser.stop());

/** Opens a story; `said` is what its user told main. */
async function open(name: string): Promise<{ page: Page; said: string[] }> {
  story = await browser.open(name);
  const said: string[] = [];
  story.page.on('console', (message) => said.push(message.text()));
  return { page: story.page, said };
}

/** Presses Tab until a control has the focus, as somebody does who sees nothing else to press. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    const focused = page.locator(':focus');
    if ((await focused.count()) === 1 && (await nameOf(focused)) === name) return;
  }
  throw new Error(`Tab does not come to ${name}`);
}

async function nameOf(focused: ReturnType<Page['locator']>): Promise<string> {
  const snapshot = await focused.ariaSnapshot();
  return /^- \w+ "((?:[^"\\]|\\.)*)"/.exec(snapshot)?.[1]?.replaceAll('\\"', '"') ?? '';
}

it('changes views, pauses and takes a pause from the menu', async () => {
  const { page, said } = await open('now-idle');
  for (const [key, label] of [
    ['3', 'History'],
    ['4', 'Settings'],
    ['2', 'Log'],
    [',', 'Settings'],
    ['1', 'Now'],
  ] as const) {
    await page.keyboard.press(`Control+${key}`);
    await page.locator('nav[aria-label=Views] [aria-current=page]').getByText(label).waitFor();
  }
  await page.keyboard.press('Control+p');
  await expect.poll(() => said).toContain('command pause {"kind":"until-resumed"}');
  await tabTo(page, 'More ways to pause');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  expect(await page.getByRole('menu').count()).toBe(0);
  expect(await nameOf(page.locator(':focus'))).toBe('More ways to pause');
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect.poll(() => said).toContain('command pause {"kind":"for","minutes":30}');
  await page.keyboard.press('Enter');
  await page.keyboard.press('d');
  await page.keyboard.press('Enter');
  await expect.poll(() => said).toContain('command disconnect null');
});

it('changes a setting, sees what is wrong with it at the field, and keeps it while another view is looked at', async () => {
  const { page } = await open('settings-connection');
  await tabTo(page, 'Name of this agent');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('short');
  await page.getByRole('alert').getByText('A name has 8 to 80 characters; this one has 5').waitFor();
  await page.getByText('1 change not saved 1 field needs fixing.').waitFor();
  expect(await page.getByRole('button', { name: 'Save' }).getAttribute('title')).toBe('1 field needs fixing');
  await page.keyboard.type('-but-longer');
  await page.getByRole('alert').waitFor({ state: 'detached' });
  await page.keyboard.press('Control+1');
  await page.keyboard.press('Control+4');
  expect(await page.getByRole('textbox', { name: 'Name of this agent' }).inputValue()).toBe('short-but-longer');
  await page.getByText('1 change not saved').waitFor();
  await tabTo(page, 'Save');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('There is no hub at that address').waitFor();
  await tabTo(page, 'Undo the change of “Name of this agent”');
  await page.keyboard.press('Enter');
  expect(await page.getByRole('textbox', { name: 'Name of this agent' }).inputValue()).toBe('lap-42-office');
});

it('tells at a field what does not fit together, by the labels of fields', async () => {
  const { page } = await open('settings-that-fit-not-together');
  await page.getByRole('alert').getByText('It is only allowed together with “Disconnect after one job”').waitFor();
  await page.getByRole('img', { name: '1 field needs fixing' }).waitFor();
  await page.getByRole('button', { name: 'Power', exact: true }).click();
  await page.getByRole('alert').getByText('Advanced, “Only the job with this id”: It is only allowed').waitFor();
});

it('goes back to the default of the app, which is not the command line’s', async () => {
  const { page } = await open('settings-jobs');
  const field = page.getByLabel('Pull requests from forks', { exact: true });
  expect(await field.inputValue()).toBe('containers-only');
  await tabTo(page, 'Use the default of “Pull requests from forks”');
  await page.keyboard.press('Enter');
  await expect.poll(() => field.inputValue()).toBe('refuse');
});

it('never shows a token', async () => {
  const { page } = await open('settings-connection');
  const field = page.getByLabel('Registration token', { exact: true });
  expect(await field.getAttribute('type')).toBe('password');
  expect(await field.inputValue()).toBe('');
});

it('tries hooks, stops one while another view was looked at, and chooses another file', async () => {
  const { page } = await open('settings-hooks');
  const hook = page.getByRole('region', { name: 'Before every job' });
  await tabTo(page, 'Test run');
  await page.keyboard.press('Enter');
  await hook.getByText('✗ Exit code 3 after 0.8 s').waitFor();
  await hook.getByText('no route to vpn.acme.example').waitFor();
  const after = page.getByRole('region', { name: 'After every job' });
  await tabTo(page, 'Test run');
  await page.keyboard.press('Enter');
  await after.getByText('no route to vpn.acme').waitFor();
  await page.keyboard.press('Control+1');
  await page.keyboard.press('Control+4');
  await after.getByText(/^Running…/).waitFor();
  expect(await hook.getByText('✗ Exit code 3 after 0.8 s').isVisible()).toBe(true);
  await tabTo(page, 'Stop');
  await page.keyboard.press('Enter');
  await after.getByText('■ Stopped by you after 2.4 s').waitFor();
  await page.getByRole('button', { name: 'Connection', exact: true }).focus();
  await page.keyboard.press('Tab');
  await tabTo(page, 'Choose…');
  await page.keyboard.press('Enter');
  await expect
    .poll(() => hook.getByRole('textbox', { name: 'Pre-job hook' }).inputValue())
    .toBe('/home/me/ci/other.sh');
  expect(await hook.getByRole('button', { name: 'Test run' }).getAttribute('title')).toBe(
    'Save it first: what is saved is what runs',
  );
});

it('asks a cluster what the agent may do there, with what is saved', async () => {
  const { page } = await open('settings-kubernetes');
  await tabTo(page, 'Check');
  await page.keyboard.press('Enter');
  const cluster = page.getByRole('region', { name: 'Cluster' });
  await cluster.getByText('✗ kubernetes: the agent may not delete pods, get pods/exec').waitFor();
  await cluster.getByText('→ give the agent the role of docs/kubernetes.md').waitFor();
  await page.getByRole('textbox', { name: 'Default image' }).fill('debian:12');
  expect(await cluster.getByRole('button', { name: 'Check' }).getAttribute('title')).toBe(
    'Save it first: what is saved is what is checked',
  );
});

it('goes through the first run and back', async () => {
  const { page, said } = await open('first-run-connect');
  await tabTo(page, 'Hub address');
  await page.keyboard.type('acme.semaphoreci.com');
  await tabTo(page, 'Registration token');
  await page.keyboard.type('a-token');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'What is this computer called?' }).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'What may jobs do here?' }).waitFor();
  const go = page.getByRole('button', { name: 'Continue' });
  expect(await go.getAttribute('title')).toBe('Choose one of the two');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await tabTo(page, 'Back');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'What is this computer called?' }).waitFor();
  await tabTo(page, 'Continue');
  await page.keyboard.press('Enter');
  expect(await page.getByRole('radio', { name: /^Run in containers only/ }).isChecked()).toBe(true);
  await tabTo(page, 'Continue');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'When should it run?' }).waitFor();
  for (let back = 0; back < 3; back += 1) {
    await tabTo(page, 'Back');
    await page.keyboard.press('Enter');
  }
  await page.getByRole('heading', { name: 'Where do your jobs come from?' }).waitFor();
  await tabTo(page, 'Try it without an account');
  await page.keyboard.press('Enter');
  await expect.poll(() => said).toContain('command startPractice null');
});

it('goes through the history, deletes, takes that back, filters and opens a log', async () => {
  const { page } = await open('history-full');
  const rows = page.locator('tbody tr');
  await rows.first().waitFor();
  const all = await rows.count();
  await tabTo(page, 'Unit tests');
  await page.keyboard.press('ArrowDown');
  expect(await nameOf(page.locator(':focus'))).toBe('Lint');
  await page.keyboard.press('Delete');
  await expect.poll(() => rows.count()).toBe(all - 1);
  await page.getByText('“Lint” is deleted').waitFor();
  expect(await nameOf(page.locator(':focus'))).toMatch(/^End-to-end tests/);
  await tabTo(page, 'Undo');
  await page.keyboard.press('Enter');
  await expect.poll(() => rows.count()).toBe(all);
  await page.getByRole('searchbox').focus();
  await page.keyboard.type('release tools');
  await expect.poll(() => rows.count()).toBeLessThan(all);
  await page.getByLabel('Result').selectOption('lost');
  await expect
    .poll(async () => (await rows.allTextContents()).every((text) => /Lost.*Release.*tools/.test(text)))
    .toBe(true);
  await page.getByLabel('Result').selectOption('all');
  await tabTo(page, 'Release');
  await page.keyboard.press('Enter');
  await page.getByRole('navigation', { name: 'Views' }).locator('[aria-current=page]').getByText('Log').waitFor();
});

it('says that no job matches, and shows all again', async () => {
  const { page } = await open('history-no-match');
  await page.getByText('No job matches').waitFor();
  await tabTo(page, 'Clear filter');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.locator('tbody tr').count()).toBe(60);
  expect(await page.getByRole('searchbox').inputValue()).toBe('');
});

it('chooses several jobs of the history, deletes them together and has them back', async () => {
  const { page } = await open('history-full');
  const rows = page.locator('tbody tr');
  await rows.first().waitFor();
  const all = await rows.count();
  await tabTo(page, 'Unit tests');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowUp');
  await page.getByText(/^2 jobs selected · /).waitFor();
  await page.keyboard.press('Space');
  await page.getByText(/^1 job selected · /).waitFor();
  await page.keyboard.press('Control+a');
  await page.getByText(/^60 jobs selected · /).waitFor();
  await page.keyboard.press('Escape');
  await page.getByText(/selected · /).waitFor({ state: 'detached' });
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await tabTo(page, 'Delete');
  await page.keyboard.press('Enter');
  await page.getByText('3 jobs deleted').waitFor();
  await expect.poll(() => rows.count()).toBe(all - 3);
  await expect.poll(async () => nameOf(page.locator(':focus'))).toBe('Build image');
  await tabTo(page, 'Undo');
  await page.keyboard.press('Enter');
  await expect.poll(() => rows.count()).toBe(all);
  await rows.nth(1).getByRole('checkbox').check();
  await rows
    .nth(4)
    .getByRole('button', { name: 'Release', exact: true })
    .click({ modifiers: ['Shift'] });
  await page.getByText(/^4 jobs selected · /).waitFor();
  await page.getByRole('checkbox', { name: 'Select all jobs' }).click();
  await page.getByText(/^60 jobs selected · /).waitFor();
});

it('counts how long the running job takes', async () => {
  const { page } = await open('history-with-running-job');
  await page.clock.install();
  await page.reload();
  const running = page.locator('tbody tr').first();
  await running.getByText('web-frontend · main').first().waitFor({ state: 'attached' });
  const took = running.getByRole('cell', { name: /^\d+ min \d+ s$/ });
  const before = await took.textContent();
  await page.clock.runFor(3_000);
  await expect.poll(() => took.textContent()).not.toBe(before);
});

it('goes to both ends of a thousand jobs, and chooses them all', async () => {
  const { page } = await open('history-thousand');
  await page.getByText(/over the limit: the oldest go next$/).waitFor();
  await tabTo(page, 'Unit tests');
  await expect.poll(() => page.locator('tbody tr').count()).toBe(1_000);
  await page.keyboard.press('End');
  const last = page.locator('tbody tr').last();
  await expect.poll(() => last.locator(':focus').count()).toBe(1);
  await page.keyboard.press('PageUp');
  await page.keyboard.press('Home');
  expect(await nameOf(page.locator(':focus'))).toBe('Unit tests');
  await page.keyboard.press('Control+a');
  await page.getByText(/^1,000 jobs selected · /).waitFor();
});

it('speaks a state once, and not the seconds of it', async () => {
  const { page } = await open('now-running');
  await page.clock.install();
  await page.reload();
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.evaluate(COUNT_WORDS);
  await page.clock.runFor(5_000);
  expect(await page.evaluate('window.spoken')).toEqual([]);
  await page.evaluate(`window.dispatchEvent(new CustomEvent('story-status', { detail: { state: 'paused' } }))`);
  await page.getByRole('heading', { name: 'Paused by you' }).waitFor();
  await page.clock.runFor(5_000);
  expect(await page.evaluate('window.spoken')).toEqual(['Paused by you']);
});

/** Keeps what the live region says from now on. */
const COUNT_WORDS = `
  window.spoken = [];
  const region = [...document.querySelectorAll('[role=status]')].at(-1);
  new MutationObserver(() => window.spoken.push(region.textContent)).observe(region, {
    characterData: true, childList: true, subtree: true,
  });
`;
