import type { Duplex } from 'node:stream';
import type { Clock } from '../../platform/clock.ts';
import type { ByteSession } from '../../session/byte-session.ts';
import { POD_HOLDER } from '../../session/container-holder.ts';
import { HeldTerminal } from '../../session/held-terminal.ts';
import type { JobShell, ShellPlace } from '../../session/job-shell.ts';
import { hastenLadder, killCommand, ladderCommand, readRung } from '../container-ladder.ts';
import type { StopRung } from '../executor.ts';
import { TakenFolder, takeFilesCommand } from '../taken-files.ts';
import { type ClusterClient, ClusterError } from './cluster-client.ts';
import { execInPod, outputOf } from './pod-exec.ts';
import { INJECTED_FOLDER } from './pod-objects.ts';
import { type PodView, readPodState } from './pod-state.ts';

/** The ladder takes 15 s at most; a cluster that needs longer to run it hangs. In ms. */
const LADDER_LIMIT_MS = 20_000;
const KILL_LIMIT_MS = 5_000;
const LOST = 'lost connection to the pod';

export interface PodShellOptions {
  readonly client: ClusterClient;
  readonly clock: Clock;
  readonly pod: string;
  /** Name of the folder for the job's private files in the container. */
  readonly folderName: string;
  /** What the secret has as its script of variables: those need not be written again. */
  readonly script: Uint8Array;
  readonly shell: () => JobShell;
  /** Aborted when the job is stopped. */
  readonly stopping: AbortSignal;
  /** Aborted when a stop must not take its time any more. */
  readonly hurry: AbortSignal | undefined;
}

/** The main container of a pod, as the place of a job's shell. */
export class PodShell implements ShellPlace {
  private terminal: HeldTerminal | undefined;
  private folder: TakenFolder | undefined;

  constructor(private readonly options: PodShellOptions) {}

  /**
   * The terminal serves one session after another; where it is over, another one is opened. A stop gives the first one up:
   * the hooks behind it have theirs all the same.
   */
  async open(shell: { readonly profile: boolean }): Promise<ByteSession> {
    if (!this.terminal?.alive) {
      // A connection that went has ended nothing in the container.
      if (this.terminal) await this.killProcesses();
      const signal = this.terminal ? undefined : this.options.stopping;
      const stream = await this.exec(POD_HOLDER, { tty: true, signal });
      this.terminal = new HeldTerminal(stream, () => this.killProcesses());
    }
    return this.terminal.openSession(shell);
  }

  async placeFile(name: string, content: string | Uint8Array): Promise<string> {
    if (Buffer.from(content).equals(this.options.script)) return `${INJECTED_FOLDER}/.env`;
    if (!this.folder?.alive)
      this.folder = new TakenFolder(await this.exec(takeFilesCommand(this.options.folderName)), LOST);
    return this.folder.write(name, content);
  }

  /** A container that ended says why, a connection does not. */
  async explainLoss(): Promise<string> {
    const { client, pod } = this.options;
    try {
      const state = readPodState((await client.call('GET', `pods/${pod}`)) as PodView);
      return state.kind === 'failed' ? `${LOST}: ${state.reason}` : LOST;
    } catch (error) {
      return error instanceof ClusterError ? `${LOST}: ${error.message}` : LOST;
    }
  }

  /** The stop ladder, within the container: a client that goes ends nothing there. */
  async endProcesses(): Promise<StopRung> {
    if (!this.terminal?.alive) return 'nothing-left';
    const { shell, hurry } = this.options;
    const printed = await this.run(ladderCommand(shell().shellPids), LADDER_LIMIT_MS, (ladder) =>
      hastenLadder(ladder, hurry),
    );
    const rung = readRung(printed);
    if (rung) return rung;
    this.close();
    return 'survived';
  }

  close(): void {
    this.terminal?.close();
    this.folder?.close();
  }

  private async killProcesses(): Promise<void> {
    await this.run(killCommand(), KILL_LIMIT_MS);
  }

  /** Resolves with what a command has printed by then; with nothing where it could not be run. */
  private async run(
    command: readonly string[],
    limitMs: number,
    onStart: (stream: Duplex) => void = () => undefined,
  ): Promise<string> {
    const over = new AbortController();
    const limit = this.options.clock.startTimer(limitMs, () => over.abort());
    try {
      const stream = await this.exec(command, { signal: over.signal });
      over.signal.addEventListener('abort', () => stream.destroy(), { once: true });
      onStart(stream);
      return await outputOf(stream);
    } catch {
      // The next session will not be opened either, and say why.
      return '';
    } finally {
      limit.cancel();
    }
  }

  /** `signal`: until it runs. */
  private exec(
    command: readonly string[],
    { tty = false, signal }: { readonly tty?: boolean; readonly signal?: AbortSignal | undefined } = {},
  ): Promise<Duplex> {
    const { client, clock, pod } = this.options;
    return execInPod(signal ? client.until(signal) : client, clock, { pod, command, tty });
  }
}
