import type { LogCommand, LogLine, OpenedLog } from '../../shared/contract/log.ts';
import { useSearch } from '../log/search-store.ts';
import type { FakeLog } from './fake-logs.ts';
import { IDLE, JOB, MINUTE, NOW, type Story, snapshot } from './story.ts';

const BEGAN = NOW - 3 * MINUTE;

/** A command with so many lines; without an exit code it runs. */
interface Part {
  readonly directive: string;
  readonly lines: number;
  readonly exitCode?: number;
}

function opened(parts: readonly Part[], end: OpenedLog['end']): OpenedLog {
  let firstLine = 0;
  const commands = parts.map(({ directive, lines, exitCode }, number): LogCommand => {
    const command = { number, directive, startedAt: BEGAN + number * 20_000, firstLine };
    firstLine += lines;
    return exitCode === undefined ? command : { ...command, end: { exitCode, at: BEGAN + number * 20_000 + 12_300 } };
  });
  const bytes = firstLine * 100;
  const growth = { lines: firstLine, bytes, indexedBytes: bytes, ...(end ? { end } : {}) };
  return { ...growth, id: JOB.id, name: JOB.name, about: JOB.about, startedAt: BEGAN, commands, preview: [] };
}

function fromTexts(texts: readonly string[]): (number: number) => LogLine {
  const lines = texts.map((text) => ({ text }));
  return (number) => lines[number] ?? { text: '' };
}

const ESC = '\u001b[';
const OSC = '\u001b]';
const FAILING = [
  `${ESC}1m${ESC}36m RUN ${ESC}0m v4.1.12`,
  `${ESC}32m ✓${ESC}0m src/cart/total.test.ts ${ESC}2m(12 tests) 41ms${ESC}0m`,
  `${ESC}32m ✓${ESC}0m src/cart/discount.test.ts ${ESC}2m(7 tests) 18ms${ESC}0m`,
  `${ESC}31m ❯${ESC}0m src/checkout/address.test.ts ${ESC}2m(4 tests | ${ESC}31m1 failed${ESC}39m) 63ms${ESC}0m`,
  `${ESC}31m   × keeps the house number of a Dutch address${ESC}0m`,
  '',
  `${ESC}41m${ESC}1m FAIL ${ESC}0m src/checkout/address.test.ts > keeps the house number of a Dutch address`,
  `${ESC}31mAssertionError: expected 'Damrak' to be 'Damrak 1-5' ${ESC}2m// Object.is equality${ESC}0m`,
  '',
  `${ESC}32m- Damrak 1-5${ESC}0m`,
  `${ESC}31m+ Damrak${ESC}0m`,
  '',
  ` ${ESC}36m❯${ESC}0m src/checkout/address.test.ts:${ESC}2m41:27${ESC}0m`,
  `    39|   const address = parse('Damrak 1-5, 1012 LG Amsterdam');`,
  `    40| `,
  `    41|   expect(address.${ESC}34mstreet${ESC}0m).toBe(${ESC}33m'Damrak 1-5'${ESC}0m);`,
  `      |                           ${ESC}31m^${ESC}0m`,
  '',
  `Details: https://example.com/reports/4f2c1e9/address (kept for 30 days).`,
  ` Test Files  ${ESC}1m${ESC}31m1 failed${ESC}39m${ESC}22m | ${ESC}32m2 passed${ESC}39m (3)`,
  `npm ${ESC}31merror${ESC}0m code 1`,
];

function colours(): readonly string[] {
  const named = Array.from({ length: 16 }, (_, n) => `${ESC}${n < 8 ? 30 + n : 82 + n}m colour ${n}${ESC}0m`);
  const grounds = Array.from({ length: 16 }, (_, n) => `${ESC}${n < 8 ? 40 + n : 92 + n}m ground ${n} ${ESC}0m`);
  const rows = Array.from({ length: 6 }, (_, row) =>
    Array.from({ length: 36 }, (_, n) => `${ESC}38;5;${16 + row * 36 + n}m▇a`).join(''),
  );
  const ramp = Array.from({ length: 64 }, (_, n) => `${ESC}38;2;${n * 4};${255 - n * 4};128m█`).join('');
  return [
    named.slice(0, 8).join(''),
    named.slice(8).join(''),
    grounds.slice(0, 8).join(''),
    grounds.slice(8).join(''),
    ...rows.map((row) => `${row}${ESC}0m`),
    `${ramp}${ESC}0m true colour`,
    `${ESC}1mbold${ESC}0m ${ESC}2mdim${ESC}0m ${ESC}3mitalic${ESC}0m ${ESC}4munderlined${ESC}0m ${ESC}9mstruck${ESC}0m ${ESC}7minverse${ESC}0m ${ESC}8mhidden${ESC}0m`,
  ];
}

