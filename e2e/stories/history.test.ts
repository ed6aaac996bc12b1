import { expect, it } from 'vitest';
import { nameOf, storyByKeyboard, tabTo } from './by-keyboard.ts';

const open = storyByKeyboard();

/** The history with many jobs, once it shows them: its rows, and how many there are. */
async function openFull() {
  const { page } = await open('history-full');
  const rows = page.locator('tbody tr');
  await rows.first().waitFor();
  return { page, rows, all: await rows.count() };
}

it('goes through the history, deletes, takes that back, filters and opens a log', async () => {
  const { page, rows, all } = await openFull();
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
  const { page, rows, all } = await openFull();
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
