import { platform } from 'node:os';
import type { Finding } from '../../../shared/examination.ts';
import { homeProblem } from '../platform/home-folder.ts';
import { type Check, fine, needsPodsOnly, problem } from './finding.ts';
import { ask } from './programs.ts';

/** macOS has nothing newer than this. */
const OLDEST_BASH = 3.2;

/** Jobs run in a login shell in the home directory: bash is there, is new enough, and the user's profile lets it live. */
export const checkShell: Check = async (examined) => {
  const { env, home, config } = examined;
  if (needsPodsOnly(examined) && config?.values['shutdown-hook-path'] === '') return [];
  const homeless = homeProblem(home);
  if (homeless) return [problem('shell', homeless.found, homeless.advice)];
  if (platform() === 'win32') return checkPowerShell(env);
  const { exitCode, output } = await ask('bash', ['-c', 'echo "$BASH_VERSION"'], env);
  if (exitCode !== 0)
    return [problem('shell', 'bash was not found', 'install bash (Debian and Ubuntu: apt-get install bash)')];
  if (Number.parseFloat(output) < OLDEST_BASH)
    return [problem('shell', `bash ${output} is too old`, `install bash ${OLDEST_BASH} or later`)];
  const login = await ask('bash', ['--login', '-c', 'printf "signalbox %s" ready'], env);
  const advice =
    'look into ~/.bash_profile, ~/.bash_login and ~/.profile: nothing in there may exit, exec or wait for keys';
  if (login.exitCode === undefined) return [problem('shell', 'the login shell does not get ready', advice)];
  if (!login.output.includes('signalbox ready'))
    return [problem('shell', `the login shell ends with ${login.exitCode} before it is ready`, advice)];
  return [fine('shell', `bash ${output}; a login shell gets ready`)];
};

async function checkPowerShell(env: Readonly<Record<string, string>>): Promise<readonly Finding[]> {
  const { exitCode, output } = await ask(
    'powershell',
    ['-NoProfile', '-Command', '$PSVersionTable.PSVersion.ToString()'],
    env,
  );
  if (exitCode === 0) return [fine('shell', `PowerShell ${output}`)];
  return [problem('shell', 'powershell was not found', 'put the folder of powershell.exe on the PATH')];
}
