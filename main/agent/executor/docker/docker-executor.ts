import { existsSync } from 'node:fs';
import type { Http } from '../../hub/http.ts';
import type { JobFile, JobRequest } from '../../job/job-request.ts';
import { type Metrics, NO_METRICS } from '../../metrics/metrics.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Processes } from '../../platform/processes.ts';
import { JobShell } from '../../session/job-shell.ts';
import { ContainerExecutor, type ContainerExecutorOptions } from '../container-executor.ts';
import type { Credentials } from '../credentials/credential.ts';
import type { StepOutcome, StopRung } from '../executor.ts';
import { type ComposeContainer, readContainers } from './compose.ts';
import { JobContainers } from './containers.ts';
import { type Engine, findEngine } from './engine.ts';
import { EngineCalls } from './engine-calls.ts';
import { engineSocketOf } from './engine-socket.ts';
import { HostSetup } from './host-setup.ts';
import { explainLargeVariables } from './large-variables.ts';
import { MainContainer } from './main-container.ts';
import { findMountedFiles, type MountedFile } from './mounted-files.ts';
import { pullImages } from './pull-images.ts';
import { setUpCredentials } from './set-up-credentials.ts';
import { tidyEngine } from './tidy-engine.ts';

const PULL_DIRECTIVE = 'Pulling docker images...';
const KVM = '/dev/kvm';
const NO_ENGINE = 'no container engine was found; start one, or set DOCKER_HOST';

/** What the agent's owner says about jobs in containers. */
export interface ContainerSettings {
  /** `host:container`, for the main container. */
  readonly files: readonly string[];
  readonly failOnMissingFiles: boolean;
  readonly mountEngineSocket: boolean;
  /** False: nothing of a job may run outside of a container. */
  readonly mayUseHost: boolean;
  /** Give the main container /dev/kvm, where that is. */
  readonly exposeKvm: boolean;
}

export interface DockerExecutorOptions extends ContainerExecutorOptions {
  readonly request: JobRequest;
  readonly settings: ContainerSettings;
  /** Told of every job whether it has found an engine: undefined, or why it has not. */
  readonly onEngine: (problem: string | undefined) => void;
  readonly clock: Clock;
  readonly processes: Processes;
  readonly http: Http;
  readonly metrics?: Metrics;
  /** The environment that jobs inherit; it says where the engine is as well. */
  readonly env: Readonly<Record<string, string>>;
  readonly home: string;
  readonly tempFolder: string;
}

/** Runs a job in containers of its own, on whatever engine speaks Docker's API. */
export class DockerExecutor extends ContainerExecutor {
  protected readonly shell: JobShell;
  private readonly main: MainContainer;
  private readonly hostSetup: HostSetup;
  private composed: readonly ComposeContainer[] = [];
  private files: readonly MountedFile[] = [];
  private containers: JobContainers | undefined;
  private calls: EngineCalls | undefined;

  constructor(private readonly options: DockerExecutorOptions) {
    super(options);
    const { log, clock, random, hurry } = options;
    this.main = new MainContainer({ folder: `/.${this.name}`, shell: () => this.shell, hurry });
    this.shell = new JobShell({ log, clock, random, place: this.main });
    this.hostSetup = new HostSetup(options);
  }

  async prepare(): Promise<StepOutcome> {
    const { request, settings, agentLog, home } = this.options;
    const composed = readContainers(request);
    if (typeof composed === 'string') return failed(composed);
    this.composed = composed;
    const setup = request.compose.host_setup_commands;
    if (setup.length > 0 && !settings.mayUseHost)
      return failed('it wants commands run on this machine, which is refused here (shell-jobs)');
    const problem = await this.hostSetup.run(setup);
    if (problem !== undefined) return failed(problem);
    const { found, problems } = findMountedFiles(settings.files, home);
    if (problems.length > 0 && settings.failOnMissingFiles) return failed(`of files, ${problems.join(', ')}`);
    for (const missing of problems) agentLog.warn(`Of files, ${missing}: it is not in the container`);
    this.files = found;
    return { ok: true };
  }

