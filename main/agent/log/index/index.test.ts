import { describe, expect, it } from 'vitest';
import { visibleText } from '../../../../shared/terminal/terminal-line.ts';
import { PLAIN_STYLE, styleAfter } from '../../../../shared/terminal/text-style.ts';
import type { LogEvent } from '../../hub/wire.ts';
import { completeIndex } from './index-file.ts';
import { linesFrom, readLines, SHOWN_LIMIT } from './line-reader.ts';
import { LogIndex } from './log-index.ts';
import { textBetween, wholeText } from './log-text.ts';
import type { EventBytes } from './placed-events.ts';
import { createChance, randomLog } from './random-log.ts';

function written(events: readonly LogEvent[]): { readonly file: EventBytes; readonly index: LogIndex } {
  const index = new LogIndex();
  const lines = events.map((event) => Buffer.from(`${JSON.stringify(event)}\n`));
  for (const [n, event] of events.entries()) index.add(event, lines[n]?.length ?? 0, event.timestamp * 1_000);
  return { file: fileOf(Buffer.concat(lines)), index };
}

function fileOf(bytes: Buffer): EventBytes {
  return { size: bytes.length, readAt: async (offset, length) => bytes.subarray(offset, offset + length) };
}

const output = (text: string): LogEvent => ({ event: 'cmd_output', timestamp: 1, output: text });

describe('lines of a log by their numbers', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('are those of the log, wherever one begins (seed %i)', async (seed) => {
    const { events, lines } = randomLog(seed, 900);
    const log = written(events);
    expect(log.index.lines).toBe(lines.length);
    const chance = createChance(seed);
    for (let n = 0; n < 40; n += 1) {
      const from = chance(lines.length);
      const wanted = lines.slice(from, from + 50);
      const read = await readLines(log, from, 50);
      expect(read.map(({ text }) => text)).toEqual(wanted.map(({ text }) => text));
    }
  });

  it.each([11, 12, 13])('begin with the style that the lines before them left (seed %i)', async (seed) => {
    const { events, lines } = randomLog(seed, 900);
    const log = written(events);
    let style = PLAIN_STYLE;
    const styles = lines.map(({ text, command }, n) => {
      if (command !== lines[n - 1]?.command) style = PLAIN_STYLE;
      const begin = style;
      style = styleAfter(style, text);
      return begin;
    });
    for (let from = 0; from < lines.length; from += 37) {
      const [line] = await readLines(log, from, 1);
      const { fg, bg, flags } = styles[from] ?? PLAIN_STYLE;
      expect(line?.style ?? [-1, -1, 0], `line ${from}`).toEqual([fg, bg, flags]);
    }
  });

  it.each([21, 22])('are in an index that is made from the file as in the one made with it (seed %i)', async (seed) => {
    const { events } = randomLog(seed, 900);
    const { file, index } = written(events);
    const half = LogIndex.from(JSON.parse(JSON.stringify(written(events.slice(0, 400)).index)));
    const made = half ?? new LogIndex();
    await completeIndex(file, made, { onProgress: () => undefined, signal: new AbortController().signal });
    expect(made.lines).toBe(index.lines);
    expect(made.commands).toEqual(index.commands);
    expect(made.bytes).toBe(file.size);
  });

  it('pass over what is no event', async () => {
    const lines = [
      JSON.stringify(output('one\n')),
      'garbage',
      '{"event":"cmd_output"}',
      JSON.stringify(output('two\n')),
      '{"ev',
    ];
    const file = fileOf(Buffer.from(lines.join('\n')));
    const index = new LogIndex();
    await completeIndex(file, index, { onProgress: () => undefined, signal: new AbortController().signal });
    expect((await readLines({ file, index }, 0, 10)).map(({ text }) => text)).toEqual(['one', 'two']);
  });

  it('do not grow with their log', async () => {
    const index = new LogIndex();
    for (let n = 0; n < 40_000; n += 1) index.add(output(`${n}\n`), 16_000, n);
    expect(index.checkpoints.length).toBeLessThanOrEqual(4_096);
    expect(index.placeBefore(39_999).line).toBeGreaterThan(39_000);
  });

  it('are cut where they are long, and what is left out is not read', async () => {
    const piece = 'x'.repeat(16_000);
    const events = [output('before\n'), ...Array.from({ length: 700 }, () => output(piece)), output('\nafter\n')];
    const { file, index } = written(events);
    let read = 0;
    const counting: EventBytes = {
      size: file.size,
      readAt: (offset, length) => {
        read += length;
        return file.readAt(offset, length);
      },
    };
    const lines = await readLines({ file: counting, index }, 0, 10);
    expect(lines.map(({ text }) => text.length)).toEqual([6, SHOWN_LIMIT, 5]);
    expect(lines[1]?.cut?.at).toBe('end');
    expect(lines[1]?.cut?.bytes).toBeGreaterThan(11_000_000);
    expect(read).toBeLessThan(2_000_000);
  });

  it('show the last state of a long progress bar, in its colour', async () => {
    const steps = Array.from({ length: 9_000 }, (_, n) => output(`\u001b[32mstep ${n}\r`));
    const { file, index } = written([...steps, output('\nafter')]);
    const [bar, after] = await readLines({ file, index }, 0, 10);
    expect(bar?.cut?.at).toBe('begin');
    expect(visibleText(bar?.text ?? '')).toBe('step 8999');
    expect(bar?.style?.[0]).toBe(2);
    expect(after).toEqual({ text: 'after', style: [2, -1, 0] });
  });

  it('are read until nobody wants more', async () => {
    const log = written(randomLog(3, 500).events);
    let number = 7;
    for await (const part of linesFrom(log, 7, SHOWN_LIMIT)) {
      for (const line of part) expect(line.number).toBe(number++);
    }
    expect(number).toBe(log.index.lines);
  });
});

describe('the text of a log', () => {
  it.each([31, 32])('is copied whole, in parts, between any two places (seed %i)', async (seed) => {
    const { events, lines } = randomLog(seed, 3_000);
    const log = written(events);
    const texts = lines.map(({ text }) => visibleText(text));
    const to = { line: lines.length - 2, column: 3 };
    let copied = '';
    let next: { line: number; column: number } | undefined = { line: 5, column: 2 };
    while (next) {
      const part: Awaited<ReturnType<typeof textBetween>> = await textBetween(log, next, to);
      copied += part.text;
      next = part.next;
    }
    const wanted = texts.slice(5, -1);
    wanted[0] = (wanted[0] ?? '').slice(2);
    wanted[wanted.length - 1] = (wanted.at(-1) ?? '').slice(0, 3);
    expect(copied).toBe(wanted.join('\n'));
  });

  it('is saved with its commands', async () => {
    const log = written([
      { event: 'job_started', timestamp: 1 },
      { event: 'cmd_started', timestamp: 1, directive: 'make' },
      output('\u001b[31mred\u001b[0m\n50 %\r60 %\nno end'),
      { event: 'cmd_finished', timestamp: 2, directive: 'make', exit_code: 0, started_at: 1, finished_at: 2 },
      { event: 'cmd_started', timestamp: 2, directive: 'true' },
      { event: 'cmd_finished', timestamp: 2, directive: 'true', exit_code: 0, started_at: 2, finished_at: 2 },
      { event: 'job_finished', timestamp: 3, result: 'passed' },
    ]);
    let text = '';
    for await (const part of wholeText(log)) text += part;
    expect(text).toBe('$ make\nred\n60 %\nno end\n$ true\n');
    expect(log.index.result).toBe('passed');
  });
});