const HOSTILE = [
  '<img src=x onerror=alert(1)> <script>document.title = "taken"</script> &amp; </span></div>',
  'access = "user\u202e // check admin\u2066 begin"; zero\u200bwidth, \u2067turned\u2069, bell\u0007, null\u0000, escape\u001b, form feed\u000c',
  'downloading   1 %\rdownloading  57 %\rdownloading 100 %',
  `spinner |\b/\b-\b\\\bdone${ESC}K, moved${ESC}4Dback, ${ESC}2Ggone to the second column`,
  'a\tb\tcolumn\tby tabs\n'.trim(),
  '漢字かな交じり文 한국어 emoji 🚂🚃 flags 🇩🇪 family 👨‍👩‍👧 combining e\u0301 a\u0308 Z\u0351\u036b\u0343',
  'שלום עולם and مرحبا بالعالم within English, numbers 1-2-3',
  `${OSC}8;;https://example.com/real\u001b\\a link of the program's own${OSC}8;;\u001b\\ and ${OSC}8;;javascript:alert(1)\u001b\\one that is none${OSC}8;;\u001b\\`,
  `${ESC}999;999;zz not a sequence, ${ESC}?25l swallowed ${ESC}38;5m half ${ESC}48;2;300;0;0m too red`,
  Array.from({ length: 2_000 }, (_, n) => `${ESC}${31 + (n % 6)}m${n % 10}`).join(''),
];

const hostileLines = (number: number): LogLine =>
  number === HOSTILE.length
    ? { text: `a line of ten megabytes ${'x'.repeat(16_000)}`, cut: { at: 'end', bytes: 9_983_000 } }
    : { text: HOSTILE[number] ?? `${number}` };

function compiling(number: number): LogLine {
  const tone = number % 97 === 0 ? `${ESC}33mwarning:${ESC}0m unused variable` : `${ESC}32mcompiled${ESC}0m`;
  return { text: `[${number}] ${tone} module-${number % 4_001}.ts in ${number % 89} ms, ${'·'.repeat(number % 40)}` };
}

const FAILED: FakeLog = {
  opened: opened(
    [
      { directive: 'checkout', lines: 3, exitCode: 0 },
      { directive: 'npm ci', lines: 5, exitCode: 0 },
      { directive: 'npm test', lines: FAILING.length, exitCode: 1 },
      { directive: 'npm run coverage', lines: 2, exitCode: 0 },
    ],
    { result: 'failed', at: NOW - MINUTE },
  ),
  line: fromTexts(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', ...FAILING, 'y', 'z']),
};

/** Five million lines, two thirds of them of a command that runs. */
const LONG: FakeLog = {
  opened: opened(
    [
      { directive: 'checkout', lines: 1_600_000, exitCode: 1 },
      { directive: 'make -j8 everything', lines: 3_400_000 },
    ],
    undefined,
  ),
  line: compiling,
};

const log = (logs: FakeLog): Story => ({ snapshot: snapshot(IDLE), view: 'log', logs });

/** A link leads to a job that is not kept any more. */
const GONE: Story['requests'] = {
  destination: async () => ({ view: 'log', log: { job: 'gone', line: 0 } }),
};

/** The log view in its states. */
export const LOG_STORIES: Readonly<Record<string, Story>> = {
  'log-none': log({ opened: null, line: () => ({ text: '' }) }),
  'log-gone': { ...log({ opened: null, line: () => ({ text: '' }) }), requests: GONE },
  'log-failed': {
    ...log(FAILED),
    requests: {
      saveLog: async () => ({ problem: 'The log was not saved: /media/stick has no room for it (ENOSPC)' }),
    },
  },
  'log-search-wrong': {
    ...log(FAILED),
    prepare: () =>
      useSearch.setState({
        query: { text: '(', matchesCase: false, wholeWord: false, isExpression: true },
        problem: 'Not a regular expression',
      }),
  },
  'log-colours': log({
    opened: opened([{ directive: 'colours', lines: colours().length, exitCode: 1 }], { result: 'failed', at: NOW }),
    line: fromTexts(colours()),
  }),
  'log-hostile': log({
    opened: opened([{ directive: 'cat hostile', lines: HOSTILE.length + 1, exitCode: 1 }], {
      result: 'failed',
      at: NOW,
    }),
    line: hostileLines,
  }),
  'log-long': log(LONG),
  'log-first-read': log({
    opened: {
      ...opened([], { result: 'passed', at: NOW }),
      bytes: 500_000_000,
      indexedBytes: 215_000_000,
      preview: Array.from({ length: 60 }, (_, n) => `[${n + 4_999_940}] compiled module-${n}.ts`),
    },
    line: () => ({ text: '' }),
  }),
};
