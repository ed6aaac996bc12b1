import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AppSpawn } from '../desktop/app.ts';
import { appJourney } from '../desktop/app-journey.ts';
import { savePictures } from '../desktop/pictures.ts';

const journey = appJourney();
const TERMINAL = join('node_modules', '@lydell', `node-pty-${process.platform}-${process.arch}`, 'pty.node');
/** Root may write everywhere; without this right it may no more than anybody else. */
const BOUND_BY_MODES =
  process.getuid?.() === 0 ? ['setpriv', '--inh-caps=-dac_override', '--bounding-set=-dac_override', '--'] : [];

/** Starts an app that cannot begin. Resolves with what its box says, which nobody can click away here, and with its exit code. */
async function failedStart(start: AppSpawn = {}): Promise<{ readonly told: string; readonly exitCode: number | null }> {
  const told = join(journey.work, 'told');
  const write = `require('node:fs').writeFileSync(${JSON.stringify(told)}, [title, text].join('\\n'))`;
  const before = journey.runBefore(`require('electron').dialog.showErrorBox = (title, text) => ${write};`);
  const exitCode = await journey.spawn({ ...start, before }).ended;
  return { told: readFileSync(told, 'utf8'), exitCode };
}

const crashRecords = () =>
  readdirSync(join(journey.work, 'data', 'crashes')).map((name) =>
    readFileSync(join(journey.work, 'data', 'crashes', name), 'utf8'),
  );

describe('an app that cannot begin says why, and goes', () => {
  it('where nothing can be written to its folder', async () => {
    const folder = join(journey.work, 'data');
    mkdirSync(folder);
    chmodSync(folder, 0o555);
    const { told, exitCode } = await failedStart({ wrapper: BOUND_BY_MODES });
    expect(told).toBe(
      `Signalbox cannot start\nNothing can be written to ${folder} (EACCES)\n\nMend that and start it again.`,
    );
    expect(exitCode).toBe(1);
    expect(journey.desktop.trayItems).toBe(0);
  });

  it('where something in its folder is in its way', async () => {
    mkdirSync(join(journey.work, 'data'));
    writeFileSync(join(journey.work, 'data', 'logs'), '');
    const { told, exitCode } = await failedStart();
    expect(told).toMatch(/^Signalbox cannot start\n[^\n]*data\/logs'\n\nMend that and start it again\.$/);
    expect(exitCode).toBe(1);
    expect(journey.desktop.trayItems).toBe(0);
  });
});

describe('an agent that cannot begin', () => {
  it('says what is wrong with a native module, and begins when that is mended', async () => {
    const terminal = join(journey.copyOfApp(), TERMINAL);
    writeFileSync(terminal, 'nothing that could be loaded');
    const page = await journey.startWithWindow();
    await page.getByRole('heading', { name: 'The agent keeps crashing' }).waitFor();
    const why = /stays down until you try again · the last time: Error: .*pty\.node: /;
    await page.getByText(why).first().waitFor();
    await expect.poll(() => journey.tooltip()).toMatch(why);
    await savePictures('broken-module', journey.desktop, page);
    expect(journey.hub.calls).toEqual([]);
    // What the system says about the last end comes behind it.
    const reason = expect.stringContaining('pty.node');
    await expect.poll(crashRecords).toEqual([reason, reason, reason, reason]);
    copyFileSync(TERMINAL, terminal);
    await journey.desktop.choose('Try again');
    await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
  });

  it('is given up where it never tells that it is ready', async () => {
    // The 20 s that it is given for that are over at once.
    journey.runBefore(
      'const start = setTimeout; globalThis.setTimeout = (call, ms, ...rest) => start(call, ms === 20_000 ? 100 : ms, ...rest);',
    );
    writeFileSync(join(journey.copyOfApp(), 'dist', 'agent.cjs'), 'setInterval(() => undefined, 60_000);');
    const page = await journey.startWithWindow();
    await page.getByRole('heading', { name: 'The agent keeps crashing' }).waitFor();
    await page.getByText('the last time: it was not ready after 20 s').first().waitFor();
    expect(journey.agentPids).toEqual([]);
    expect(journey.hub.calls).toEqual([]);
  });
});
