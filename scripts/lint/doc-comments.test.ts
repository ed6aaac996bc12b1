import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const FOLDERS = ['main', 'shared', 'renderer', 'e2e', 'scripts'];
/** `main` is what a script is called by: the file's own name says what it does. */
const NEEDS_ONE = /^export (?:async )?(?:function|class) (?!main\b)(\w+)/;

function sourcesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourcesIn(path);
    return /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

function withoutComment(path: string): readonly string[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.flatMap((line, index) => {
    const name = NEEDS_ONE.exec(line)?.[1];
    return name === undefined || lines[index - 1]?.endsWith('*/') ? [] : [`${path}: ${name}`];
  });
}

it('every exported function and class has a comment', () => {
  const sources = FOLDERS.flatMap(sourcesIn);
  expect(sources.length).toBeGreaterThan(300);
  expect(sources.flatMap(withoutComment)).toEqual([]);
});
