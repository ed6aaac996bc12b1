import { describe, expect, it } from 'vitest';
import { NO_LINES, shownLine, type TailLines, unfinishedLine, withLine, withOutput } from './tail-lines.ts';

const texts = ({ lines }: TailLines) => lines.map((line) => shownLine(line).text);
const of = (...pieces: string[]) => pieces.reduce(withOutput, NO_LINES);

describe('the lines of a tail', () => {
  it('are whole however the output was cut', () => {
    const output = 'one\ntwo \u001b[1;32mgreen\u001b[0m\n\nprogress 1%\rprogress 2%\nlast';
    for (let cut = 0; cut <= output.length; cut += 1) {
      const tail = of(output.slice(0, cut), output.slice(cut));
      expect(texts(tail)).toEqual(['one', 'two green', '', 'progress 2%']);
      expect(unfinishedLine(tail)?.text).toBe('last');
    }
  });

  it.each([
    ['a carriage return goes to the begin of the line', '50 %\r60', '60 %'],
    ['one at the end covers nothing', '50 %\r', '50 %'],
    ['a title is not shown', '\u001b]0;title\u0007text', 'text'],
    ['a link shows its text', '\u001b]8;;https://example.com\u001b\\here\u001b]8;;\u001b\\', 'here'],
    ['a character set is not shown', '\u001b(Btext', 'text'],
  ])('%s', (_, raw, line) => {
    expect(unfinishedLine(of(raw))?.text).toBe(line);
  });

  it('keep a colour over the end of a line, until another command begins', () => {
    const lines = withOutput(withLine(of('\u001b[31mone\ntwo\n'), 'heading', 'echo next'), 'next\n').lines;
    expect(lines.map((line) => shownLine(line).spans[0]?.style.fg)).toEqual([1, 1, -1, -1]);
  });

  it('are the last thousand, however much comes at once', () => {
    const tail = of(Array.from({ length: 5_000 }, (_, n) => `${n}\n`).join(''), 'end\n');
    expect(tail.lines).toHaveLength(1_000);
    expect(texts(tail).at(-1)).toBe('end');
    expect(texts(tail)[0]).toBe('4001');
  });

  it('do not grow by a line that never ends', () => {
    const tail = of(...Array.from({ length: 100 }, () => 'x'.repeat(1_000)));
    expect(tail.partial.length).toBeLessThan(20_000);
  });

  it('have keys that grow, and end a line before a command', () => {
    const tail = withOutput(withLine(of('no end'), 'heading', 'echo next'), 'next\n');
    expect(tail.lines).toMatchObject([
      { key: 0, kind: 'output', raw: 'no end' },
      { key: 1, kind: 'heading', raw: 'echo next' },
      { key: 2, kind: 'output', raw: 'next' },
    ]);
  });
});
