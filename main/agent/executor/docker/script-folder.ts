import type Docker from 'dockerode';
import { TakenFolder, takeFilesCommand } from '../taken-files.ts';
import type { ContainerUser } from './container-files.ts';
import { converseInContainer } from './container-processes.ts';
import type { EngineCalls } from './engine-calls.ts';

/** Opening takes an engine tens of milliseconds, writing one; what takes longer than this goes another way. In ms. */
const LIMIT_MS = 10_000;
/** Bash takes it byte by byte: what is larger goes another way. */
const LARGEST_BYTES = 64 * 1024;

export interface ScriptFolderOptions {
  readonly container: Docker.Container;
  /** Of the folder, in the container's folder for temporary files: nothing else has it. */
  readonly name: string;
  readonly user: () => ContainerUser;
  readonly calls: EngineCalls;
}

/** The quick way for the scripts of a job's commands into its container: a command of ours that waits there for them. */
export class ScriptFolder {
  private opened: Promise<TakenFolder> | undefined;

  constructor(private readonly options: ScriptFolderOptions) {}

  /** Begins to open it, again where it is over. */
  open(): void {
    const { container, name, user, calls } = this.options;
    this.opened ??= calls
      .inTime(converseInContainer(container, takeFilesCommand(name), user()), LIMIT_MS)
      .then((stream) => new TakenFolder(stream, 'lost connection to the container'));
    // Who writes hears of it.
    this.opened.catch(() => undefined);
  }

  /** Writes a script and tells its path there; undefined where it cannot be written this way. */
  async write(name: string, content: string | Uint8Array): Promise<string | undefined> {
    if (Buffer.byteLength(content) > LARGEST_BYTES) return undefined;
    this.open();
    try {
      const folder = await this.opened;
      return folder && (await this.options.calls.inTime(folder.write(name, content), LIMIT_MS));
    } catch {
      // Killed by the job, with the container, or with the connection: the next script tries again.
      await this.close();
      return undefined;
    }
  }

  async close(): Promise<void> {
    const { opened } = this;
    this.opened = undefined;
    const folder = await opened?.catch(() => undefined);
    folder?.close();
  }
}
