import { describe, expect, it } from 'vitest';
import { eventLine } from './event-lines.ts';
import { LogIndex } from './index/log-index.ts';
import { createChance } from './index/random-log.ts';
import { MAX_OUTPUT_BYTES, OutputLine } from './output-line.ts';

/** Every byte that a terminal can send as one, some that JSON writes otherwise, and code points of each length. */
const PIECES = [
  ...Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)),
  ...['é', '日', '🎉', '\u2028', '\ufffd', '\n', '\n', '"', '\\', '\u001b[1;31m', '\u001b[0m', 'x'.repeat(900)],
];

describe('OutputLine', () => {
  it('writes what JSON writes, and tells the index what the text would', () => {
    const line = new OutputLine();
    for (const seed of [1, 2, 3, 4, 5]) {
      const chance = createChance(seed);
      const live = new LogIndex();
      const plain = new LogIndex();
      for (let round = 0; round < 200; round += 1) {
        const parts = Array.from({ length: 1 + chance(30) }, () => PIECES[chance(PIECES.length)] ?? '');
        const output = parts.join('').slice(0, 4_000);
        const text = Buffer.from(output);
        const cut = parts[0]?.length ? Buffer.byteLength(parts[0]) : 0;
        line.add(text.subarray(0, cut), 0);
        expect(line.add(text, cut)).toBe(text.length);
        const taken = line.take(round);
        const expected = eventLine({ event: 'cmd_output', timestamp: round, output });
        expect(taken.line.equals(expected)).toBe(true);
        live.addOutput(taken.output, taken.line.length);
        plain.add({ event: 'cmd_output', timestamp: round, output }, expected.length, 0);
      }
      expect(live.toJSON()).toEqual(plain.toJSON());
    }
  });

  it('is full at 16 KiB, before a code point that would be cut', () => {
    const line = new OutputLine();
    const text = Buffer.from(`${'x'.repeat(MAX_OUTPUT_BYTES - 1)}🎉`);
    expect(line.add(text, 0)).toBe(MAX_OUTPUT_BYTES - 1);
    expect(line.add(text, MAX_OUTPUT_BYTES - 1)).toBe(MAX_OUTPUT_BYTES - 1);
    line.take(0);
    expect(line.isEmpty).toBe(true);
    expect(line.add(text, MAX_OUTPUT_BYTES - 1)).toBe(text.length);
    expect(JSON.parse(line.take(0).line.toString()).output).toBe('🎉');
  });

  it('has room for output that JSON writes six times as long', () => {
    const line = new OutputLine();
    const text = Buffer.alloc(MAX_OUTPUT_BYTES, 0x01);
    expect(line.add(text, 0)).toBe(text.length);
    expect(JSON.parse(line.take(1_700_000_000).line.toString()).output).toBe(text.toString());
  });
});
