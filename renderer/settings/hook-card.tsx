import { type ReactNode, useEffect, useState } from 'react';
import type { HookFile, HookName, HookRun } from '../../shared/contract/settings.ts';
import type { Bridge } from '../bridge.ts';
import { useBridge } from '../bridge-context.ts';
import { Button } from '../ui/button.tsx';
import { HookOutput } from './hook-output.tsx';
import { SettingField } from './setting-field.tsx';
import styles from './settings.module.css';
import { rowOf } from './settings-groups.ts';
import { useSettings } from './settings-store.ts';

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
  const isLocked = useSettings(({ settings }) => settings?.settings.find((one) => one.name === name)?.locked ?? true);
  const file = useHookFile(bridge, name);
  const [run, setRun] = useState<HookRun | 'running' | undefined>();
  const [problem, setProblem] = useState('');
  if (!row) return null;
  const put = async (ask: 'pickPath' | 'createHook') => {
    const answer = await bridge.request(ask, { name }, DIALOG_LIMIT_MS).catch(asProblem);
    setProblem(answer.problem);
    if (answer.path !== null) useSettings.getState().edit(name, answer.path);
  };
  const test = async () => {
    setRun('running');
    setRun(await bridge.request('testHook', { name }, RUN_LIMIT_MS).catch(asRun));
  };
  return (
    <section className={styles.hook} aria-label={title}>
      <h3>{title}</h3>
      <SettingField row={row}>
        <Button unavailable={isLocked ? LOCKED : undefined} onClick={() => void put('pickPath')}>
          Choose…
        </Button>
        <Button unavailable={isLocked ? LOCKED : undefined} onClick={() => void put('createHook')}>
          New hook…
        </Button>
        <Button unavailable={cannotTest(file, isEdited, run === 'running')} onClick={() => void test()}>
          Test run
        </Button>
      </SettingField>
      {problem !== '' && <p className={styles.problem}>{problem}</p>}
      {file && !isEdited && <FileState file={file} />}
      {children}
      {run && <HookOutput run={run} />}
    </section>
  );
}

const LOCKED = 'A flag, a variable or a file sets it';

/** The file as it is now; looked at again when the settings changed, and when the window is looked at again. */
function useHookFile(bridge: Bridge, name: HookName): HookFile | undefined {
  const version = useSettings(({ settings }) => settings?.version);
  const [file, setFile] = useState<HookFile | undefined>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: new settings may name another file
  useEffect(() => {
    const look = () =>
      void bridge.request('hookFile', { name }, ANSWER_LIMIT_MS).then(setFile, () => setFile(undefined));
    look();
    window.addEventListener('focus', look);
    return () => window.removeEventListener('focus', look);
  }, [bridge, name, version]);
  return file;
}

function cannotTest(file: HookFile | undefined, isEdited: boolean, isRunning: boolean): string | undefined {
  if (isEdited) return 'Save it first: what is saved is what runs';
  if (isRunning) return 'It is running';
  return !file || file.state === 'none' ? 'There is no hook to run' : undefined;
}

const STATES: Readonly<Record<HookFile['state'], { readonly sign: string; readonly words: string }>> = {
  none: { sign: '–', words: 'None: nothing runs then' },
  missing: { sign: '✗', words: 'There is no such file' },
  'no-file': { sign: '✗', words: 'It is not a file' },
  unreadable: { sign: '✗', words: 'It cannot be read' },
  'not-executable': { sign: '✓', words: 'Found and readable; not executable, which it need not be' },
  fine: { sign: '✓', words: 'Found, readable and executable' },
};

function FileState({ file: { state, owner, writableByOthers } }: { readonly file: HookFile }) {
  const { sign, words } = STATES[state];
  return (
    <p className={sign === '✗' ? styles.problem : styles.state}>
      {`${sign} ${words}${owner === '' ? '' : ` · owned by ${owner}`}`}
      {writableByOthers && <strong className={styles.warning}> · other users of this computer can change it</strong>}
    </p>
  );
}

function asProblem(error: unknown) {
  return { path: null, problem: error instanceof Error ? error.message : 'It failed' };
}

function asRun(error: unknown): HookRun {
  return { outcome: 'not-run', exitCode: -1, output: '', tookMs: 0, ...asProblem(error) };
}
