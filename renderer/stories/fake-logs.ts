import { createCaller } from '../../shared/contract/caller.ts';
import { type LogLine, type LogMatch, logContract, type OpenedLog } from '../../shared/contract/log.ts';
import { createResponder, type Responder } from '../../shared/contract/responder.ts';
import { visibleText } from '../../shared/terminal/terminal-line.ts';
import type { LogCaller } from '../log/log-port.ts';
import { wirePair } from './fake-bridge.ts';

/** A log in a page, of any length: its lines are made when somebody looks at them. */
export interface FakeLog {
  readonly opened: OpenedLog | null;
  readonly line: (number: number) => LogLine;
}

/** More lines are not searched: a story has its matches at its begin. */
const SEARCHED = 20_000;

function isExpression(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}

/** An agent's logs in the page; what goes through is checked by the contract's schemas on both sides. */
export function createFakeLogs({ opened, line }: FakeLog): { caller: LogCaller; agent: Responder<typeof logContract> } {
  const [near, far] = wirePair();
  let matches: readonly LogMatch[] = [];
  const lines = opened?.lines ?? 0;
  const agent: Responder<typeof logContract> = createResponder(
    logContract,
    far,
    {
      requests: {
        open: async () => opened,
        lines: async ({ from, count }) => ({
          from,
          lines: Array.from({ length: Math.max(0, Math.min(count, lines - from)) }, (_, n) => line(from + n)),
        }),
        search: async ({ query }) => {
          if (query.isExpression && !isExpression(query.text)) return { problem: 'Not a regular expression' };
          const words = query.text.toLowerCase();
          matches = Array.from({ length: Math.min(lines, SEARCHED) }, (_, n) => n).flatMap((number) => {
            const start = visibleText(line(number).text).toLowerCase().indexOf(words);
            return start < 0 ? [] : [{ line: number, start, end: start + words.length }];
          });
          const linesPerMark = Math.max(1, Math.ceil(lines / 500));
          const marks = Array.from({ length: Math.ceil(lines / linesPerMark) }, () => 0);
          for (const match of matches) marks[Math.floor(match.line / linesPerMark)] = 1;
          agent.emit('searched', { matches: matches.length, done: 1, marks, linesPerMark, problem: '' });
          return { problem: '' };
        },
        findMatch: async ({ from, direction }) => {
          const isBehind = (one: LogMatch) =>
            one.line > from.line || (one.line === from.line && one.start >= from.column);
          const next = matches.find(isBehind) ?? matches[0];
          const previous = matches.filter((one) => !isBehind(one)).at(-1) ?? matches.at(-1);
          const match = direction === 'next' ? next : previous;
          return match ? { match, ordinal: matches.indexOf(match) + 1 } : null;
        },
        matchesIn: async ({ from, count }) => matches.filter((one) => one.line >= from && one.line < from + count),
        firstFailure: async () => {
          const failed = opened?.commands.find(({ end }) => end && end.exitCode !== 0);
          return failed ? { command: failed.number, line: failed.firstLine } : null;
        },
        text: async ({ from, to }) => ({
          text: Array.from({ length: to.line - from.line + 1 }, (_, n) => line(from.line + n).text).join('\n'),
        }),
      },
      commands: { prepareSearch: () => undefined, endSearch: () => undefined },
    },
    (name) => console.error(`refused: ${name}`),
  );
  const startTimer = (ms: number, callback: () => void) => {
    const timer = window.setTimeout(callback, ms);
    return () => window.clearTimeout(timer);
  };
  return { caller: createCaller(logContract, near, startTimer), agent };
}
