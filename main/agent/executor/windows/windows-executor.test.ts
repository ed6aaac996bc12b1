import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeJobLog } from '../../log/fake-job-log.ts';
import { WindowsExecutor } from './windows-executor.ts';

/**
 * Stands in for PowerShell: runs the lines of the script that are the job's in bash, and leaves its state as the rest of the
 * script would. What the real one makes of the script is not tested here.
 */
const POWERSHELL = `#!/bin/bash
script=$(tr -d '\\r' <"\${@: -1}")
state=$(sed -n "s/.*WriteAllText('\\(.*\\)', .*/\\1/p" <<<"$script")
directive=$(sed '1,2d; /^\\$signalboxCode/,$d' <<<"$script" | sed 's/^\\$env:\\([A-Z]*\\) = /export \\1=/')
eval "$directive"
code=$?
{ printf '%s' "$PWD"; printf '\\0'; env -0; } >"$state"
exit $code
`;
const TASKKILL = '#!/bin/bash\necho "$@" >>"$HOME/killed"; kill -9 -- "$2"\n';

let home: string;
let log: FakeJobLog;
let executor: WindowsExecutor;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'signalbox-test-'));
  const bin = join(home, 'bin');
  mkdirSync(bin);
  for (const [name, text] of Object.entries({ powershell: POWERSHELL, taskkill: TASKKILL })) {
    writeFileSync(join(bin, name), text);
    chmodSync(join(bin, name), 0o755);
  }
  log = new FakeJobLog();
  const env = { PATH: `${bin}:${process.env.PATH}`, HOME: home };
  executor = new WindowsExecutor({ log, env, home, tempFolder: home });
  expect(await executor.prepare()).toEqual({ ok: true });
  expect(await executor.start()).toEqual({ ok: true });
});
afterEach(async () => {
  await executor.cleanUp();
  rmSync(home, { recursive: true });
});

describe('WindowsExecutor', () => {
  it('hands folder and environment on from one command to the next', async () => {
    expect(await executor.exportVariables([{ name: 'FROM', value: Buffer.from('job') }])).toBe(0);
    expect(await executor.runCommand({ directive: 'cd /usr; export OWN="$FROM too"' })).toBe(0);
    expect(await executor.runCommand({ directive: 'pwd; echo $OWN; exit 4', alias: 'Look', warning: 'Careful.' })).toBe(
      4,
    );
    expect(await executor.readVariable('own')).toBe('job too');
    expect(await executor.readVariable('NONE')).toBe('');
    expect(log.events).toEqual([
      '> Exporting environment variables',
      'Exporting FROM\n',
      '< 0',
      '> cd /usr; export OWN="$FROM too"',
      '< 0',
      '> Look',
      'Running: pwd; echo $OWN; exit 4\nWarning: Careful.\n/usr\njob too\n',
      '< 4',
    ]);
  });

  it('goes on with the last state behind a command that could leave none', async () => {
    await executor.runCommand({ directive: 'cd /usr' });
    expect(await executor.runCommand({ directive: 'cd /; kill -9 $$' })).toBe(1);
    expect(await executor.runCommand({ directive: 'pwd' })).toBe(0);
    expect(log.events.at(-2)).toBe('/usr\n');
  });

  it('ends the tree of the running command, and leaves nothing', async () => {
    const running = executor.runCommand({ directive: 'echo started; exec sleep 300' });
    await log.shows('started');
    expect(await executor.stop()).toBe('killed');
    expect(await running).toBe(1);
    expect(existsSync(join(home, 'killed'))).toBe(true);
    expect(await executor.cleanUp()).toBe('nothing-left');
    expect(readdirSync(home).filter((name) => name.startsWith('signalbox-'))).toEqual([]);
  });

  it('says that there is no PowerShell', async () => {
    rmSync(join(home, 'bin', 'powershell'));
    expect(await executor.runCommand({ directive: 'true' })).toBe(1);
    expect(log.events.at(-2)).toBe('The command could not be run (ENOENT).\n');
  });
});
