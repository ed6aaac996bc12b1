import { expect, it } from 'vitest';
import { optionsOf } from '../../shared/options/index.ts';
import { labelOf, SETTINGS_GROUPS } from './settings-groups.ts';

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
