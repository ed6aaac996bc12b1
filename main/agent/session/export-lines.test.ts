import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ExportedVariable, exportLines, largestFirst } from './export-lines.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Has a bash take variables, and tells with what their script ended and what a program then sees. */
function take(variables: readonly ExportedVariable[], command: string) {
  const path = join(folder, 'variables');
  writeFileSync(path, exportLines(variables));
  const { status, stdout } = spawnSync('bash', ['-c', `. ${path}; status=$?; ${command}; exit $status`], {
    encoding: 'utf8',
  });
  return { leftOut: largestFirst(variables).slice(0, status ?? -1), stdout };
}
const variable = (name: string, size: number): ExportedVariable => [name, Buffer.alloc(size, 'x')];

describe('variables for bash', () => {
  it('are all handed to programs as long as the system takes them', () => {
    const variables = [variable('A', 70_000), variable('B', 5_000), ['C', Buffer.from('c')] as const];
    const sizes = `bash -c 'echo "\${#A} \${#B} $C"'`;
    expect(take(variables, sizes)).toEqual({ leftOut: [], stdout: '70000 5000 c\n' });
  });

  it('stay with bash where one is too large for programs, and those only', () => {
    const variables = [variable('A', 300_000), variable('B', 5_000), variable('C', 1_000_000)];
    const sizes = `bash -c 'echo "\${#A} \${#B} \${#C}"'; echo "\${#A} \${#B} \${#C}"`;
    expect(take(variables, sizes)).toEqual({ leftOut: ['C', 'A'], stdout: '0 5000 0\n300000 5000 1000000\n' });
  });

  it('stay with bash where all together are too much', () => {
    const variables = Array.from({ length: 50 }, (_, index) => variable(`MANY_${index}`, 100_000));
    const { leftOut, stdout } = take(variables, 'env | grep -c ^MANY_');
    expect(leftOut.length).toBeGreaterThan(0);
    expect(Number(stdout)).toBe(50 - leftOut.length);
  });

  it('are not reported for what else went wrong', () => {
    expect(largestFirst([variable('A', 5_000)])).toEqual([]);
  });
});
