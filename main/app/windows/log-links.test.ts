import { beforeEach, describe, expect, it } from 'vitest';
import type { History } from '../../../shared/contract/history.ts';
import type { Destination } from '../../../shared/contract/views.ts';
import { permalink } from '../../../shared/permalink.ts';
import { LogLinks, linkIn } from './log-links.ts';

const JOB = '5d8c1e0a-7a52-4a4b-9c59-1f0e3b8a9d21';
const KEPT: History = {
  jobs: [{ key: '20261125T003133000Z-abc', id: JOB, name: 'Build', startedAt: 1, result: 'passed', bytes: 1 }],
  bytes: 1,
  budgetBytes: 1,
};

let history: History | null;
let asked: number;
let shown: Destination[];
let time: number;
let links: LogLinks;

beforeEach(() => {
  history = KEPT;
  asked = 0;
  shown = [];
  time = 0;
  links = new LogLinks({
    history: async () => {
      asked += 1;
      return history;
    },
    show: (destination) => shown.push(destination),
    now: () => time,
  });
});

describe('a link from outside', () => {
  it('shows the line of a log that is kept here', async () => {
    await links.open(permalink({ job: JOB, line: 41 }));
    expect(shown).toEqual([{ view: 'log', log: { job: JOB, line: 41 } }]);
  });

  it('waits for the agent that it started, but not for ever', async () => {
    history = null;
    await links.open(permalink({ job: JOB, line: 0 }));
    expect(shown).toEqual([]);
    history = KEPT;
    await links.agentStarted();
    await links.agentStarted();
    expect(shown).toHaveLength(1);
    history = null;
    await links.open(permalink({ job: JOB, line: 0 }));
    history = KEPT;
    time = 60_000;
    await links.agentStarted();
    expect(shown).toHaveLength(1);
  });

  it.each([
    permalink({ job: 'another', line: 1 }),
    permalink({ job: KEPT.jobs[0]?.key ?? '', line: 1 }),
    permalink({ job: '../../etc/passwd', line: 1 }),
    permalink({ job: '__proto__', line: 1 }),
  ])('does nothing for a job that is not kept here: %s', async (url) => {
    await links.open(url);
    expect(shown).toEqual([]);
  });

  it.each([
    '',
    'signalbox:',
    'signalbox://',
    'signalbox://app/index.html',
    `signalbox://app/index.html#${permalink({ job: JOB, line: 1 })}`,
    `signalbox://log/${JOB}`,
    `signalbox://log/${JOB}?line=0`,
    `signalbox://log/${JOB}?line=-1`,
    `signalbox://log/${JOB}?line=1e9`,
    `signalbox://log/${JOB}?line=0x10`,
    `signalbox://log/${JOB}?line=1#x`,
    `signalbox://log/${JOB}?line=1&line=2`,
    `signalbox://log/${JOB}?line=9999999999999`,
    `signalbox://log/${JOB}?line=1 --inspect=0`,
    `signalbox://log/${JOB}?line=1\n`,
    ` signalbox://log/${JOB}?line=1`,
    `signalbox://log/${JOB}/../${JOB}?line=1`,
    `signalbox://user:password@log/${JOB}?line=1`,
    `signalbox://LOG/${JOB}?line=1`,
    `SIGNALBOX://log/${JOB}?line=1`,
    `signalbox:log/${JOB}?line=1`,
    `signalbox://log/%E0%A4%A?line=1`,
    `signalbox://log/${'a'.repeat(201)}?line=1`,
    `signalbox://pause`,
    `signalbox://log/<script>alert(1)</script>?line=1`,
    `javascript:signalbox://log/${JOB}?line=1`,
    `file:///etc/passwd`,
    `https://log/${JOB}?line=1`,
  ])('is nothing at all when it is not one to the letter: %j', async (url) => {
    await links.open(url);
    expect(shown).toEqual([]);
    expect(asked).toBe(0);
  });
});

describe('a command line', () => {
  it.each([
    [['signalbox', '--hidden'], undefined],
    [['signalbox', '--', 'signalbox://log/a?line=1'], 'signalbox://log/a?line=1'],
    [['signalbox', 'SignalBox:x'], 'SignalBox:x'],
    [['signalbox', 'signalbox://log/a?line=1', 'signalbox://log/b?line=1'], ''],
  ])('%j has the link %j', (args, link) => {
    expect(linkIn(args)).toBe(link);
  });
});
