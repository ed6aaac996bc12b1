import { readFileSync } from 'node:fs';
import { controlPlace } from '../../control/control-place.ts';
import { openControl } from '../../control/control-server.ts';
import { RecentLines } from '../../control/recent-lines.ts';
import { createAgent } from '../agent.ts';
import { loadConfig } from '../config/config.ts';
import { logSettings } from '../config/log-settings.ts';
import { HeadlessPause } from '../listener/headless-pause.ts';
import { openAgentLog } from '../platform/agent-log.ts';
import { systemClock } from '../platform/clock.ts';
import { systemProcesses } from '../platform/system-processes.ts';
import { onAskedToGo } from './asked-to-go.ts';
import type { RunCommand } from './command-end.ts';

/** `signalbox start`: an agent until the hub, or its owner, lets it go. Resolves with the exit code. */
export const start: RunCommand = async ({ flags }) => {
  const { env } = process;
  const loaded = loadConfig({ command: 'start', flags, env, readFile: (path) => readFileSync(path, 'utf8') });
  if (!loaded.ok) return { exitCode: 1, problem: loaded.problem };
  const forLog = logSettings(env);
  if (!forLog.ok) return { exitCode: 1, problem: forLog.problem };
  const { values, warnings } = loaded.config;
  const toConsole = values['job-log-file'] !== '-';
  const lines = new RecentLines();
  const onLine = (line: string) => lines.add(line);
  const log = openAgentLog({ ...forLog.settings, processes: systemProcesses, toConsole, onLine });
  for (const warning of warnings) log.warn(warning);
  const { listener, run } = createAgent({ values, log, staysAlive: false, onSnapshot: (told) => pause.take(told) });
  const pause = new HeadlessPause({ listener, clock: systemClock, onSnapshot: (told) => control.changed(told) });
  const control = openControl(controlPlace(env), { ...pause.controls, lines }, (problem) => log.warn(problem));
  onAskedToGo(() => listener.interrupt());
  const exitCode = await run();
  control.close();
  log.close();
  return { exitCode };
};
