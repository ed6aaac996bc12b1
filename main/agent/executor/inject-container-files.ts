import type { JobFile } from '../job/job-request.ts';
import { decodeBase64 } from '../job/variables.ts';
import type { JobLog } from '../log/job-log.ts';
import { quote } from '../session/marks.ts';

export interface InjectOptions {
  readonly log: JobLog;
  /** Makes the file readable for the job's shell, and tells where. */
  readonly place: (file: JobFile, content: Uint8Array) => Promise<string>;
  /** Runs a script in the job's shell, unlogged. Resolves with its exit code. */
  readonly run: (script: string) => Promise<number>;
}

/**
 * Puts a job's files into its container, in the words of the reference agent: the job's own shell copies each to its place, so
 * it is there as the container's user could have put it. Resolves with an exit code.
 */
export async function injectContainerFiles(files: readonly JobFile[], options: InjectOptions): Promise<number> {
  const { log } = options;
  log.commandStarted('Injecting Files');
  let problem: string | undefined;
  for (const file of files) {
    log.line(`Injecting ${file.path} with file mode ${file.mode}\n`);
    problem = await inject(file, options);
    if (problem !== undefined) break;
  }
  if (problem !== undefined) log.line(`${problem}\n`);
  log.commandFinished(problem === undefined ? 0 : 1);
  return problem === undefined ? 0 : 1;
}

async function inject(file: JobFile, { place, run }: InjectOptions): Promise<string | undefined> {
  const content = decodeBase64(file.content);
  if (!content) return 'Failed to decode the content of the file.';
  const source = await place(file, content).catch(() => undefined);
  const shown = /^[/~]/.test(file.path) ? file.path : `~/${file.path}`;
  const target = pathWord(shown);
  const parent = pathWord(shown.slice(0, Math.max(1, shown.lastIndexOf('/'))));
  if (source === undefined) return `Failed to copy the file into the container`;
  if ((await run(`mkdir -p -- ${parent} >/dev/null 2>&1`)) !== 0) return `Failed to create destination path ${shown}`;
  if ((await run(`cp -- ${quote(source)} ${target} >/dev/null 2>&1`)) !== 0)
    return `Failed to move to destination path ${shown}`;
  // A mode such as +x is laid over the one that files have which are copied there from anywhere.
  if ((await run(`{ chmod 644 -- ${target} && chmod -- ${quote(file.mode)} ${target}; } >/dev/null 2>&1`)) !== 0)
    return `Failed to set file mode to ${file.mode}`;
  return undefined;
}

/** A path as a word of bash; a tilde at its begin is the home directory, of the user whose name follows where one does. */
function pathWord(path: string): string {
  const [, home = '', rest = path] = /^(~(?:[A-Za-z_][\w-]*)?)(?:$|\/(.*)$)/s.exec(path) ?? [];
  if (home === '') return quote(path);
  return rest === path ? home : `${home}/${quote(rest)}`;
}
