import type { Finding } from '../../../shared/examination.ts';
import { TOOLBOX, TOOLBOX_ADVICE } from '../job/toolbox.ts';
import { type Check, type Examined, fine, needsPodsOnly, warning } from './finding.ts';
import { ask } from './programs.ts';

/** What jobs call, looked up where jobs look: in a login shell, where the toolbox is functions. */
export const checkPrograms: Check = async (examined) =>
  needsPodsOnly(examined) ? [] : [await checkGit(examined), await checkToolbox(examined)];

async function checkGit({ env }: Examined): Promise<Finding> {
  const { exitCode, output } = await ask('git', ['--version'], env);
  if (exitCode === 0) return fine('git', output);
  return warning('git', 'git was not found: jobs cannot fetch their code', 'install git (apt-get install git)');
}

async function checkToolbox({ env }: Examined): Promise<Finding> {
  const { output } = await ask(
    'bash',
    ['--login', '-c', `for one in ${TOOLBOX.join(' ')}; do type "$one" >/dev/null 2>&1 && echo "has $one"; done`],
    env,
  );
  const there = output.split('\n');
  const missing = TOOLBOX.filter((name) => !there.includes(`has ${name}`));
  if (missing.length === 0) return fine('toolbox', 'everything of it is there');
  return warning('toolbox', `jobs will not find: ${missing.join(', ')}`, TOOLBOX_ADVICE);
}
