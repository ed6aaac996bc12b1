import { type ReactNode, useState } from 'react';
import { useBridge } from '../bridge-context.ts';
import { Button } from '../ui/button.tsx';
import { SettingField } from './setting-field.tsx';
import styles from './settings.module.css';
import type { SettingRow } from './settings-groups.ts';
import { isLocked, useSettings } from './settings-store.ts';

const DIALOG_LIMIT_MS = 3_600_000;

/** Why a setting cannot be changed here. */
export const LOCKED = 'A flag, a variable or a file sets it';

interface PathFieldProps {
  readonly row: SettingRow;
  /** Other ways to a path, beside the one that is always there. */
  readonly children?: ReactNode;
}

/** A setting that is a path, which can be picked in a dialog of the system's. */
export function PathField({ row, children }: PathFieldProps) {
  const bridge = useBridge();
  const locked = useSettings(isLocked(row.name));
  const [problem, setProblem] = useState('');
  const pick = async () => {
    const answer = await bridge.request('pickPath', { name: row.name }, DIALOG_LIMIT_MS).catch(asProblem);
    setProblem(answer.problem);
    if (answer.path !== null) useSettings.getState().edit(row.name, answer.path);
  };
  return (
    <>
      <SettingField row={row}>
        <Button unavailable={locked ? LOCKED : undefined} onClick={() => void pick()}>
          Choose…
        </Button>
        {children}
      </SettingField>
      {problem !== '' && (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      )}
    </>
  );
}

/** What a dialog of main's gives where it could not be shown. */
export function asProblem(error: unknown) {
  return { path: null, problem: error instanceof Error ? error.message : 'It failed' };
}
