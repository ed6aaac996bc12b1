import { expect, it } from 'vitest';
import { optionsOf } from '../../shared/options/index.ts';
import { defaultOf, helpOf, labelOf, rowOf, SETTINGS_GROUPS, type SettingRow } from './settings-groups.ts';

it('has every option of the agent and of the app in one place, but for two', () => {
  const shown = SETTINGS_GROUPS.flatMap(({ rows }) => rows.map(({ name }) => name));
  const all = new Set([...optionsOf('start'), ...optionsOf('app')].map(({ name }) => name));
  expect(new Set(shown).size).toBe(shown.length);
  expect([...all].filter((name) => !shown.includes(name)).sort()).toEqual(['config-file', 'name-from-env']);
  expect(shown.filter((name) => !all.has(name))).toEqual([]);
});

it('calls every option by a name that begins with a capital', () => {
  const labels = SETTINGS_GROUPS.flatMap(({ rows }) => rows.map(({ name }) => labelOf(name)));
  expect(labels.filter((label) => !/^\p{Lu}/u.test(label))).toEqual([]);
  expect(labelOf('allowed-branches')).toBe('Allowed branches');
});

it.each([
  ['forked-pull-requests', 'refuse'],
  ['mount-engine-socket', false],
  ['kubernetes-pod-start-timeout', 300],
  ['files', []],
] as const)('goes back to what the app begins with: %s', (name, begins) => {
  expect(defaultOf(rowOf(name) as SettingRow)).toEqual(begins);
});

it('helps in whole sentences of the window’s own, without what only the command line has', () => {
  const rows = SETTINGS_GROUPS.flatMap((group) => group.rows);
  expect(rows.filter(({ windowHelp }) => windowHelp === undefined).map(({ name }) => name)).toEqual([]);
  const helps = rows.map(helpOf);
  expect(
    helps.filter((help) => !/^\p{Lu}[^.].*\.$/u.test(help) || / flag\b|--|`|app's default|standard output/.test(help)),
  ).toEqual([]);
});
