import { type ReactNode, useId } from 'react';
import type { Setting } from '../../shared/contract/settings.ts';
import { Button } from '../ui/button.tsx';
import type { FieldValue } from './draft.ts';
import { fieldValueOf, problemOf } from './draft.ts';
import styles from './field.module.css';
import { FieldControl } from './field-control.tsx';
import { settingsProblem } from './problem-words.ts';
import { defaultOf, helpOf, labelOf, rowOf, type SettingRow } from './settings-groups.ts';
import { forget, useSettings } from './settings-store.ts';

interface SettingFieldProps {
  readonly row: SettingRow;
  /** What stands beside the control. */
  readonly children?: ReactNode;
}

/** One setting: what it is, what it does, where its value comes from, and the way to change it. */
export function SettingField({ row, children }: SettingFieldProps) {
  const id = useId();
  const setting = useSettings(({ settings }) => settings?.settings.find(({ name }) => name === row.name));
  const draft = useSettings((slice) => slice.draft[row.name]);
  const refused = useSettings((slice) => slice.refused[row.name]);
  const together = useSettings((slice) => togetherAt(row, slice.settings?.problem ?? ''));
  const edit = useSettings((slice) => slice.edit);
  if (!setting) return null;
  const value = shownValue(row, setting, draft);
  const problem = refused ?? (draft !== undefined ? problemOf(row, draft) : (setting.problem ?? together));
  return (
    <div className={`${styles.field} ${row.type === 'flag' ? styles.flag : ''}`}>
      <label htmlFor={id} className={styles.label}>
        {labelOf(row.name)}
      </label>
      <Origin setting={setting} isEdited={draft !== undefined} />
      <div className={styles.control}>
        <FieldControl
          id={id}
          row={row}
          value={value}
          isSet={setting.isSet}
          isLocked={setting.locked}
          describedBy={`${id}-help${problem ? ` ${id}-problem` : ''}`}
          isWrong={problem !== undefined}
          onEdit={(next) => edit(row.name, next)}
        />
        {children}
      </div>
      {problem && (
        <p id={`${id}-problem`} className={styles.problem} role="alert">
          {problem}
        </p>
      )}
      <p id={`${id}-help`} className={styles.help}>
        {helpOf(row)} <code>{row.name}</code>
      </p>
    </div>
  );
}

/** What is wrong of several settings together, where that is told at this one. */
function togetherAt(row: SettingRow, problem: string): string | undefined {
  const { name, text } = settingsProblem(problem);
  return name === row.name ? text : undefined;
}

function shownValue(row: SettingRow, { value }: Setting, draft: FieldValue | undefined): string | boolean {
  if (draft === undefined) return fieldValueOf(value ?? (row.type === 'flag' ? defaultOf(row) : undefined));
  return draft ?? fieldValueOf(defaultOf(row));
}

/**
 * Where the value comes from, when that is not here: then it cannot be changed here either. Else the way back: to what is saved,
 * or from that to the default.
 */
function Origin({ setting, isEdited }: { readonly setting: Setting; readonly isEdited: boolean }) {
  const { name, origin, locked } = setting;
  const label = labelOf(name as SettingRow['name']);
  if (isEdited)
    return (
      <span className={styles.edited}>
        Not saved
        <Button look="link" aria-label={`Undo the change of “${label}”`} onClick={() => forget(name)}>
          Undo
        </Button>
      </span>
    );
  if (locked)
    return (
      <span className={styles.origin} title={`${origin.where} overrides what is set here`}>
        {`Set by ${origin.where}`}
      </span>
    );
  // What has to be there has no default to go back to.
  const row = rowOf(name);
  if (origin.source !== 'saved' || !row || row.required) return null;
  const isNothing = fieldValueOf(row.default) === '';
  const words = isNothing && row.name !== 'name' ? 'Clear' : 'Use the default';
  return (
    <Button
      look="link"
      className={styles.reset}
      aria-label={`${words === 'Clear' ? words : `${words} of`} “${label}”`}
      onClick={() => useSettings.getState().edit(name, null)}
    >
      {words}
    </Button>
  );
}
