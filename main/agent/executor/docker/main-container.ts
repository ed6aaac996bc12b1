import { basename } from 'node:path';
import type { ByteSession } from '../../session/byte-session.ts';
import { HeldTerminal } from '../../session/held-terminal.ts';
import { type JobShell, SCRIPT_NAME, type ShellPlace } from '../../session/job-shell.ts';
import type { StopRung } from '../executor.ts';
import { ContainerFolder } from './container-files.ts';
import { endContainerProcesses, killContainerProcesses } from './container-processes.ts';
import type { JobContainers } from './containers.ts';
import { ScriptFolder } from './script-folder.ts';

/** The ladder takes 15 s at most; an engine that needs longer to run it hangs. In ms. */
const LADDER_LIMIT_MS = 20_000;
/** How long the last output may take to be read once every process is gone, in ms. */
const LAST_OUTPUT_MS = 5_000;
const KILL_LIMIT_MS = 5_000;
/** The status of a command, or of a shell, that was ended by SIGKILL. */
const KILLED = 137;

export interface MainContainerOptions {
  /** Where the job's private files go in the container; not there yet. */
  readonly folder: string;
  readonly shell: () => JobShell;
  /** Aborted when a stop must not take its time any more. */
  readonly hurry: AbortSignal | undefined;
}

/** The container that runs a job's commands, as the place of its shell. */
export class MainContainer implements ShellPlace {
  private containers: JobContainers | undefined;
  private terminal: HeldTerminal | undefined;
  private folder: ContainerFolder | undefined;
  private scripts: ScriptFolder | undefined;

  constructor(private readonly options: MainContainerOptions) {}

  /** From now on there is one. */
  use(containers: JobContainers): void {
    this.containers = containers;
  }

  /** The container's terminal serves one session after another; where it is over, the container is started again. */
  async open(shell: { readonly profile: boolean }): Promise<ByteSession> {
    const { containers } = this;
    const main = containers?.main;
    if (!containers || !main) throw new Error('there is no container');
    const { folder, shell: jobShell } = this.options;
    const { calls } = containers;
    const user = () => jobShell().user;
    this.folder ??= new ContainerFolder(main, folder, user, calls);
    this.scripts ??= new ScriptFolder({ container: main, name: basename(folder), user, calls });
    if (!this.terminal?.alive) {
      this.terminal = new HeldTerminal(await containers.attach(), () => this.killProcesses());
    }
    return this.terminal.openSession(shell);
  }

  /**
   * Variables and files go by the engine's archive, which needs nothing in the container. So do scripts, of which every command
   * has one, where the quicker way is not open; it is opened beside what goes first.
   */
  async placeFile(name: string, content: string | Uint8Array): Promise<string> {
    const { folder, scripts } = this;
    if (!folder || !scripts) throw new Error('there is no container');
    scripts.open();
    const placed = name === SCRIPT_NAME ? await scripts.write(name, content) : undefined;
    return placed ?? folder.write(name, content);
  }

  async explainLoss(): Promise<string> {
    const why = (await this.containers?.endOfMain()) ?? 'Lost the container';
    // Before its first shell was ready a container's words are its own: an entrypoint that gives up, say.
    const words = this.options.shell().shellPids.length === 0 ? this.terminal?.lastWords : '';
    return words ? `${why}:\n${words}` : why;
  }

  async explainExit(status: number): Promise<string | undefined> {
    return status === KILLED ? this.containers?.memoryProblem() : undefined;
  }

  /** The stop ladder, within the container. An engine that cannot run it is given up, and the session with it. */
  async endProcesses(): Promise<StopRung> {
    const { main, calls } = this.containers ?? {};
    if (!main || !calls || !this.terminal?.alive) return 'nothing-left';
    const { shell, hurry } = this.options;
    const shells = shell().shellPids;
    try {
      const rung = await calls.inTime(endContainerProcesses(main, { shells, hurry }), LADDER_LIMIT_MS);
      // The end of the shell is told behind its last output; the next session must not meet either.
      if (shells.length > 0 || rung !== 'nothing-left') await calls.inTime(shell().ended(), LAST_OUTPUT_MS);
      return rung;
    } catch {
      this.close();
      return 'survived';
    }
  }

  close(): void {
    this.terminal?.close();
    void this.scripts?.close();
  }

  private async killProcesses(): Promise<void> {
    const { main, calls } = this.containers ?? {};
    if (!main || !calls) return;
    // Where it cannot be done, the next session will not be ready either.
    await calls.inTime(killContainerProcesses(main), KILL_LIMIT_MS).catch(() => undefined);
  }
}
