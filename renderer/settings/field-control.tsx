import styles from './field.module.css';
import type { SettingRow } from './settings-groups.ts';
import { useSettings } from './settings-store.ts';

interface FieldControlProps {
  readonly id: string;
  readonly row: SettingRow;
  readonly value: string | boolean;
  /** Of a secret: there is one, which is never shown. */
  readonly isSet: boolean;
  readonly isLocked: boolean;
  readonly isWrong: boolean;
  readonly describedBy: string;
  readonly onEdit: (value: string | boolean) => void;
}

/** The control that fits an option's type. */
export function FieldControl(props: FieldControlProps) {
  const { id, row, value, isLocked, isWrong, describedBy, onEdit } = props;
  const common = { id, disabled: isLocked, 'aria-describedby': describedBy, 'aria-invalid': isWrong || undefined };
  const onChange = ({ target }: { readonly target: { readonly value: string } }) => onEdit(target.value);
  const text = typeof value === 'string' ? value : '';
  switch (row.type) {
    case 'flag':
      return (
        <input {...common} type="checkbox" checked={value === true} onChange={({ target }) => onEdit(target.checked)} />
      );
    case 'choice':
      return (
        <select {...common} value={text} onChange={onChange}>
          {row.choices.map((choice) => (
            <option key={choice} value={choice}>
              {sentence(choice)}
            </option>
          ))}
        </select>
      );
    case 'list':
      return (
        <textarea
          {...common}
          className={styles.list}
          rows={Math.min(8, Math.max(2, text.split('\n').length))}
          placeholder={`One per line, for example\n${row.example[0]}`}
          spellCheck={false}
          value={text}
          onChange={onChange}
        />
      );
    case 'secret':
      return <Secret {...props} />;
    case 'number':
      return (
        <>
          <input
            {...common}
            type="text"
            className={styles.number}
            inputMode="numeric"
            spellCheck={false}
            value={text}
            onChange={onChange}
          />
          <span className={styles.unit}>{UNITS[row.placeholder ?? '']}</span>
        </>
      );
    default:
      return (
        <input
          {...common}
          type="text"
          className={styles.text}
          placeholder={row.type === 'path' ? '' : `For example ${row.example}`}
          spellCheck={false}
          value={text}
          onChange={onChange}
        />
      );
  }
}

/** What numbers count, by what stands for them in help texts. */
const UNITS: Readonly<Record<string, string>> = { SECONDS: 'seconds', PERCENT: '%', MEGABYTES: 'MB' };

/** A secret is written and never read: what is there shows as dots of no length. */
function Secret({ id, value, isSet, isLocked, describedBy, isWrong, onEdit }: FieldControlProps) {
  const store = useSettings(({ settings }) => settings?.secretStore);
  return (
    <>
      <input
        id={id}
        type="password"
        className={styles.text}
        disabled={isLocked}
        autoComplete="off"
        placeholder={isSet ? '•••••••• is set; type to replace it' : 'Not set'}
        value={typeof value === 'string' ? value : ''}
        aria-describedby={describedBy}
        aria-invalid={isWrong || undefined}
        onChange={({ target }) => onEdit(target.value)}
      />
      {store === 'none' && (
        <span className={styles.note}>
          This system keeps no secrets: it is saved in your profile, readable for programs of yours.
        </span>
      )}
    </>
  );
}

function sentence(choice: string): string {
  const words = choice.replaceAll('-', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
