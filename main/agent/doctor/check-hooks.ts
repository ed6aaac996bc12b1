import { access, constants, stat } from 'node:fs/promises';
import type { Finding } from '../../../shared/examination.ts';
import { type Check, fine, problem } from './finding.ts';

const HOOKS = ['pre-job-hook-path', 'post-job-hook-path', 'shutdown-hook-path'] as const;

/** Hooks are read by bash: a file that may be read is all they need to be. */
export const checkHooks: Check = async ({ config }) => {
  if (!config) return [];
  const configured = HOOKS.filter((name) => config.values[name] !== '');
  return Promise.all(configured.map((name) => judge(name, config.values[name])));
};

async function judge(name: string, path: string): Promise<Finding> {
  const advice = `correct ${name}, or put the script there`;
  try {
    if (!(await stat(path)).isFile()) return problem('hooks', `${name}: ${path} is no file`, advice);
    await access(path, constants.R_OK);
    return fine('hooks', `${name}: ${path}`);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    return problem('hooks', `${name}: ${path} cannot be read (${code})`, advice);
  }
}
