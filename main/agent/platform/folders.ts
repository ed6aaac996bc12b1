import { homedir, platform, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where this user's state is kept that no job may need: sessions to take up again. */
export function stateFolder(env: Readonly<Record<string, string | undefined>>): string {
  const home = homedir();
  switch (platform()) {
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'Signalbox', 'state');
    case 'win32':
      return join(env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'Signalbox', 'state');
    default:
      return join(env.XDG_STATE_HOME || join(home, '.local', 'state'), 'signalbox');
  }
}

/** The agent's log, where `SEMAPHORE_AGENT_LOG_FILE_PATH` names no other (reference agent). */
export function defaultLogPath(): string {
  return join(tmpdir(), 'agent_log');
}
