import type { LogEvent } from '../../hub/wire.ts';

/** A log of chance, the same for the same seed: for tests that compare with the plain way of doing it. */
export interface RandomLog {
  readonly events: readonly LogEvent[];
  /** Its lines as the plain way has them: each with its text, and the number of its command. */
  readonly lines: readonly { readonly text: string; readonly command: number }[];
}

const PIECES = [
  'npm test',
  'error: it broke',
  '\u001b[31m',
  '\u001b[0m',
  '\u001b[1;38;5;200m',
  '\u001b[48;2;1;2;3m',
  '\n',
  '\n',
  '\n\n',
  '10 %\r',
  'übung 漢字 🚂',
  '\t',
  '"\\',
  ' ',
  'x'.repeat(300),
  '\u202e<b>',
];

/** Makes a log of so many events. Sequences are cut anywhere, as output is. */
export function randomLog(seed: number, events: number): RandomLog {
  const chance = createChance(seed);
  const made: LogEvent[] = [{ event: 'job_started', timestamp: 0 }];
  const lines: { text: string; command: number }[] = [];
  let open = '';
  let hasOpen = false;
  let command = -1;
  const endLine = () => {
    if (hasOpen) lines.push({ text: open, command });
    open = '';
    hasOpen = false;
  };
  let held = '';
  for (let n = 0; n < events; n += 1) {
    if (chance(12) === 0) {
      endLine();
      held = '';
      const directive = `command ${command + 1}`;
      if (command >= 0) {
        made.push({
          event: 'cmd_finished',
          timestamp: n,
          directive,
          exit_code: chance(3),
          started_at: 0,
          finished_at: n,
        });
      }
      command += 1;
      made.push({ event: 'cmd_started', timestamp: n, directive });
      continue;
    }
    let text = held;
    for (let pieces = chance(40) + 1; pieces > 0; pieces -= 1) text += PIECES[chance(PIECES.length)];
    const cut = chance(4) === 0 ? text.length - chance(Math.min(6, text.length)) : text.length;
    held = text.slice(cut);
    const output = text.slice(0, cut);
    if (output === '' || /[\ud800-\udbff]$/.test(output)) {
      held = output + held;
      continue;
    }
    made.push({ event: 'cmd_output', timestamp: n, output });
    const parts = output.split('\n');
    parts.forEach((part, at) => {
      open += part;
      hasOpen ||= part !== '';
      if (at === parts.length - 1) return;
      lines.push({ text: open, command });
      open = '';
      hasOpen = false;
    });
  }
  endLine();
  return { events: made, lines };
}

/** Whole numbers below a limit (mulberry32). */
export function createChance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
