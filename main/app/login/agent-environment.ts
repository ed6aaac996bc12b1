import { userInfo } from 'node:os';
import { loginPath } from './login-path.ts';

/** What Electron and its packages put into the environment of an app, and what would steer a Node that a job starts. */
const OF_THE_APP = ['CHROME_DESKTOP', 'APPIMAGE', 'APPDIR', 'ARGV0', 'OWD', 'NODE_OPTIONS', 'GDK_BACKEND'];
const OF_ELECTRON = /^(ELECTRON_|CHROME_CRASHPAD_)/;

/** The environment that the agent, and through it every job, inherits: its user's own, without what is the app's. */
export function agentEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  loginPath: string | undefined,
): Record<string, string> {
  const kept = Object.entries(env).filter(([name]) => !OF_THE_APP.includes(name) && !OF_ELECTRON.test(name));
  const given = Object.fromEntries(kept.filter(([, value]) => value !== undefined)) as Record<string, string>;
  return loginPath === undefined ? given : { ...given, PATH: loginPath };
}

/** The same, with the PATH of the user's login shell where the app was not started from a terminal. */
export async function environmentOfLogin(env: Readonly<Record<string, string | undefined>>) {
  const hasPath = env.TERM !== undefined || process.platform === 'win32';
  const shell = env.SHELL || userInfo().shell || 'bash';
  return agentEnvironment(env, hasPath ? undefined : await loginPath(shell, env));
}
