import type { AwaitedCommands, TailMessage } from '../../shared/contract/tail.ts';
import { JOB, NOW } from './story.ts';

interface Ran {
  readonly directive: string;
  readonly seconds: number;
  readonly output: string;
  /** Absent while it runs. */
  readonly exitCode?: number;
}

const CHECKED_OUT: Ran = {
  directive: 'checkout',
  seconds: 3.1,
  output: 'HEAD is now at 4f2c1e9 Basket: round once\n',
  exitCode: 0,
};
const INSTALLED: Ran = {
  directive: 'npm ci',
  seconds: 41,
  output: 'added 412 packages, and audited 413 packages in 41s\n\nfound 0 vulnerabilities\n',
  exitCode: 0,
};
const TEST_OUTPUT = [
  '',
  '> web-frontend@2.14.0 test',
  '> vitest run',
  '',
  ' ✓ src/basket/total.test.ts (14 tests) 32ms',
  ' ✓ src/basket/discount.test.ts (9 tests) 18ms',
  ' ✓ src/checkout/address.test.ts (31 tests) 88ms',
  ' ✓ src/checkout/payment.test.tsx (22 tests) 240ms',
].join('\n');

export const RUNNING_TAIL = tailOf(
  [
    CHECKED_OUT,
    INSTALLED,
    { directive: 'npm test', seconds: 80, output: `${TEST_OUTPUT}\n ❯ src/search/index.test.ts` },
  ],
  {
    awaited: {
      names: ['npm run lint', 'npm run build', 'npm run coverage', 'cache store', 'test-results publish junit.xml'],
      more: 0,
      skipped: 0,
    },
  },
);

/** In the midst of a job that somebody's script has written. */
export const TAIL_OF_MANY_COMMANDS = tailOf(
  [
    CHECKED_OUT,
    ...Array.from({ length: 12 }, (_, n) => ({ directive: `make part-${n}`, seconds: 2, output: '', exitCode: 0 })),
    { directive: 'make test', seconds: 5, output: 'ok 1 - basket\n' },
  ],
  { awaited: { names: Array.from({ length: 100 }, (_, n) => `make deploy-${n}`), more: 312, skipped: 0 } },
);

export const TAIL_OF_FAILURE = tailOf(
  [
    CHECKED_OUT,
    INSTALLED,
    {
      directive: 'npm test',
      seconds: 84,
      output: `${TEST_OUTPUT}\n ✗ src/search/index.test.ts (12 tests | 1 failed) 71ms\n   expected 3 to be 4\n`,
      exitCode: 1,
    },
  ],
  { result: 'failed', awaited: { names: [], more: 0, skipped: 4 } },
);

export const TAIL_OF_LONG_NAMES = tailOf([
  ...Array.from({ length: 40 }, (_, n) => ({
    directive: `./scripts/prepare-region.sh --region eu-central-${n} --with-fixtures --and-a-very-long-flag=${'x'.repeat(90)}`,
    seconds: 1.2 + n,
    output: n % 9 === 4 ? '' : `region ${n} is ready\n`,
    exitCode: n === 7 ? 137 : 0,
  })),
  {
    directive: 'docker compose --profile everything up --abort-on-container-exit',
    seconds: 5,
    output: `${'=== '.repeat(120)}\nwaiting for the database\n`,
  },
]);

export const TAIL_OF_REFUSAL = tailOf(
  [
    {
      directive: "Checking this agent's job policy",
      seconds: 0.2,
      output: [
        'Refused by shell-jobs: it is a shell job, and only containers are allowed here.',
        "The owner of this agent can change that: --shell-jobs, SEMAPHORE_AGENT_SHELL_JOBS, shell-jobs in the agent's file, or Settings → Jobs in the app.",
        '',
      ].join('\n'),
      exitCode: 1,
    },
  ],
  { result: 'failed' },
);

interface Rest {
  readonly awaited?: AwaitedCommands;
  /** Absent while it runs. */
  readonly result?: string;
}

/** What a window is told of a job that ran these commands, one after the other, until now. */
function tailOf(ran: readonly Ran[], { awaited, result }: Rest = {}): readonly TailMessage[] {
  const begin = NOW - ran.reduce((sum, { seconds }) => sum + seconds * 1_000, 0);
  let at = begin;
  const messages = ran.flatMap(({ directive, seconds, output, exitCode }, number): TailMessage[] => {
    const startedAt = at;
    at += seconds * 1_000;
    const end = exitCode === undefined ? {} : { end: { exitCode, at } };
    return [
      { kind: 'command', command: { number, directive, startedAt, ...end } },
      ...(output === '' ? [] : [{ kind: 'output', number, text: output } as const]),
    ];
  });
  if (awaited) messages.push({ kind: 'awaited', ...awaited });
  const ended: TailMessage[] = result ? [{ kind: 'ended', result, at }] : [];
  return [{ kind: 'job', id: JOB.id, name: JOB.name, startedAt: begin }, ...messages, ...ended];
}
