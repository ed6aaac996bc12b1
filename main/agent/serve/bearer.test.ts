import { generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { expect, it } from 'vitest';
import { systemClock } from '../platform/clock.ts';
import { isAuthorised } from './bearer.ts';

const SECRET = new TextEncoder().encode('a-secret-for-tests');
const OTHER = new TextEncoder().encode('another-secret');
const NOW_S = Math.floor(Date.now() / 1_000);
const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

const signed = (algorithm: string, claims = {}, key: Parameters<SignJWT['sign']>[0] = SECRET) =>
  new SignJWT(claims).setProtectedHeader({ alg: algorithm }).sign(key);
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const unsigned = `${part({ alg: 'none' })}.${part({})}.`;
const isLetIn = (header: string | undefined) => isAuthorised(header, SECRET, systemClock);

it.each<[string, () => Promise<string>]>([
  ['HS256', () => signed('HS256')],
  ['HS384', () => signed('HS384')],
  ['HS512', () => signed('HS512')],
  ['any claims', () => signed('HS256', { sub: 'somebody', aud: 'else', iss: 'who' })],
  ['an end that is to come', () => signed('HS256', { exp: NOW_S + 60 })],
])('lets in a token with %s', async (_, sign) => {
  expect(await isLetIn(`Bearer ${await sign()}`)).toBe(true);
});

it.each<[string, () => Promise<string> | string]>([
  ['of another secret', () => signed('HS256', {}, OTHER)],
  ['that has expired', () => signed('HS256', { exp: NOW_S - 60 })],
  ['that begins later', () => signed('HS256', { nbf: NOW_S + 600 })],
  ['without a signature', () => unsigned],
  ['with its signature cut off', async () => (await signed('HS256')).replace(/[^.]+$/, '')],
  ['signed with RS256', () => signed('RS256', {}, RSA)],
  ['that is none', () => 'not.a.token'],
  ['that is the secret itself', () => 'a-secret-for-tests'],
  ['that is empty', () => ''],
])('refuses a token %s', async (_, sign) => {
  expect(await isLetIn(`Bearer ${await sign()}`)).toBe(false);
});

it('takes the scheme in any case, no other one, and only one token', async () => {
  const token = await signed('HS256');
  expect(await isLetIn(`bearer ${token}`)).toBe(true);
  for (const header of [undefined, '', token, `Basic ${token}`, `Token ${token}`, `Bearer ${token} ${token}`])
    expect(await isLetIn(header), header?.split(' ')[0]).toBe(false);
});
