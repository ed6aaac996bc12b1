import { describe, expect, it } from 'vitest';
import { readJobFile } from './job-file.ts';

const read = (text: string) => readJobFile('job.yml', () => text);

describe('readJobFile', () => {
  it('reads YAML and JSON, and `files` under either name', () => {
    const yaml = read('commands:\n  - directive: ls\nfile:\n  - {path: a, content: "", mode: "0644"}\n');
    const json = read('{"commands": [{"directive": "ls"}], "files": [{"path": "a", "content": "", "mode": "0644"}]}');
    expect(yaml).toEqual(json);
    expect(yaml).toMatchObject({ ok: true, warnings: [] });
  });

  it.each([
    ['commands:\n  - directve: ls\n', 'job.yml: "directve" is no key (did you mean directive?), at line 2, column 5'],
    [
      'compose: {containers: [{name: main, imge: debian}]}\ncommands: [{directive: ls}]\n',
      'job.yml: "imge" is no key (did you mean image?), at line 1, column 37',
    ],
  ])('goes on with a key that looks misspelt, and says so: %j', (text, warning) => {
    expect(read(text)).toMatchObject({ ok: true, warnings: [warning] });
  });

  it('says that a job has nothing to do', () => {
    const nothing = 'job.yml: there are no commands in it, so the job does nothing';
    expect(read('{}')).toMatchObject({ ok: true, warnings: [nothing] });
    const misspelt = 'job.yml: "comands" is no key (did you mean commands?), at line 1, column 1';
    expect(read('comands: []\n')).toMatchObject({ ok: true, warnings: [misspelt, nothing] });
  });

  it('takes keys in capitals, and says nothing of those that only others know', () => {
    expect(read('Commands: [{DIRECTIVE: ls}]\npriority: 50\n')).toMatchObject({ ok: true, warnings: [] });
  });

  it('says where a file is broken', () => {
    expect(read('commands: [\n')).toEqual({
      ok: false,
      problem:
        'job.yml: is not YAML at line 2, column 1: Flow sequence in block collection must be sufficiently indented and end with a ]',
    });
    expect(read('commands: 5')).toEqual({
      ok: false,
      problem: 'job.yml: commands: expected array, at line 1, column 11',
    });
  });
});
