import { accessSync, constants, statSync } from 'node:fs';

/** Why no shell can begin in a home directory, and what to do; undefined where it can. */
export function homeProblem(home: string): { readonly found: string; readonly advice: string } | undefined {
  const code = whyNot(home);
  if (code === undefined) return undefined;
  return { found: `the home directory ${home} cannot be entered (${code})`, advice: 'make it, or set HOME to another' };
}

function whyNot(home: string): string | undefined {
  try {
    if (!statSync(home).isDirectory()) return 'ENOTDIR';
    accessSync(home, constants.X_OK);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown error';
  }
}
