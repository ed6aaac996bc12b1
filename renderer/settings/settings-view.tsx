import { useEffect } from 'react';
import type { AgentSnapshot } from '../../shared/agent-snapshot.ts';
import { counted } from '../ui/words.ts';
import { ClusterCheck } from './cluster-check.tsx';
import { problemOf } from './draft.ts';
import { HooksPage } from './hooks-page.tsx';
import { PathField } from './path-field.tsx';
import { problemElsewhere, settingsProblem } from './problem-words.ts';
import { needFixing, SaveBar } from './save-bar.tsx';
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
        <ProblemElsewhere problem={settings.problem} group={group} />
        {group.id === 'Hooks' ? <HooksPage /> : <Fields rows={group.rows} />}
        {group.id === 'Kubernetes' && <ClusterCheck names={group.rows.map(({ name }) => name)} />}
        {group.id === 'App' && <SettingsFiles />}
      </section>
      <SaveBar snapshot={snapshot} />
    </section>
  );
}

/** What is wrong together, on a page without the field at which it is told. */
function ProblemElsewhere({ problem, group }: { readonly problem: string; readonly group: SettingsGroup }) {
  const told = settingsProblem(problem);
  if (problem === '' || group.rows.some(({ name }) => name === told.name)) return null;
  return (
    <p className={styles.problem} role="alert">
      {problemElsewhere(told)}
    </p>
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
  const together = useSettings((slice) => settingsProblem(slice.settings?.problem ?? '').name);
  const edited = rows.filter(({ name }) => draft[name] !== undefined).length;
  const wrong = rows.filter((row) => {
    const value = draft[row.name];
    const saved = settings?.find(({ name }) => name === row.name);
    return refused[row.name] ?? (value !== undefined ? problemOf(row, value) : row.name === together || saved?.problem);
  }).length;
  if (wrong > 0) return <Mark className={styles.wrongMark} words={needFixing(wrong)} />;
  return edited > 0 ? <Mark className={styles.editedMark} words={`${counted(edited, 'change')} not saved`} /> : null;
}

function Mark({ className, words }: { readonly className: string | undefined; readonly words: string }) {
  return <span className={className} role="img" aria-label={words} title={words} />;
}
