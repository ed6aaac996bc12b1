import { chmod, writeFile } from 'node:fs/promises';
import type { HookFile, HookName, HookOutput, HookRun } from '../../../shared/contract/hooks.ts';
import type { mainRendererContract } from '../../../shared/contract/main-renderer.ts';
import type { Handlers } from '../../../shared/contract/responder.ts';
import type { ErrandOptions } from '../supervision/agent-errand.ts';
import { askForPlace, type ParentWindow } from '../windows/questions.ts';
import { lookAtHook } from './hook-file.ts';
import { hookTemplate } from './hook-template.ts';
import type { HookUses } from './hook-uses.ts';
import { openHook } from './open-hook.ts';
import { reasonOf } from './reason-of.ts';

export interface HookDeskOptions {
  readonly inForce: () => Promise<ReadonlyMap<string, unknown>>;
  readonly uses: HookUses;
  readonly parent: ParentWindow;
  readonly run: (hook: { readonly path: string; readonly isSourced: boolean }, how: ErrandOptions) => Promise<HookRun>;
  readonly onOutput: (output: HookOutput & { readonly name: HookName }) => void;
}

type Requests = Handlers<typeof mainRendererContract>['requests'];

/** What a window asks about hooks. Which file one is says the setting in force, never the window. */
export class HookDesk {
  private readonly tests = new Map<HookName, { readonly stop: AbortController; readonly run: Promise<HookRun> }>();

  constructor(private readonly options: HookDeskOptions) {}

  /** The part of the contract that is answered here. */
  readonly requests: Pick<Requests, 'hookFile' | 'testHook' | 'openHook' | 'createHook'> = {
    hookFile: ({ name }) => this.look(name),
    testHook: ({ name }) => this.test(name),
    openHook: async ({ name }) => ({ problem: await openHook(await this.pathOf(name)) }),
    createHook: ({ name }) => this.create(name),
  };

  /** The job that is here now, by its id; undefined for none. */
  showJob(id: string | undefined): void {
    this.options.uses.showJob(id);
  }

  /** Ends the test run of a hook, or of all of them. Resolves when that is over. */
  async stopTests(...names: readonly HookName[]): Promise<void> {
    const chosen = names.length > 0 ? names : [...this.tests.keys()];
    await Promise.all(
      chosen.map((name) => {
        const test = this.tests.get(name);
        test?.stop.abort();
        return test?.run;
      }),
    );
  }

  private async pathOf(name: HookName): Promise<string> {
    return String((await this.options.inForce()).get(name));
  }

  private async look(name: HookName): Promise<HookFile> {
    const file = await lookAtHook(await this.pathOf(name));
    return { ...file, sinceLastJob: await this.options.uses.sinceLastJob(name, file.path) };
  }

  /** One at a time: a window that was loaded anew knows nothing of the run before, which ends for it. */
  private async test(name: HookName): Promise<HookRun> {
    await this.stopTests(name);
    const stop = new AbortController();
    const run = this.run(name, stop.signal).catch(() => notRun('The process that ran it ended early'));
    this.tests.set(name, { stop, run });
    return run.finally(() => this.tests.delete(name));
  }

  private async run(name: HookName, signal: AbortSignal): Promise<HookRun> {
    const { inForce, run, onOutput } = this.options;
    const values = await inForce();
    const path = String(values.get(name));
    const { state } = await lookAtHook(path);
    if (['none', 'missing', 'no-file', 'unreadable'].includes(state)) return notRun('There is no such file to run');
    const isSourced = name === 'pre-job-hook-path' && values.get('source-pre-job-hook') === true;
    return run({ path, isSourced }, { signal, onHookOutput: (output) => onOutput({ ...output, name }) });
  }

  private async create(name: HookName): ReturnType<Requests['createHook']> {
    const { file, text } = hookTemplate(name, process.platform);
    const path = await askForPlace('New hook', file, this.options.parent);
    if (path === undefined) return { path: null, problem: '' };
    try {
      // What is there stays: a hook that somebody wrote is worth more than a template.
      await writeFile(path, text, { flag: 'wx', mode: 0o700 });
      await chmod(path, 0o700);
    } catch (error) {
      const reason = reasonOf(error);
      const problem = reason === 'EEXIST' ? 'is there already: take it with Choose…' : `cannot be written: ${reason}`;
      return { path: null, problem: `${path} ${problem}` };
    }
    return { path, problem: await openHook(path) };
  }
}

function notRun(problem: string): HookRun {
  return { outcome: 'not-run', exitCode: -1, tookMs: 0, problem };
}
