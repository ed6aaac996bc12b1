import { useEffect } from 'react';
import type { AgentSnapshot } from '../../shared/agent-snapshot.ts';
import { counted } from '../ui/words.ts';
import { ClusterCheck } from './cluster-check.tsx';
import { problemOf } from './draft.ts';
import { HooksPage } from './hooks-page.tsx';
import { PathField } from './path-field.tsx';
import { SaveBar } from './save-bar.tsx';
import { SettingField } from './setting-field.tsx';
import styles from './settings.module.css';
import { SettingsFiles } from './settings-files.tsx';
import { SETTINGS_GROUPS, type SettingsGroup } from './settings-groups.ts';
import { forgetOutcome, useSettings } from './settings-store.ts';

/** The settings, a page for each kind of them. */
export function SettingsView({ snapshot }: { readonly snapshot: AgentSnapshot }) {
  const { settings, group: shown } = useSettings();
  useEffect(() => forgetOutcome, []);
  const group = SETTINGS_GROUPS.find(({ id }) => id === shown) ?? SETTINGS_GROUPS[0];
  if (!settings || !group) return <section className={styles.settings} aria-label="Settings" />;
  return (
    <section className={styles.settings} aria-label="Settings">
      <Pages shown={group.id} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section className={styles.page} tabIndex={0} aria-label={group.id}>
        <h2 className={styles.title}>{group.id}</h2>
        {settings.problem !== '' && (
          <p className={styles.problem} role="alert">
            {settings.problem}
          </p>
        )}
        {group.id === 'Hooks' ? <HooksPage /> : <Fields rows={group.rows} />}
        {group.id === 'Kubernetes' && <ClusterCheck names={group.rows.map(({ name }) => name)} />}
        {group.id === 'App' && <SettingsFiles />}
      </section>
      <SaveBar snapshot={snapshot} />
    </section>
  );
}

function Fields({ rows }: Pick<SettingsGroup, 'rows'>) {
  return rows.map((row) =>
    row.type === 'path' ? <PathField key={row.name} row={row} /> : <SettingField key={row.name} row={row} />,
  );
}

function Pages({ shown }: { readonly shown: string }) {
  return (
    <nav className={styles.pages} aria-label="Kinds of settings">
      {SETTINGS_GROUPS.map((group) => (
        <button
          key={group.id}
          type="button"
          aria-current={group.id === shown ? 'true' : undefined}
          onClick={() => {
            forgetOutcome();
            useSettings.setState({ group: group.id });
          }}
        >
          {group.id}
          <Marks group={group} />
        </button>
      ))}
    </nav>
  );
}

/** Of a page: that something there is wrong, or is not saved. */
function Marks({ group: { rows } }: { readonly group: SettingsGroup }) {
  const draft = useSettings((slice) => slice.draft);
  const settings = useSettings((slice) => slice.settings?.settings);
  const refused = useSettings((slice) => slice.refused);
  const edited = rows.filter(({ name }) => draft[name] !== undefined).length;
  const wrong = rows.filter((row) => {
    const value = draft[row.name];
    const saved = settings?.find(({ name }) => name === row.name);
    return refused[row.name] ?? (value === undefined ? saved?.problem : problemOf(row, value));
  }).length;
  if (wrong > 0) return <span className={styles.wrongMark} role="img" aria-label={`${counted(wrong, 'problem')}`} />;
  return edited > 0 ? (
    <span className={styles.editedMark} role="img" aria-label={`${counted(edited, 'change')} not saved`} />
  ) : null;
}
