import { describe, expect, it } from 'vitest';
import { parseJobRequest } from '../../job/job-request.ts';
import { wordsOf } from '../shell-words.ts';
import { readContainers, withTag } from './compose.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

function read(...containers: readonly Record<string, unknown>[]) {
  const parsed = parseJobRequest({ compose: { containers } });
  if (!parsed.ok) throw new Error(parsed.problem);
  return readContainers(parsed.request);
}

describe('the containers of a request', () => {
  it('are ready for the engine: words, variables, a tag', () => {
    const variables = [{ name: 'A', value: base64("it's $A\n# two: lines") }];
    expect(
      read(
        { name: 'main', image: 'ruby', env_vars: variables },
        {
          name: 'db',
          image: 'db:9',
          command: 'serve --name "a b" \'c $d\'',
          entrypoint: '/entry.sh',
          user: 'postgres',
        },
      ),
    ).toEqual([
      { name: 'main', image: 'ruby:latest', env: ["A=it's $A\n# two: lines"], user: '' },
      {
        name: 'db',
        image: 'db:9',
        command: ['serve', '--name', 'a b', 'c $d'],
        entrypoint: ['/entry.sh'],
        user: 'postgres',
        env: [],
      },
    ]);
  });

  it.each([
    ['["/bin/env", "A=a b", c]', ['/bin/env', 'A=a b', 'c']],
    [" ['echo', '[x]'] ", ['echo', '[x]']],
    ['[ -e /x ] && echo "[y]"', ['[', '-e', '/x', ']', '&&', 'echo', '[y]']],
    ['[a, 5]', ['[a,', '5]']],
    ['["open]', null],
  ])('may have their words as a list: %s', (command, words) => {
    expect(wordsOf(command)).toEqual(words);
  });

  it('have a name to be told by, whatever the request calls them', () => {
    expect(read({ image: 'a' }, { image: 'b' })).toMatchObject([{ name: 'container-0' }, { name: 'container-1' }]);
  });

  it.each([
    [[], 'the job names no container'],
    [[{ name: 'main' }], 'the container main has no image'],
    [
      [{ name: 'main', image: 'a', env_vars: [{ name: 'X', value: '***' }] }],
      'the value of the variable X of the container main is not base64',
    ],
    [
      [
        { name: 'main', image: 'a' },
        { name: 'db', image: 'b', command: 'echo "open' },
      ],
      'the command or entrypoint of the container db has a quote without its end',
    ],
  ])('%j cannot be run: one line', (containers, problem) => {
    expect(read(...containers)).toBe(problem);
  });
});

describe('withTag', () => {
  it.each([
    ['ruby', 'ruby:latest'],
    ['ruby:2.6', 'ruby:2.6'],
    ['localhost:5000/ruby', 'localhost:5000/ruby:latest'],
    ['registry.example.com/a/b@sha256:00', 'registry.example.com/a/b@sha256:00'],
  ])('%s is %s', (image, tagged) => {
    expect(withTag(image)).toBe(tagged);
  });
});
