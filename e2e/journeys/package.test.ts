import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { PracticeHub } from '../../main/practice/practice-hub.ts';
import { sandboxArguments, settingsFor } from '../desktop/app.ts';
import { TestDesktop } from '../desktop/test-desktop.ts';

/**
 * No program of ours runs what it is told by a variable or an argument, loads anything but its own archive, or reads files for a
 * page; what cookies it had would be encrypted.
 */
const WANTED: Readonly<Record<string, boolean>> = {
  runAsNode: false,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  enableCookieEncryption: true,
  enableEmbeddedAsarIntegrityValidation: true,
  onlyLoadAppFromAsar: true,
  loadBrowserProcessSpecificV8Snapshot: false,
  grantFileProtocolExtraPrivileges: false,
};
/** As Electron writes them into its binary: the characters 0 and 1. */
const OFF = '0'.charCodeAt(0);
const ON = '1'.charCodeAt(0);

it('is a package with its fuses set, and runs jobs', { timeout: 120_000 }, async () => {
  const work = mkdtempSync(join(tmpdir(), 'package-test-'));
  const hub = await PracticeHub.start({ nextSyncAfter: 200 });
  const desktop = await TestDesktop.start({ trayHost: true });
  let app: ChildProcess | undefined;
  try {
    const build = { ...process.env, TMPDIR: work };
    execFileSync(process.execPath, [join('scripts', 'package', 'unpacked.mjs'), work], { stdio: 'ignore', env: build });
    const folder = join(work, 'linux-unpacked');
    const binary = join(folder, 'signalbox');
    expect(existsSync(join(folder, 'resources', 'default_app.asar'))).toBe(false);
    // The development runtime does not know the newest of them yet.
    expect({ grantFileProtocolExtraPrivileges: false, ...(await fusesOf(binary)) }).toEqual(WANTED);
    expect((parse(readFileSync('electron-builder.yml', 'utf8')) as { electronFuses: unknown }).electronFuses).toEqual(
      WANTED,
    );

    const [home, temp] = [join(work, 'home'), join(work, 'tmp')];
    for (const path of [home, temp]) mkdirSync(path);
    const own = { PATH: process.env.PATH ?? '', HOME: home, TMPDIR: temp, LANG: 'C.UTF-8', ...desktop.env };
    // With the fuse off this is an app that starts, and no Node that runs what it is told.
    app = spawn(binary, ['-e', 'process.exit(7)', `--user-data-dir=${join(work, 'data')}`, ...sandboxArguments()], {
      env: { ...own, ELECTRON_RUN_AS_NODE: '1', ...settingsFor(hub) },
      stdio: 'ignore',
    });
    const ended = new Promise((resolve) => app?.once('exit', resolve));
    await desktop.trayItem();
    const id = hub.addJob({ executor: 'shell', commands: [{ directive: 'echo "packaged $((1 + 1))"' }] });
    await hub.waitFor(() => hub.resultOf(id) !== undefined);
    expect(hub.log(id).text).toContain('packaged 2\n');
    expect((await desktop.tray()).icon.width).toBeGreaterThan(0);
    await expect.poll(async () => (await desktop.menu())[0]?.label).toBe('Ready for jobs');
    await desktop.choose('Quit Signalbox');
    expect(await ended).toBe(0);
    expect(hub.connectedAgents).toBe(0);
  } finally {
    app?.kill('SIGKILL');
    await desktop.stop();
    await hub.close();
    rmSync(work, { recursive: true, force: true, maxRetries: 3 });
  }
});

/** The fuses that a binary has, by their names in electron-builder.yml. */
async function fusesOf(binary: string): Promise<Readonly<Record<string, boolean>>> {
  const wire = (await getCurrentFuseWire(binary)) as unknown as Readonly<Record<number, number>>;
  const names = Object.keys(FuseV1Options).filter((name) => Number.isNaN(Number(name)));
  const known = names
    .map((name) => [name, wire[FuseV1Options[name as keyof typeof FuseV1Options]]] as const)
    .filter(([, state]) => state === ON || state === OFF);
  return Object.fromEntries(known.map(([name, state]) => [`${name[0]?.toLowerCase()}${name.slice(1)}`, state === ON]));
}
