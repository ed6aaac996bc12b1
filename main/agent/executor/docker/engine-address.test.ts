import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { engineAddresses, triedInWords } from './engine-address.ts';
import { engineSocketOf } from './engine-socket.ts';

const contextFolder = `/home/me/.docker/contexts/meta/${createHash('sha256').update('colima').digest('hex')}`;

function addresses(
  env: Record<string, string>,
  files: Record<string, string> = {},
  platform: NodeJS.Platform = 'linux',
) {
  return engineAddresses({ env, home: '/home/me', platform, readFile: (path) => files[path] });
}

describe('where an engine is looked for', () => {
  it('is what DOCKER_HOST says, and nothing else', () => {
    expect(addresses({ DOCKER_HOST: 'unix:///run/my.sock' })).toEqual([
      { at: { socketPath: '/run/my.sock' }, origin: 'DOCKER_HOST' },
    ]);
    expect(addresses({ DOCKER_HOST: 'tcp://build-box:2375' })).toEqual([
      { at: { host: 'build-box', port: 2375 }, origin: 'DOCKER_HOST' },
    ]);
    expect(addresses({ DOCKER_HOST: 'npipe:////./pipe/docker_engine' }, {}, 'win32')).toEqual([
      { at: { socketPath: '//./pipe/docker_engine' }, origin: 'DOCKER_HOST' },
    ]);
  });

  it('is spoken to with the certificates that go with it', () => {
    const files = { '/certs/ca.pem': 'CA', '/certs/cert.pem': 'CERT', '/certs/key.pem': 'KEY' };
    const env = { DOCKER_HOST: 'tcp://build-box', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/certs' };
    expect(addresses(env, files)).toEqual([
      { at: { host: 'build-box', port: 2376 }, tls: { ca: 'CA', cert: 'CERT', key: 'KEY' }, origin: 'DOCKER_HOST' },
    ]);
  });

  it.each(['ssh://me@box', 'nonsense', 'tcp://:::', ''.padEnd(5, '/')])('says why %s cannot be used', (host) => {
    const [only, ...others] = addresses({ DOCKER_HOST: host });
    expect(others).toEqual([]);
    expect(only).toEqual({ origin: 'DOCKER_HOST', problem: expect.stringMatching(/^\S.*\S$/) });
  });

  it('is the current context, then the usual sockets', () => {
    const files = {
      '/home/me/.docker/config.json': '{"currentContext": "colima"}',
      [`${contextFolder}/meta.json`]: '{"Endpoints": {"docker": {"Host": "unix:///home/me/.colima/x.sock"}}}',
    };
    const found = addresses({ XDG_RUNTIME_DIR: '/run/user/7' }, files);
    expect(found[0]).toEqual({ at: { socketPath: '/home/me/.colima/x.sock' }, origin: 'the docker context "colima"' });
    const sockets = found.slice(1).map(({ origin }) => origin);
    expect(sockets).toEqual(
      expect.arrayContaining([
        '/var/run/docker.sock',
        '/run/user/7/docker.sock',
        '/run/user/7/podman/podman.sock',
        '/home/me/.docker/run/docker.sock',
        '/home/me/.docker/desktop/docker.sock',
        '/home/me/.orbstack/run/docker.sock',
        '/home/me/.colima/default/docker.sock',
      ]),
    );
  });

  it.each([['not JSON'], ['{"currentContext": 7}'], ['[]'], ['null']])(
    'passes over a broken configuration: %s',
    (text) => {
      expect(addresses({}, { '/home/me/.docker/config.json': text })[0]).toMatchObject({
        origin: '/var/run/docker.sock',
      });
    },
  );

  it('is told shortly where there is none: sockets that are nowhere by whose they are', () => {
    expect(triedInWords(['DOCKER_HOST (no answer)'], [])).toBe('Tried DOCKER_HOST (no answer)');
    expect(triedInWords([], ['Docker', 'Colima'])).toBe('There is no socket of Docker, Colima');
    expect(triedInWords(['/var/run/docker.sock (permission denied)'], ['Podman'])).toBe(
      'Tried /var/run/docker.sock (permission denied); there is no socket of Podman',
    );
    expect(new Set(addresses({}).map((address) => 'usualOf' in address && address.usualOf))).toEqual(
      new Set(['Docker', 'Docker Desktop', 'OrbStack', 'Colima', 'Rancher Desktop', 'Podman']),
    );
  });

  it('tells of a context that leads nowhere', () => {
    expect(addresses({ DOCKER_CONTEXT: 'gone' })[0]).toEqual({
      origin: 'the docker context "gone"',
      problem: 'it has no address; see docker context ls',
    });
  });
});

describe("the engine's socket, as a job is given it", () => {
  it.each([
    ['/run/user/1000/docker.sock', 'linux', '/run/user/1000/docker.sock'],
    ['/home/me/.docker/desktop/docker.sock', 'linux', '/var/run/docker.sock'],
    ['/Users/me/.docker/run/docker.sock', 'darwin', '/var/run/docker.sock'],
  ] as const)('%s on %s is %s', (socketPath, platform, seen) => {
    expect(engineSocketOf({ at: { socketPath }, origin: '' }, platform)).toBe(seen);
  });

  it('of an engine on another host is where engines have it', () => {
    expect(engineSocketOf({ at: { host: 'box', port: 2375 }, origin: '' }, 'linux')).toBe('/var/run/docker.sock');
  });
});
