import { spawn } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { _electron, type ElectronApplication } from 'playwright';
import type { PracticeHub } from '../../main/practice/practice-hub.ts';
import type { TestDesktop } from './test-desktop.ts';

/** What the app needs of this folder to run from another one. */
const APP_FILES = ['package.json', 'dist', 'resources', join('node_modules', '@lydell')];

/** Copies the built app into a folder, which a test may then change. */
export function copyApp(folder: string): void {
  for (const path of APP_FILES) cpSync(path, join(folder, path), { recursive: true });
}

/** What a test starts the app with. */
export interface AppStart {
  readonly args?: readonly string[];
  /** They go over what connects it; an empty one takes it away. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Where the app is; without one, the built one. */
  readonly folder?: string;
  /** A module that is loaded before the app, in its main process. */
  readonly before?: string | undefined;
}

/** Starts the built app on a desktop of a test's own, connected to a practice hub, with its data within `work`. */
export async function startApp(
  desktop: TestDesktop,
  hub: PracticeHub,
  work: string,
  { args = [], settings = {}, folder = '.', before }: AppStart = {},
): Promise<ElectronApplication> {
  return _electron.launch({
    executablePath: runtime(),
    args: [...loading(before), folder, `--user-data-dir=${join(work, 'data')}`, ...args],
    // Chromium refuses root; for everybody else the sandbox stays on.
    chromiumSandbox: process.getuid?.() !== 0,
    env: { ...ownEnvironment(desktop, work), ...settingsFor(hub), ...settings },
  });
}

function loading(before: string | undefined): readonly string[] {
  return before === undefined ? [] : ['-r', before];
}

function ownEnvironment(desktop: TestDesktop, work: string): Record<string, string> {
  const [home, temp] = [join(work, 'home'), join(work, 'tmp')];
  for (const folder of [home, temp]) mkdirSync(folder, { recursive: true });
  return { PATH: process.env.PATH ?? '', HOME: home, TMPDIR: temp, LANG: 'C.UTF-8', ...desktop.env };
}

/** What connects the app's agent to a practice hub. */
export function settingsFor(hub: PracticeHub): Record<string, string> {
  return {
    SEMAPHORE_AGENT_ENDPOINT: hub.endpoint,
    SEMAPHORE_AGENT_TOKEN: hub.registrationToken,
    SEMAPHORE_AGENT_NO_HTTPS: 'true',
    SEMAPHORE_AGENT_NAME: 'desktop-agent',
    // Jobs of tests do not say where their code comes from, which the app's own default refuses.
    SEMAPHORE_AGENT_FORKED_PULL_REQUESTS: 'allow',
  };
}

/** An app that nobody drives but over its desktop. */
export interface SpawnedApp {
  readonly pid: number;
  /** Resolves with the exit code; null after a signal. */
  readonly ended: Promise<number | null>;
}

/** What a test spawns the app with. */
export interface AppSpawn extends AppStart {
  /** Its profile's folder in `work`; without one, that of `startApp`. */
  readonly profile?: string;
  /** A program that is given the app as its arguments. */
  readonly wrapper?: readonly string[];
}

/** Starts the app as a desktop does. */
export function spawnApp(desktop: TestDesktop, work: string, start: AppSpawn = {}): SpawnedApp {
  const { args = [], settings = {}, folder = '.', profile = 'data', wrapper = [], before } = start;
  const own = [folder, `--user-data-dir=${join(work, profile)}`, ...sandboxArguments(), ...args];
  const [program = '', ...rest] = [...wrapper, runtime(), ...loading(before), ...own];
  const env = { ...ownEnvironment(desktop, work), ...settings };
  const child = spawn(program, rest, { env, stdio: 'ignore' });
  return { pid: child.pid ?? 0, ended: new Promise((resolve) => child.once('exit', resolve)) };
}

/** Starts the app a second time on the same data. Resolves when that one has gone, having told the first one. */
export async function startAppAgain(desktop: TestDesktop, work: string, args: readonly string[] = []): Promise<void> {
  await spawnApp(desktop, work, { args }).ended;
}

/** The arguments with which the runtime's sandbox is as it can be here. */
export function sandboxArguments(): readonly string[] {
  return (process.env.SIGNALBOX_ELECTRON_ARGUMENTS ?? '').split(' ').filter((argument) => argument !== '');
}

/** The binary that `npm run e2e` found. */
export function runtime(): string {
  const binary = process.env.SIGNALBOX_ELECTRON;
  if (!binary) throw new Error('say npm run e2e: it looks for the runtime first');
  return binary;
}
