import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeJobLog } from '../../log/fake-job-log.ts';
import { injectFiles } from './inject-files.ts';

let home: string;
let log: FakeJobLog;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'signalbox-test-'));
  log = new FakeJobLog();
});
afterEach(() => rm(home, { recursive: true }));

const base64 = (text: string) => Buffer.from(text).toString('base64');
const mode = (name: string) => (statSync(join(home, name)).mode & 0o777).toString(8);

describe('injectFiles', () => {
  it('makes the folders above a file, and gives it the mode it is to have', async () => {
    const files = [
      { path: 'deep/er/run.sh', content: base64('echo run'), mode: '0755' },
      { path: 'there/../relative/', content: '', mode: '0644' },
      { path: '~/tilde.txt', content: base64('tilde'), mode: '0440' },
      { path: join(home, 'absolute.txt'), content: '', mode: '600' },
    ];
    expect(await injectFiles(files, home, log)).toBe(0);
    expect(readdirSync(home).sort()).toEqual(['absolute.txt', 'deep', 'relative', 'tilde.txt']);
    expect(['deep', 'deep/er/run.sh', 'relative', 'tilde.txt', 'absolute.txt'].map(mode)).toEqual([
      // What the umask keeps from others, a new folder does too.
      (0o750 & ~process.umask()).toString(8),
      '755',
      '644',
      '440',
      '600',
    ]);
    expect(readFileSync(join(home, 'tilde.txt'), 'utf8')).toBe('tilde');
  });

  it.each([
    [{ path: 'a', content: '***', mode: '0644' }, 'Failed to decode the content of the file.\n'],
    [{ path: 'a', content: '', mode: 'rwx' }, "bad file permission 'rwx'\n"],
    [{ path: 'a', content: '', mode: '40000000000' }, "bad file permission '40000000000'\n"],
    [
      { path: 'a\0b', content: '', mode: '0644' },
      "Failed to create destination path '{{HOME}}/a\0b': open {{HOME}}/a\0b: invalid argument\n",
    ],
    [
      { path: '/proc/none/b', content: '', mode: '0644' },
      "Failed to create directory '/proc/none': mkdir /proc/none: no such file or directory\n",
    ],
    [
      { path: '~/new//x/../b', content: '', mode: '0644' },
      "Failed to create destination path '{{HOME}}/new//x/../b': open {{HOME}}/new//x/../b: no such file or directory\n",
    ],
    [
      { path: 'file/b', content: '', mode: '0644' },
      "Failed to create directory '{{HOME}}/file': mkdir {{HOME}}/file: not a directory\n",
    ],
    [
      { path: 'folder', content: '', mode: '0644' },
      "Failed to create destination path '{{HOME}}/folder': open {{HOME}}/folder: is a directory\n",
    ],
  ])('tells why %j cannot be injected', async (file, problem) => {
    writeFileSync(join(home, 'file'), '');
    mkdirSync(join(home, 'folder'));
    expect(await injectFiles([file], home, log)).toBe(1);
    expect(log.events.at(-2)?.replaceAll(home, '{{HOME}}').split('\n').slice(1).join('\n')).toBe(problem);
  });
});
