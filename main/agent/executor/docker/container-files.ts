import type Docker from 'dockerode';
import { pack } from 'tar-stream';
import type { JobFile } from '../../job/job-request.ts';
import { decodeBase64 } from '../../job/variables.ts';
import type { JobLog } from '../../log/job-log.ts';
import { quote } from '../../session/marks.ts';
import { engineProblem } from './engine-problem.ts';

/** Who owns what is put into a container. */
export interface ContainerUser {
  readonly uid: number;
  readonly gid: number;
}

/** A folder of a job's own in a container, readable by the container's user only. It goes with the container. */
export class ContainerFolder {
  /** `path`: absolute, not there yet. */
  constructor(
    private readonly container: Docker.Container,
    readonly path: string,
    private readonly user: () => ContainerUser,
  ) {}

  /** Writes a file into it and tells its path there. Rejects with the engine's words. */
  async write(name: string, content: string | Uint8Array): Promise<string> {
    const bytes = Buffer.from(content);
    const owner = this.user();
    const archive = pack();
    const folder = this.path.slice(1);
    archive.entry({ name: `${folder}/`, type: 'directory', mode: 0o700, ...owner });
    archive.entry({ name: `${folder}/${name}`, mode: 0o600, ...owner }, bytes);
    archive.finalize();
    await this.container.putArchive(archive, { path: '/' }).catch((error: unknown) => {
      throw new Error(engineProblem(error));
    });
    return `${this.path}/${name}`;
  }
}

export interface InjectOptions {
  readonly log: JobLog;
  readonly place: (name: string, content: Uint8Array) => Promise<string>;
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
  const source = await place('file', content).catch(() => undefined);
  const shown = /^[/~]/.test(file.path) ? file.path : `~/${file.path}`;
  const target = pathWord(shown);
  const parent = pathWord(shown.slice(0, Math.max(1, shown.lastIndexOf('/'))));
  if (source === undefined) return `Failed to copy the file into the container`;
  if ((await run(`mkdir -p -- ${parent} >/dev/null 2>&1`)) !== 0) return `Failed to create destination path ${shown}`;
  if ((await run(`cp -- ${quote(source)} ${target} >/dev/null 2>&1`)) !== 0)
    return `Failed to move to destination path ${shown}`;
  if ((await run(`chmod -- ${quote(file.mode)} ${target} >/dev/null 2>&1`)) !== 0)
    return `Failed to set file mode to ${file.mode}`;
  return undefined;
}

/** A path as a word of bash; a tilde at its begin is the home directory. */
function pathWord(path: string): string {
  if (path === '~') return '~';
  return path.startsWith('~/') ? `~/${quote(path.slice(2))}` : quote(path);
}
