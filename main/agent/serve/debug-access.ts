import { appendFile, chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Executor, ExecutorCommand, StepOutcome, StopRung } from '../executor/executor.ts';
import type { JobFile, JobRequest } from '../job/job-request.ts';
import { decodeBase64, type JobVariable } from '../job/variables.ts';
import type { PrivateFolder } from '../platform/private-folder.ts';
import { exportLines } from '../session/export-lines.ts';
import { quote } from '../session/marks.ts';
import { jumpPointScript } from './jump-point.ts';

export interface DebugAccessOptions {
  readonly executor: Executor;
  readonly request: JobRequest;
  readonly home: string;
  /** Where the script for people who come by SSH is put. Semaphore's own tools look for it at `/tmp/ssh_jump_point`. */
  readonly jumpPoint: string;
  /** Of this job, for the variables that such a person's shell gets. */
  readonly createFolder: () => Promise<PrivateFolder>;
}

/**
 * Lets those whose keys the request has come in by SSH while the job runs, as the reference agent does on machines of
 * Semaphore's: the keys are authorised, the jump point leads to where the job runs, and a login shell has the job's variables.
 * Everything else is the executor's.
 */
export class DebugAccess implements Executor {
  private folder: PrivateFolder | undefined;
  private readonly exported = new Map<string, Uint8Array>();

  constructor(private readonly options: DebugAccessOptions) {}

  async prepare(): Promise<StepOutcome> {
    const { executor, request, home, jumpPoint } = this.options;
    try {
      await authoriseKeys(request.ssh_public_keys, home);
      await replaceFile(jumpPoint, jumpPointScript(request));
    } catch (error) {
      return { ok: false, reason: `access by SSH could not be set up: ${(error as Error).message}` };
    }
    return executor.prepare();
  }

  start(): Promise<StepOutcome> {
    return this.options.executor.start();
  }

  async exportVariables(variables: readonly JobVariable[]): Promise<number> {
    const exitCode = await this.options.executor.exportVariables(variables);
    for (const { name, value } of variables) this.exported.set(name, value);
    // In containers nobody reads this user's profile.
    const told = exitCode !== 0 || isInContainers(this.options.request) || (await this.tellProfile());
    return told ? exitCode : 1;
  }

  injectFiles(files: readonly JobFile[]): Promise<number> {
    return this.options.executor.injectFiles(files);
  }

  runCommand(command: ExecutorCommand): Promise<number> {
    return this.options.executor.runCommand(command);
  }

  readVariable(name: string): Promise<string> {
    return this.options.executor.readVariable(name);
  }

  stop(): Promise<StopRung> {
    return this.options.executor.stop();
  }

  /** Keys, jump point and the profile's line stay, as with the reference agent; what holds the values goes. */
  async cleanUp(): Promise<StopRung> {
    await this.folder?.remove();
    return this.options.executor.cleanUp();
  }

  /** False where the home directory cannot be written. */
  private async tellProfile(): Promise<boolean> {
    try {
      const isFirst = this.folder === undefined;
      this.folder ??= await this.options.createFolder();
      const path = await this.folder.write('environment', exportLines([...this.exported]));
      const line = `if [ -r ${quote(path)} ]; then source ${quote(path)}; fi\n`;
      if (isFirst) await appendFile(join(this.options.home, '.bash_profile'), line);
      return true;
    } catch {
      return false;
    }
  }
}

function isInContainers({ executor }: JobRequest): boolean {
  return executor === 'dockercompose';
}

async function authoriseKeys(keys: readonly string[], home: string): Promise<void> {
  if (keys.length === 0) return;
  const lines = keys.map((key, index) => {
    const bytes = decodeBase64(key);
    if (!bytes) throw new Error(`ssh_public_keys[${index}] is not base64`);
    return `${Buffer.from(bytes).toString('utf8').trimEnd()}\n`;
  });
  const folder = join(home, '.ssh');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const path = join(folder, 'authorized_keys');
  const before = await readFile(path, 'utf8').catch(() => '');
  const gap = before === '' || before.endsWith('\n') ? '' : '\n';
  await appendFile(path, `${gap}${lines.join('')}`, { mode: 0o600 });
  await chmod(path, 0o600);
}

/** Never writes through a link that somebody else has put there: the name is given to a new file. */
async function replaceFile(path: string, content: string): Promise<void> {
  const made = join(dirname(path), `.${process.pid}.ssh_jump_point`);
  await rm(made, { force: true });
  await writeFile(made, content, { flag: 'wx', mode: 0o755 });
  await rename(made, path);
}
