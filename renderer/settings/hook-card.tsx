import { type ReactNode, useEffect, useState } from 'react';
import type { HookFile, HookName } from '../../shared/contract/hooks.ts';
import type { Bridge } from '../bridge.ts';
import { useBridge } from '../bridge-context.ts';
import { useSnapshot } from '../frame/snapshot-store.ts';
import { Button } from '../ui/button.tsx';
import { HookOutput } from './hook-output.tsx';
import { HookState } from './hook-state.tsx';
import { useHookTests } from './hook-tests-store.ts';
import styles from './hooks.module.css';
import { asProblem, LOCKED, PathField } from './path-field.tsx';
import { rowOf } from './settings-groups.ts';
import { isLocked, useSettings } from './settings-store.ts';

const DIALOG_LIMIT_MS = 3_600_000;
const ANSWER_LIMIT_MS = 10_000;
/** A hook that is tried has a minute. In ms. */
const RUN_LIMIT_MS = 90_000;

interface HookCardProps {
  readonly name: HookName;
  readonly title: string;
  readonly children?: ReactNode;
}

/** One hook: its file, what state that is in, and what it says when it is run. */
export function HookCard({ name, title, children }: HookCardProps) {
  const bridge = useBridge();
  const row = rowOf(name);
  const isEdited = useSettings(({ draft }) => draft[name] !== undefined);
  const locked = useSettings(isLocked(name));
  const file = useHookFile(bridge, name);
  const test = useHookTests(({ tests }) => tests[name]);
  const [problem, setProblem] = useState('');
  if (!row) return null;
  const create = async () => {
    const answer = await bridge.request('createHook', { name }, DIALOG_LIMIT_MS).catch(asProblem);
    setProblem(answer.problem);
    if (answer.path !== null) useSettings.getState().edit(name, answer.path);
  };
  const open = async () =>
    setProblem((await bridge.request('openHook', { name }, ANSWER_LIMIT_MS).catch(asProblem)).problem);
  const isTested = test !== undefined && test.end === undefined;
  return (
    <section className={styles.hook} aria-label={title}>
      <h3>{title}</h3>
      <PathField row={row}>
        <Button unavailable={locked ? LOCKED : undefined} onClick={() => void create()}>
          New hook…
        </Button>
      </PathField>
      {problem !== '' && (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      )}
      {children}
      <div className={styles.file}>
        {isEdited ? <p className={styles.state}>Save it to try it</p> : file && <HookState file={file} />}
        <Button unavailable={cannotOpen(file, isEdited)} onClick={() => void open()}>
          Open in editor
        </Button>
        {isTested ? (
          <Button onClick={() => bridge.command('stopHookTest', { name })}>Stop</Button>
        ) : (
          <Button unavailable={cannotTest(file, isEdited)} onClick={() => void tryHook(bridge, name)}>
            Test run
          </Button>
        )}
      </div>
      {test && <HookOutput test={test} />}
    </section>
  );
}

/** The file as it is now: looked at again when the settings changed, a job began or ended, or the window is looked at again. */
function useHookFile(bridge: Bridge, name: HookName): HookFile | undefined {
  const version = useSettings(({ settings }) => settings?.version);
  const job = useSnapshot(({ snapshot }) => snapshot && 'job' in snapshot.status && snapshot.status.job?.id);
  const [file, setFile] = useState<HookFile | undefined>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: new settings may name another file, and a job runs what is in it
  useEffect(() => {
    const look = () =>
      void bridge.request('hookFile', { name }, ANSWER_LIMIT_MS).then(setFile, () => setFile(undefined));
    look();
    window.addEventListener('focus', look);
    return () => window.removeEventListener('focus', look);
  }, [bridge, name, version, job]);
  return file;
}

/** Goes on, and is shown, whatever view is looked at meanwhile. */
async function tryHook(bridge: Bridge, name: HookName): Promise<void> {
  const { begin, end } = useHookTests.getState();
  begin(name, Date.now());
  const failed = (error: unknown) =>
    ({ outcome: 'not-run', exitCode: -1, tookMs: 0, problem: asProblem(error).problem }) as const;
  end(name, await bridge.request('testHook', { name }, RUN_LIMIT_MS).catch(failed));
}

function cannotTest(file: HookFile | undefined, isEdited: boolean): string | undefined {
  if (isEdited) return 'Save it first: what is saved is what runs';
  if (!file || file.state === 'none') return 'There is no hook to run';
  return ['missing', 'no-file', 'unreadable'].includes(file.state) ? 'There is no file that can be run' : undefined;
}

function cannotOpen(file: HookFile | undefined, isEdited: boolean): string | undefined {
  if (isEdited) return 'Save it first: what is saved is what is opened';
  return !file || ['none', 'missing', 'no-file'].includes(file.state) ? 'There is no file to open' : undefined;
}
