import { create } from 'zustand';
import type { HookName, HookOutput, HookRun } from '../../shared/contract/hooks.ts';
import { NO_LINES, type TailLines, withLine, withOutput } from '../ui/tail-lines.ts';

/** A test run of a hook. */
export interface HookTest {
  /** The end of what it wrote so far. */
  readonly tail: TailLines;
  /** ms since the Unix epoch. */
  readonly startedAt: number;
  /** Undefined while it runs. */
  readonly end: HookRun | undefined;
}

interface HookTestsSlice {
  readonly tests: Readonly<Partial<Record<HookName, HookTest>>>;
  begin(name: HookName, startedAt: number): void;
  take(output: HookOutput & { readonly name: HookName }): void;
  end(name: HookName, end: HookRun): void;
}

/** The last test run of each hook. It goes on while other views are looked at. */
export const useHookTests = create<HookTestsSlice>()((set) => {
  const change = (name: HookName, next: (test: HookTest) => HookTest) =>
    set(({ tests }) => {
      const test = tests[name];
      return test ? { tests: { ...tests, [name]: next(test) } } : { tests };
    });
  return {
    tests: {},
    begin: (name, startedAt) =>
      set(({ tests }) => ({ tests: { ...tests, [name]: { tail: NO_LINES, startedAt, end: undefined } } })),
    take: ({ name, text, skipped }) =>
      change(name, (test) => ({ ...test, tail: withOutput(withSkipped(test.tail, skipped), text) })),
    end: (name, end) => change(name, (test) => ({ ...test, end })),
  };
});

function withSkipped(tail: TailLines, skipped: number): TailLines {
  return skipped === 0
    ? tail
    : withLine(tail, 'skipped', `${skipped.toLocaleString('en-GB')} characters of output not shown here`);
}
