import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findMountedFiles, parseMountedFile } from './mounted-files.ts';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'signalbox-test-'));
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

describe('files for the main container', () => {
  it.each([
    ['/a:/b', '/a', '/b'],
    ['/a b/ü:/c', '/a b/ü', '/c'],
    ['C:\\Users\\me\\x:/x', 'C:\\Users\\me\\x', '/x'],
    ['C:/x:D:\\y', 'C:/x', 'D:\\y'],
  ])('%s', (text, source, target) => {
    expect(parseMountedFile(text)).toEqual({ source, target });
  });

  it.each(['', '/a', ':/b', '/a:', '/a:/b:ro:x'])('%j is none', (text) => {
    expect(parseMountedFile(text)).toBeUndefined();
  });

  it('are found at home and beside the agent; what is missing is named', () => {
    writeFileSync(join(home, 'here'), '');
    const beside = relative(process.cwd(), join(home, 'here'));
    expect(findMountedFiles(['~/here:/a', `${beside}:/b`, '~/missing:/c', 'nonsense'], home)).toEqual({
      found: [
        { source: join(home, 'here'), target: '/a' },
        { source: join(home, 'here'), target: '/b' },
      ],
      problems: [`${join(home, 'missing')} does not exist`, 'nonsense is not of the form HOST:CONTAINER'],
    });
  });
});
