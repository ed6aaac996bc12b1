import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DESKTOP_DEFAULTS } from '../../../shared/options/desktop-defaults.ts';
import { loadConfig } from '../../agent/config/config.ts';
import { changedBy, problemsOf, SETTINGS, settingsForm } from './settings-form.ts';
import { changesFromYaml, settingsAsYaml } from './settings-yaml.ts';

/** Every setting there is, with another value than its default. */
const examples: Readonly<Record<string, unknown>> = Object.fromEntries(
  SETTINGS.map(({ name, example }) => [name, example]),
);
/** The file of authorities that the example names is nobody's: there is one all the same. */
const readFile = (path: string) =>
  path === examples['ca-file'] ? (rootCertificates[0] ?? '') : readFileSync(path, 'utf8');
const all = { withToken: true, reader: 'signalbox' } as const;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'settings-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const written = (text: string) => {
  const path = join(folder, 'settings.yaml');
  writeFileSync(path, text);
  return path;
};

describe('settings as a file', () => {
  it('come back as they went, every one of them', () => {
    const path = written(settingsAsYaml(examples, all).text);
    expect(changesFromYaml(path, readFile)).toEqual({ ok: true, changes: { ...DESKTOP_DEFAULTS, ...examples } });
  });

  it('are taken by signalbox start, every one of them', () => {
    const env = {
      SEMAPHORE_AGENT_CONFIG_FILE: written(settingsAsYaml(examples, all).text),
      [String(examples['name-from-env'])]: String(examples.name),
    };
    const loaded = loadConfig({ command: 'start', flags: [], env, readFile });
    expect(loaded).toMatchObject({ ok: true });
    const values: Readonly<Record<string, unknown>> = loaded.ok ? loaded.config.values : {};
    for (const { name, commands } of SETTINGS)
      if (commands.includes('start')) expect(values[name], name).toEqual(examples[name]);
  });

  it('hold no key that the reference agent refuses where they are for it, and tell what that costs', () => {
    const { text, leftOut } = settingsAsYaml({ ...examples }, { withToken: false, reader: 'reference-agent' });
    const kept = Object.keys(changesOf(written(text)));
    expect(kept).toContain('pre-job-hook-path');
    expect(kept).not.toContain('token');
    expect([...kept, ...leftOut, 'token'].sort()).toEqual(Object.keys({ ...DESKTOP_DEFAULTS, ...examples }).sort());
    expect(leftOut).toContain('forked-pull-requests');
    expect(text).toContain('# Not for the reference agent: ');
  });

  it('let no more in elsewhere than they do here', () => {
    expect(settingsAsYaml({}, all).text).toContain('forked-pull-requests: refuse');
  });

  it('are refused with one line where they are none', () => {
    expect(changesFromYaml(written('nmae: x\n'), readFile)).toMatchObject({
      ok: false,
      problem: expect.stringContaining('unknown option "nmae" (did you mean name?)'),
    });
  });
});

describe('settings in the window', () => {
  const sources = { env: { SEMAPHORE_AGENT_NAME: 'from-variable' }, saved: { name: 'saved-one', token: 'the-token' } };

  it('say where they come from and never hold the token', () => {
    const { settings } = settingsForm(sources);
    const of = (name: string) => settings.find((setting) => setting.name === name);
    expect(of('name')).toMatchObject({ value: 'from-variable', locked: true, origin: { source: 'variable' } });
    expect(of('token')).toMatchObject({ isSet: true, locked: false, origin: { source: 'saved' } });
    expect(of('forked-pull-requests')).toMatchObject({ value: 'refuse', isSet: false, origin: { source: 'default' } });
    expect(JSON.stringify(settings)).not.toContain('the-token');
  });

  it('are checked one by one, and together', () => {
    const saved = { endpoint: 'acme.semaphoreci.com', token: 't' };
    const problems = (changes: Parameters<typeof problemsOf>[0]) => problemsOf(changes, { env: {}, saved });
    expect(problems({ 'quiet-hours': '25:00-07:00' })).toEqual([
      { name: 'quiet-hours', problem: 'allowed is HH:MM-HH:MM' },
    ]);
    expect(problems({ nothing: 1 })).toEqual([{ name: 'nothing', problem: 'there is no such setting' }]);
    expect(problems({ name: 'short' })).toMatchObject([{ name: 'name' }]);
    expect(problems({ 'job-id': 'j' })).toMatchObject([{ name: 'job-id' }]);
    expect(problems({ 'quiet-hours': '22:00-07:00', name: 'long-enough' })).toEqual([]);
    expect(problemsOf({ 'keep-awake': false }, { env: {}, saved: {} })).toEqual([]);
  });

  it('change where they differ', () => {
    const names = changedBy({ name: 'saved-one', files: ['/a:/b'], token: null }, sources.saved).map(
      ({ name }) => name,
    );
    expect(names).toEqual(['token', 'files']);
  });
});

function changesOf(path: string): Readonly<Record<string, unknown>> {
  const read = changesFromYaml(path, readFile);
  return read.ok ? read.changes : {};
}
