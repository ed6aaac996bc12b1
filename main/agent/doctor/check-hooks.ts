import { access, constants, stat } from 'node:fs/promises';
import type { Finding } from '../../../shared/examination.ts';
import type { OptionValues } from '../../../shared/options/index.ts';
import { type Check, fine, problem } from './finding.ts';

const HOOKS = ['pre-job-hook-path', 'post-job-hook-path', 'shutdown-hook-path'] as const;
type Hook = (typeof HOOKS)[number];

/** Hooks are read by bash: a file that may be read is all they need to be. Those of jobs in containers are not here. */
export const checkHooks: Check = async ({ config }) => {
  if (!config) return [];
  const { values } = config;
  const configured = HOOKS.filter((name) => values[name] !== '');
  return Promise.all(
    configured.map((name) => (runsHere(name, values) ? judge(name, values[name]) : elsewhere(name, values[name]))),
  );
};

/** A hook of jobs runs where their commands run. */
function runsHere(name: Hook, values: OptionValues): boolean {
  return name === 'shutdown-hook-path' || (!values['kubernetes-executor'] && values['shell-jobs'] !== 'refuse');
}

function elsewhere(name: Hook, path: string): Finding {
  return fine('hooks', `${name}: ${path}, in the main container of every job; whether it is there only a job can tell`);
}

async function judge(name: Hook, path: string): Promise<Finding> {
  const advice = `correct ${name}, or put the script there`;
  try {
    if (!(await stat(path)).isFile()) return problem('hooks', `${name}: ${path} is no file`, advice);
    await access(path, constants.R_OK);
    return fine('hooks', `${name}: ${path}`);
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return problem('hooks', `${name}: there is no ${path}`, advice);
    const found = `${name}: ${path} cannot be read (${code})`;
    return problem('hooks', found, 'let the user of the agent read it, and enter the folders that it is in');
  }
}
