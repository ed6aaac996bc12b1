import type { JobFile } from '../job/job-request.ts';
import type { JobVariable } from '../job/variables.ts';
import type { JobLog } from '../log/job-log.ts';
import type { Random } from '../platform/random.ts';
import type { JobShell } from '../session/job-shell.ts';
import type { EngineClaims } from './docker/engine-claims.ts';
import type { Executor, ExecutorCommand, StepOutcome, StopRung } from './executor.ts';
import { injectContainerFiles } from './inject-container-files.ts';

export interface ContainerExecutorOptions {
  readonly claims: EngineClaims;
  readonly log: JobLog;
  readonly agentLog: { warn(message: string): void };
  readonly random: Random;
  /** Aborted when a stop must not take its time any more. */
  readonly hurry?: AbortSignal | undefined;
}

/** What executors have in common whose jobs run in a container, at an engine or in a cluster: one shell in it, and its end. */
export abstract class ContainerExecutor implements Executor {
  /** No other job's things have it in their names and labels. */
  protected readonly name: string;
  /** Aborted by the first stop: what makes the containers is given up. */
  protected readonly stopping = new AbortController();
  protected abstract readonly shell: JobShell;
  private ending: Promise<StopRung> | undefined;

  protected constructor(private readonly common: ContainerExecutorOptions) {
    this.name = `signalbox-${Buffer.from(common.random.bytes(8)).toString('hex')}`;
  }

  abstract prepare(): Promise<StepOutcome>;
  abstract start(): Promise<StepOutcome>;
  /** Writes a file that the job's shell can read, and tells its path there. */
  protected abstract placeFile(file: JobFile, content: Uint8Array): Promise<string>;
  /** Ends what runs for the job. */
  protected abstract endProcesses(): Promise<StopRung>;
  /** Behind that: removes all that was made, once. Resolves with what is left and why, in a line for the agent's log. */
  protected abstract remove(): Promise<string | undefined>;

  exportVariables(variables: readonly JobVariable[]): Promise<number> {
    return this.shell.exportVariables(variables);
  }

  injectFiles(files: readonly JobFile[]): Promise<number> {
    return injectContainerFiles(files, {
      log: this.common.log,
      place: (file, content) => this.placeFile(file, content),
      run: (script) => this.shell.runQuietly(script),
    });
  }

  runCommand(command: ExecutorCommand): Promise<number> {
    return this.shell.runCommand(command);
  }

  readVariable(name: string): Promise<string> {
    return this.shell.readVariable(name);
  }

  /** Two stops at once share one ladder. */
  stop(): Promise<StopRung> {
    this.stopping.abort();
    this.ending ??= this.endProcesses().finally(() => {
      this.ending = undefined;
    });
    return this.ending;
  }

  async cleanUp(): Promise<StopRung> {
    const rung = await this.stop();
    const problem = await this.remove();
    this.common.claims.release(this.name);
    if (problem === undefined) return rung;
    this.common.agentLog.warn(problem);
    return 'survived';
  }
}