  async start(): Promise<StepOutcome> {
    const { request, log, http, env, home, clock, hurry, agentLog, claims, onEngine } = this.options;
    const { signal } = this.stopping;
    const engine = await findEngine(env, home, clock, signal);
    if (signal.aborted) return failed('it was stopped');
    if (typeof engine === 'string') return this.withoutEngine(`${NO_ENGINE}. ${engine}`);
    onEngine(undefined);
    const { docker } = engine;
    this.calls = new EngineCalls({ docker, clock, hurry });
    await tidyEngine(docker, { clock, claims, log: agentLog, signal });
    const requested = request.compose.image_pull_credentials;
    const credentials = await setUpCredentials(requested, { docker, http, log, signal });
    if (!credentials) return failed('its image pull credentials could not be set up');
    const pulled = await this.pull(engine, credentials);
    return pulled.ok ? this.startContainers(engine, this.calls) : pulled;
  }

  protected placeFile(_file: JobFile, content: Uint8Array): Promise<string> {
    return this.main.placeFile('file', content);
  }

  /** With an engine that hangs nobody is to wait for what the steps of a stop may take. */
  override stop(): Promise<StopRung> {
    void this.calls?.awaitSign();
    return super.stop();
  }

  protected async endProcesses(): Promise<StopRung> {
    const [inside, outside] = await Promise.all([this.main.endProcesses(), this.hostSetup.end()]);
    return outside === 'nothing-left' ? inside : outside;
  }

  protected async remove(): Promise<string | undefined> {
    this.main.close();
    await this.hostSetup.cleanUp();
    const problem = await this.containers?.remove();
    this.containers = undefined;
    return problem && `Something of the job is left at the container engine: ${problem}`;
  }

  /** Who reads the job's log learns of it as well: that is where one looks first. */
  private withoutEngine(problem: string): StepOutcome {
    const { log, onEngine } = this.options;
    onEngine(problem);
    log.commandStarted(PULL_DIRECTIVE);
    log.line(`${problem}\n`);
    log.commandFinished(1);
    return failed(problem);
  }

  private async pull({ docker }: Engine, credentials: Credentials): Promise<StepOutcome> {
    const { log, clock, metrics = NO_METRICS } = this.options;
    log.commandStarted(PULL_DIRECTIVE);
    const images = this.composed.map(({ image }) => image);
    const problem = await pullImages(images, {
      docker,
      log,
      clock,
      credentials,
      signal: this.stopping.signal,
      metrics,
    });
    if (problem !== undefined) log.line(`${problem}\n`);
    log.commandFinished(problem === undefined ? 0 : 1);
    return problem === undefined ? { ok: true } : failed(`an image could not be pulled: ${problem}`);
  }

  private async startContainers(engine: Engine, calls: EngineCalls): Promise<StepOutcome> {
    const { log } = this.options;
    log.commandStarted('Starting the docker image...');
    log.line('Starting a new bash session.\n');
    const containers = this.plan(engine, calls);
    this.containers = containers;
    const problem = await this.bringUp(containers);
    const told = await containers.deadServices().catch(() => []);
    for (const text of told) log.line(text.endsWith('\n') ? text : `${text}\n`);
    if (problem !== undefined) {
      // The reference agent's own tests want this line as an event of its own.
      log.line('Failed to start the docker image\n');
      log.line(`${problem}\n`);
    }
    log.commandFinished(problem === undefined ? 0 : 1);
    return problem === undefined ? { ok: true } : failed(`its containers could not be started: ${problem}`);
  }

  /** Resolves with what went wrong, in a line. */
  private async bringUp(containers: JobContainers): Promise<string | undefined> {
    const problem = await containers.create(this.composed, this.stopping.signal);
    if (problem !== undefined) return problem;
    this.main.use(containers);
    const started = await this.shell.start();
    if (started.ok) return undefined;
    const [main] = this.composed;
    return (main && explainLargeVariables(started.reason, main)) ?? started.reason;
  }

  private plan({ docker, address }: Engine, calls: EngineCalls): JobContainers {
    const { request, settings, claims } = this.options;
    const maySeeEngine = settings.mountEngineSocket && settings.mayUseHost;
    return new JobContainers({
      docker,
      calls,
      prefix: this.name,
      labels: claims.claim(this.name, request.job_id),
      files: this.files,
      engineSocket: maySeeEngine ? engineSocketOf(address, process.platform) : undefined,
      kvm: settings.exposeKvm && existsSync(KVM),
    });
  }
}

function failed(reason: string): StepOutcome {
  return { ok: false, reason };
}
