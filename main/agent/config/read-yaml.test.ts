import { describe, expect, it } from 'vitest';
import { readYaml } from './read-yaml.ts';

const BOMB = 'abcd'
  .split('')
  .map((name, index, names) => `${name}: &${name} [${Array(9).fill(index === 0 ? 'x' : `*${names[index - 1]}`)}]\n`)
  .join('');

describe('readYaml', () => {
  it.each([
    ['a: b: c', 'line 1, column 4: Nested mappings are not allowed in compact mappings'],
    ['a:\n\t- b', 'line 2, column 1: Tabs are not allowed as indentation'],
    ['a: 1\na: 2', 'line 2, column 1: Map keys must be unique'],
    ['a: "open\n', 'line 2, column 1: Missing closing "quote'],
    ['a: 1\n---\nb: 2\n', 'line 2, column 1: There is a second document after ---'],
    ['a:\n  - *.txt\n', 'line 2, column 5: What begins with * must be in quotes'],
    [BOMB, 'line 1, column 1: Its anchors unfold to too much'],
  ])('says where and why a text is none: %j', (text, problem) => {
    expect(readYaml(text)).toEqual({ ok: false, problem: `is not YAML at ${problem}` });
  });

  it.each([
    'token: *hunter2\n',
    'token: "\\xhu"',
    'token: |hunter2 more\n x\n',
    'token: a\n}hunter2\n',
    'token: %hunter2\n',
  ])('quotes nothing of it: %j', (text) => {
    const read = readYaml(text);
    expect(read).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/^is not YAML at line \d+, column \d+: \S/),
    });
    expect(JSON.stringify(read)).not.toContain('hu');
  });

  it('reads anchors where they are, and JSON', () => {
    expect(readYaml('a: &x [1]\nb: *x\n')).toMatchObject({ ok: true, content: { a: [1], b: [1] } });
    expect(readYaml('{"a": [true, null]}')).toMatchObject({ ok: true, content: { a: [true, null] } });
  });
});
