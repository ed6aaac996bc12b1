import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../platform/clock.ts';
import { systemRandom } from '../../platform/random.ts';
import { systemProcesses } from '../../platform/system-processes.ts';
import { createOpenJobScope } from '../shell/job-scope.ts';
import { ShellExecutor } from '../shell/shell-executor.ts';
import { describeExecutor } from './executor.suite.ts';

describeExecutor('the shell executor', async ({ log, hurry }) => {
  const home = await mkdtemp(join(tmpdir(), 'signalbox-test-'));
  const executor = new ShellExecutor({
    log,
    hurry,
    clock: systemClock,
    random: systemRandom,
    processes: systemProcesses,
    openScope: createOpenJobScope({ clock: systemClock, env: {} }),
    env: { PATH: process.env.PATH ?? '', HOME: home, LANG: 'C.UTF-8', TERM: 'xterm' },
    home,
    tempFolder: home,
  });
  return { executor, home, close: () => rm(home, { recursive: true }) };
});
