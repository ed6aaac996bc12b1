import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agentEnvironment } from './agent-environment.ts';
import { autostartEntry } from './autostart-entry.ts';
import { loginPath } from './login-path.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'login-'));
});
afterEach(() => rmSync(home, { recursive: true }));

describe('the PATH of the login shell', () => {
  it('is what its profile makes of it, whatever the profile says besides', async () => {
    writeFileSync(join(home, '.bash_profile'), 'echo welcome; export PATH="$HOME/my tools:$PATH"; echo bye\n');
    const path = await loginPath('bash', { HOME: home, PATH: process.env.PATH ?? '' });
    expect(path?.split(':')[0]).toBe(`${home}/my tools`);
  });

  it('is told though its profile leaves a program running that holds its output', async () => {
    const left = join(home, 'left');
    writeFileSync(
      join(home, '.bash_profile'),
      `export PATH="/told:$PATH"\nsetsid bash -c 'echo $$ >"${left}"; exec sleep 300' &\nuntil [ -s "${left}" ]; do sleep 0.01; done\n`,
    );
    const path = await loginPath('bash', { HOME: home, PATH: process.env.PATH ?? '' });
    process.kill(Number(readFileSync(left, 'utf8')));
    expect(path?.split(':')[0]).toBe('/told');
  });

  it.each([
    ['a shell that is not there', ''],
    ['a shell that says nothing', 'exit 3\n'],
  ])('is not known of %s', async (_what, script) => {
    const shell = join(home, 'shell');
    if (script !== '') {
      writeFileSync(shell, `#!/bin/sh\n${script}`);
      chmodSync(shell, 0o755);
    }
    expect(await loginPath(shell, {})).toBeUndefined();
  });
});

describe("the agent's environment", () => {
  it("has its user's variables and none of the app's", () => {
    const env = {
      HOME: '/home/ada',
      PATH: '/bin',
      LANG: undefined,
      ELECTRON_RUN_AS_NODE: '1',
      CHROME_DESKTOP: 'x',
      APPIMAGE: '/x',
      NODE_OPTIONS: '--inspect',
      ELECTRONICS: 'mine',
    };
    expect(agentEnvironment(env, undefined)).toEqual({ HOME: '/home/ada', PATH: '/bin', ELECTRONICS: 'mine' });
    expect(agentEnvironment(env, '/usr/local/bin:/bin').PATH).toBe('/usr/local/bin:/bin');
  });
});

describe('the autostart file', () => {
  it('starts the app hidden, and quotes what a desktop would read otherwise', () => {
    const entry = autostartEntry(['/opt/My "own" $apps/50%/signalbox', '--hidden']);
    expect(entry).toContain('[Desktop Entry]\nType=Application\nName=Signalbox\n');
    expect(entry).toContain(String.raw`Exec="/opt/My \\"own\\" \\$apps/50%%/signalbox" "--hidden"`);
  });
});
