import { create } from 'zustand';
import type { ConnectionTest, FirstRun, FirstRunChoice } from '../../shared/contract/first-run.ts';

/** One question each, in this order. */
export const STEPS = ['connect', 'name', 'jobs', 'start'] as const;
export type Step = (typeof STEPS)[number];

interface FirstRunSlice {
  /** What main knows already; undefined before it has said so. */
  readonly known: FirstRun | undefined;
  readonly step: Step;
  readonly endpoint: string;
  /** Empty: the one that main has is meant, from a pasted snippet or an earlier time. */
  readonly token: string;
  readonly hasToken: boolean;
  readonly noHttps: boolean;
  readonly test: ConnectionTest | 'running' | undefined;
  readonly name: string;
  /** Nothing is chosen for anybody: jobs of others will run here. */
  readonly jobs: FirstRunChoice['jobs'] | undefined;
  readonly startAtLogin: boolean;
  /** Why one could not go on, or finish. */
  readonly problem: string;
  /** The field that the problem is about, where it is about one. */
  readonly problemAt: ConnectionTest['about'];
  /** What happened, for who wants to know exactly. */
  readonly problemDetail: string;
  /** The practice hub is on its way. */
  readonly startsPractice: boolean;
  begin(known: FirstRun): void;
}

/** The answers of a first run, as far as they are given. */
export const useFirstRun = create<FirstRunSlice>()((set) => ({
  known: undefined,
  step: 'connect',
  endpoint: '',
  token: '',
  hasToken: false,
  noHttps: false,
  test: undefined,
  name: '',
  jobs: undefined,
  startAtLogin: true,
  problem: '',
  problemAt: undefined,
  problemDetail: '',
  startsPractice: false,
  begin: (known) =>
    set(({ endpoint, name, noHttps }) => ({
      known,
      endpoint: endpoint || known.endpoint,
      hasToken: known.hasToken,
      noHttps: noHttps || known.noHttps,
      name: name || known.suggestedName,
    })),
}));

/** Why one cannot go on from a step; undefined where one can. */
export function missing({ step, endpoint, token, hasToken, name, jobs }: FirstRunSlice): string | undefined {
  switch (step) {
    case 'connect':
      if (endpoint.trim() === '') return 'The address of your organisation is missing';
      return token === '' && !hasToken ? 'The registration token is missing' : undefined;
    case 'name':
      return name.length < 8 || name.length > 80
        ? `A name has 8 to 80 characters; this one has ${name.length}`
        : undefined;
    case 'jobs':
      return jobs === undefined ? 'Choose one of the two' : undefined;
    case 'start':
      return undefined;
  }
}

/** The first and the last step have none before or after them: it stays. */
export function stepAfter(step: Step, by: 1 | -1): Step {
  return STEPS[STEPS.indexOf(step) + by] ?? step;
}
