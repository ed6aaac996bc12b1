import { expect, it } from 'vitest';
import { nameOf, storyByKeyboard, tabTo } from './by-keyboard.ts';

const open = storyByKeyboard();

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
  await page.getByRole('status').getByText('Starting the practice hub').waitFor();
  expect(await page.getByRole('button', { name: 'Try it without an account' }).getAttribute('aria-disabled')).toBe(
    'true',
  );
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
