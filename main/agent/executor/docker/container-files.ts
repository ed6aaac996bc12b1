import type Docker from 'dockerode';
import { pack } from 'tar-stream';
import type { EngineCalls } from './engine-calls.ts';
import { engineProblem } from './engine-problem.ts';

/** Even a slow disk takes a file within this. In ms. */
const WRITE_LIMIT_MS = 120_000;

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
    private readonly calls: EngineCalls,
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
    const written = this.container.putArchive(archive, { path: '/' });
    await this.calls.inTime(written, WRITE_LIMIT_MS).catch((error: unknown) => {
      throw new Error(engineProblem(error));
    });
    return `${this.path}/${name}`;
  }
}
