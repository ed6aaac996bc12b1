import { LOG_LEVELS, type LogLevel } from '../platform/agent-log.ts';
import { defaultLogPath } from '../platform/folders.ts';

const LEVEL_VARIABLE = 'SEMAPHORE_AGENT_LOG_LEVEL';
const PATH_VARIABLE = 'SEMAPHORE_AGENT_LOG_FILE_PATH';

export type LogSettings =
  | { readonly ok: true; readonly settings: { readonly level: LogLevel; readonly path: string } }
  | { readonly ok: false; readonly problem: string };

/** Level and file of the agent's log. They are variables only, as with the reference agent. */
export function logSettings(env: Readonly<Record<string, string | undefined>>): LogSettings {
  const wanted = env[LEVEL_VARIABLE] || 'info';
  const level = LOG_LEVELS.find((known) => known === wanted.toLowerCase());
  if (!level) {
    return { ok: false, problem: `${LEVEL_VARIABLE} is not understood; allowed is one of ${LOG_LEVELS.join(', ')}` };
  }
  return { ok: true, settings: { level, path: env[PATH_VARIABLE] || defaultLogPath() } };
}
