import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SecretStore } from '../secrets/secret-store.ts';
import { SettingsStore } from './settings-store.ts';

/** Behaves as a system's store does: what it keeps is another text, and a locked one opens nothing. */
const secretStore = (locked = false): SecretStore => ({
  kind: 'system',
  seal: async (text) => ({ kept: 'encrypted', text: Buffer.from(text).reverse().toString('base64') }),
  open: async ({ text }) => (locked ? undefined : Buffer.from(text, 'base64').reverse().toString()),
});

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'settings-'));
  path = join(folder, 'settings.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const open = (secrets = secretStore()) => SettingsStore.open({ path, secrets, now: () => new Date(0) });

describe('the saved settings', () => {
  it('are there at the next start, for their owner alone, without the token in the clear', async () => {
    const store = await open();
    await store.change({ endpoint: 'acme.semaphoreci.com', token: 'the-token', 'env-vars': ['A=1'] });
    const values = { endpoint: 'acme.semaphoreci.com', token: 'the-token', 'env-vars': ['A=1'] };
    expect(store.values).toEqual(values);
    expect((await open()).values).toEqual(values);
    expect(readFileSync(path, 'utf8')).not.toContain('the-token');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('lose no change, however fast they come', async () => {
    const store = await open();
    await Promise.all(Array.from({ length: 20 }, (_, n) => store.change({ [`key-${n}`]: n })));
    expect(Object.keys((await open()).values)).toHaveLength(20);
  });

  it('go back to the default', async () => {
    const store = await open();
    await store.change({ name: 'agent-one', token: 'the-token' });
    await store.change({ name: null, token: null });
    expect(store.values).toEqual({});
    expect((await open()).values).toEqual({});
  });

  it.each([
    ['no JSON', '{"version": 1, '],
    ['another form', '{"version": 1, "values": []}'],
    ['a newer version', '{"version": 2, "values": {"name": "later"}}'],
  ])('are set aside where they are %s, and nothing in them is lost', async (_name, text) => {
    writeFileSync(path, text);
    const store = await open();
    const aside = `${path}.broken-1970-01-01T00-00-00-000Z`;
    expect(store.notice).toBe(`The settings could not be read and were set aside as ${aside}: defaults are used`);
    await store.change({ name: 'agent-one' });
    expect(readFileSync(aside, 'utf8')).toBe(text);
    expect((await open()).values).toEqual({ name: 'agent-one' });
  });

  it('are not written over where they cannot be read', async () => {
    mkdirSync(path);
    const store = await open();
    expect(store.notice).toMatch(/cannot be read \(EISDIR\): defaults are used, and nothing can be saved$/);
    await expect(store.change({ name: 'agent-one' })).rejects.toThrow('nothing can be saved');
    expect(readdirSync(folder)).toEqual(['settings.json']);
  });

  it('say that the key store does not open the token, and keep it for when it does', async () => {
    await (await open()).change({ token: 'the-token' });
    const locked = await open(secretStore(true));
    expect(locked.notice).toMatch(/^The saved token cannot be opened/);
    await locked.change({ name: 'agent-one' });
    expect((await open()).values).toEqual({ name: 'agent-one', token: 'the-token' });
  });
});
