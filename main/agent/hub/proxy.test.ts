import { describe, expect, it } from 'vitest';
import { routeTo } from './proxy.ts';

const route = (url: string, env: Record<string, string>) => {
  const found = routeTo(new URL(url), env);
  return found.kind === 'proxy' ? [found.url, found.authorization].filter(Boolean).join(' ') : found.kind;
};
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

describe('the way to a server', () => {
  it.each<[string, string, Record<string, string>, string]>([
    ['is straight without a proxy', 'https://a.test/', {}, 'direct'],
    ['goes through the proxy for its kind', 'https://a.test/', { HTTPS_PROXY: 'http://p:1' }, 'http://p:1'],
    ['of plain HTTP has a proxy of its own', 'http://a.test/', { HTTPS_PROXY: 'http://p:1' }, 'direct'],
    ['of plain HTTP goes through that one', 'http://a.test/', { http_proxy: 'http://p:2' }, 'http://p:2'],
    [
      'follows small letters first',
      'https://a.test/',
      { https_proxy: 'http://s', HTTPS_PROXY: 'http://c' },
      'http://s',
    ],
    ['takes an empty variable for none', 'https://a.test/', { HTTPS_PROXY: '' }, 'direct'],
    ['understands a proxy without a scheme', 'https://a.test/', { HTTPS_PROXY: 'p:3128' }, 'http://p:3128'],
    [
      'tells who we are',
      'https://a.test/',
      { HTTPS_PROXY: 'http://me:s%40crt@p:1/' },
      `http://p:1 ${basic('me:s@crt')}`,
    ],
    ['tells it without a password', 'https://a.test/', { HTTPS_PROXY: 'http://me@p:1' }, `http://p:1 ${basic('me:')}`],
    [
      'takes a lone % as it is',
      'https://a.test/',
      { HTTPS_PROXY: 'http://me:50%@p:1' },
      `http://p:1 ${basic('me:50%')}`,
    ],
    ['does not go to a proxy that is none', 'https://a.test/', { HTTPS_PROXY: 'http://' }, 'unusable'],
    ['knows no other kind of proxy', 'https://a.test/', { HTTPS_PROXY: 'gopher://p:1' }, 'unusable'],
    ['finds a proxy by its address in IPv6', 'https://a.test/', { HTTPS_PROXY: '[fd00::2]:8' }, 'http://[fd00::2]:8'],
    ['finds a proxy that speaks TLS', 'https://a.test/', { https_proxy: 'https://p:1' }, 'https://p:1'],
    ['to this machine is straight', 'https://127.0.0.1:8/', { HTTPS_PROXY: 'http://p:1' }, 'direct'],
    ['to this machine by name is straight', 'https://localhost/', { HTTPS_PROXY: 'http://p:1' }, 'direct'],
    ['to this machine in IPv6 is straight', 'https://[::1]:8/', { HTTPS_PROXY: 'http://p:1' }, 'direct'],
  ])('%s', (_name, url, env, expected) => {
    expect(route(url, env)).toBe(expected);
  });

  it.each<[list: string, url: string, expected: string]>([
    ['*', 'https://a.test/', 'direct'],
    ['a.test', 'https://a.test/', 'direct'],
    ['A.TEST', 'https://a.test/', 'direct'],
    ['a.test', 'https://sub.a.test/', 'direct'],
    ['.a.test', 'https://sub.a.test/', 'direct'],
    ['*.a.test', 'https://sub.a.test/', 'direct'],
    ['a.test', 'https://nota.test/', 'http://p:1'],
    ['b.test, a.test', 'https://a.test/', 'direct'],
    ['b.test a.test', 'https://a.test/', 'direct'],
    ['a.test:444', 'https://a.test/', 'http://p:1'],
    ['a.test:443', 'https://a.test/', 'direct'],
    ['10.0.0.0/8', 'https://10.1.2.3/', 'direct'],
    ['10.0.0.0/8', 'https://11.1.2.3/', 'http://p:1'],
    ['10.0.0.0/99', 'https://10.1.2.3/', 'http://p:1'],
    ['nonsense/8', 'https://10.1.2.3/', 'http://p:1'],
    ['fd00::/8', 'https://[fd00::1]/', 'direct'],
    ['fd00::1', 'https://[fd00::1]/', 'direct'],
    ['[fd00::1]:444', 'https://[fd00::1]:444/', 'direct'],
    ['[fd00::1]:444', 'https://[fd00::1]/', 'http://p:1'],
    ['::ffff:10.0.0.1', 'https://10.0.0.2/', 'http://p:1'],
    ['10.0.0.1', 'https://10.0.0.1:8443/', 'direct'],
    ['10.0.0.1', 'https://10.0.0.10/', 'http://p:1'],
    ['fd00::/8', 'https://10.1.2.3/', 'http://p:1'],
    ['10.0.0.0/-1,10.0.0.0/', 'https://10.0.0.1/', 'http://p:1'],
    [',', 'https://a.test/', 'http://p:1'],
    ['  a.test  ', 'https://a.test/', 'direct'],
    ['.', 'https://a.test/', 'http://p:1'],
  ])('with NO_PROXY=%s: %s', (list, url, expected) => {
    expect(route(url, { HTTPS_PROXY: 'http://p:1', NO_PROXY: list })).toBe(expected);
  });
});
