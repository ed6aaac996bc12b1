import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let root: string;

/** A tree with our rules and no repository around it. */
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'signalbox-test-'));
  const rules: Record<string, unknown> = JSON.parse(readFileSync('biome.json', 'utf8'));
  writeFileSync(join(root, 'biome.json'), JSON.stringify({ ...rules, vcs: { enabled: false } }));
  cpSync('scripts/lint', join(root, 'scripts/lint'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true }));

/** Runs the real linter on one file. */
function lint(file: string, source: string): Promise<{ readonly passed: boolean; readonly told: string }> {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), source);
  const biome = join(process.cwd(), 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  return new Promise((resolve) => {
    execFile(process.execPath, [biome, 'lint', file], { cwd: root }, (error, stdout, stderr) =>
      resolve({ passed: error === null, told: stdout + stderr }),
    );
  });
}

describe('the rules of the house', () => {
  const refused: readonly [what: string, file: string, source: string, told: RegExp][] = [
    [
      'a bare timer in the agent',
      'main/agent/a.ts',
      'export const a = () => setTimeout(() => 1, 5);',
      /come from the clock/,
    ],
    ['time of its own in the agent', 'main/agent/a.ts', 'export const a = () => Date.now();', /tests replace them/],
    [
      'chance of its own in the agent',
      'main/agent/a.ts',
      'export const a = () => Math.random();',
      /tests replace them/,
    ],
    ['Node in shared', 'shared/a.ts', 'export const a = () => process.pid;', /neither Node nor a page/],
    ['a page in shared', 'shared/a.ts', 'export const a = () => document.title;', /neither Node nor a page/],
    ['a class that manages', 'shared/a.ts', 'export class JobManager {}', /Say what it does/],
    ['an interface with an I', 'shared/a.ts', 'export interface IJob {}', /Say what it does/],
    ['a function named data', 'shared/a.ts', 'export function data() {}', /Say what it does/],
    ['a default export', 'shared/a.ts', 'export default 1;', /noDefaultExport/],
    [
      'raw IPC in the app',
      'main/app/a.ts',
      "import { ipcMain } from 'electron';\nipcMain.on('a', () => 1);",
      /raw IPC stays/,
    ],
    [
      'raw IPC in the agent',
      'main/agent/a.ts',
      'export const a = (b: never) => (b as { parentPort: 1 }).parentPort;',
      /raw IPC stays/,
    ],
    [
      'raw messages in the window',
      'renderer/a.ts',
      "export const a = (b: Worker) => b.postMessage('a');",
      /raw IPC stays/,
    ],
    ['any', 'shared/a.ts', 'export const a: any = 1;', /noExplicitAny/],
    ['a file in camel case', 'shared/jobLog.ts', 'export const a = 1;', /useFilenamingConvention/],
    [
      'a promise left alone',
      'shared/a.ts',
      'const a = async () => 1;\nexport const b = () => { a(); };',
      /noFloatingPromises/,
    ],
  ];
  it.each(refused)('refuse %s', async (_, file, source, told) => {
    const { passed, told: seen } = await lint(file, source);
    expect(seen).toMatch(told);
    expect(passed).toBe(false);
  });

  const accepted: readonly [what: string, file: string, source: string][] = [
    ['a timer in platform', 'main/agent/platform/a.ts', 'export const a = () => setTimeout(() => Date.now(), 5);'],
    ['a date made of a number', 'main/agent/a.ts', 'export const a = (ms: number) => new Date(ms).toISOString();'],
    ['raw messages where they belong', 'main/app/ipc/a.ts', "export const a = (b: Worker) => b.postMessage('a');"],
    ['time in a test', 'main/agent/a.test.ts', 'export const a = () => Date.now();'],
    ['a default export of a configuration', 'a.config.ts', 'export default 1;'],
    [
      'names that say something',
      'shared/a.ts',
      'export interface Information { readonly a: 1 }\nexport const database = 1;',
    ],
  ];
  it.each(accepted)('accept %s', async (_, file, source) => {
    expect(await lint(file, source)).toMatchObject({ passed: true });
  });
});
