import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import { CONTAINER_HOLDER } from '../../session/container-holder.ts';
import type { ComposeContainer } from './compose.ts';
import type { EngineCalls } from './engine-calls.ts';
import { engineProblem, isStatus } from './engine-problem.ts';
import { explainLargeVariables } from './large-variables.ts';
import { countMemoryKills } from './memory-kills.ts';
import type { MountedFile } from './mounted-files.ts';
import { plainLog } from './plain-log.ts';

/** Rows and columns of the main container's terminal, as of every job's. */
const ROWS = 50;
const COLUMNS = 200;
/** Of a service that died at once, so many lines of its log are shown. */
const LAST_LINES = 10;
/** Nobody types these: no key takes us off the terminal. */
const NO_DETACH_KEYS = 'ctrl-_,ctrl-^,ctrl-]';
/** Even a slow disk starts a container within this. In ms. */
const START_LIMIT_MS = 120_000;
/** Between the end of a container's terminal and its own, in ms. */
const END_LIMIT_MS = 5_000;
/** What the engine knows by heart it tells within this, in ms. */
const LOOK_LIMIT_MS = 10_000;

export interface ContainerPlan {
  readonly docker: Docker;
  readonly calls: EngineCalls;
  /** What the names of containers and network begin with: unique on this engine. */
  readonly prefix: string;
  readonly labels: Record<string, string>;
  readonly files: readonly MountedFile[];
  /** The engine's own socket, as the engine sees it, for the main container. */
  readonly engineSocket: string | undefined;
  readonly kvm: boolean;
}

/** The containers and the network of one job. */
export class JobContainers {
  private readonly made: Docker.Container[] = [];
  private readonly services: { readonly service: ComposeContainer; readonly container: Docker.Container }[] = [];
  private network: Docker.Network | undefined;
  private mainContainer: Docker.Container | undefined;
  private mainName = '';
  private memoryKills = 0;

  constructor(private readonly plan: ContainerPlan) {}

  /** Through which the engine is asked. */
  get calls(): EngineCalls {
    return this.plan.calls;
  }

  /** The one that runs the commands, as soon as it was made. */
  get main(): Docker.Container | undefined {
    return this.mainContainer;
  }

  /**
   * A network where every container answers to its name, the services, then the main container. Resolves with what went wrong,
   * in a line; ends early when `signal` aborts.
   */
  async create(containers: readonly ComposeContainer[], signal: AbortSignal): Promise<string | undefined> {
    const { docker, calls, prefix, labels } = this.plan;
    const network = await calls.attempt(async () => {
      this.network = await docker.createNetwork({ Name: prefix, Labels: labels, CheckDuplicate: true });
    });
    if (network !== undefined) return network;
    const numbered = containers.map((container, index) => ({ container, number: index }));
    for (const { container, number } of [...numbered.slice(1), ...numbered.slice(0, 1)]) {
      if (signal.aborted) return 'stopped';
      const problem = await calls.attempt(() =>
        number === 0 ? this.createMain(container) : this.startService(container, number),
      );
      if (problem !== undefined)
        return explainLargeVariables(problem, container) ?? `container ${container.name}: ${problem}`;
    }
    return undefined;
  }

  /** Starts the main container, again if it has ended, and opens its terminal. Rejects with what went wrong, in a line. */
  async attach(): Promise<Duplex> {
    const container = this.mainContainer;
    if (!container) throw new Error('there is no main container');
    return this.attachTo(container).catch((error: unknown) => {
      throw new Error(`container ${this.mainName}: ${engineProblem(error)}`);
    });
  }

  private async attachTo(container: Docker.Container): Promise<Duplex> {
    // The kernel counts from the start of a container on.
    this.memoryKills = 0;
    const { calls } = this.plan;
    const terminal = { stream: true, stdin: true, stdout: true, stderr: true, hijack: true };
    const attached = container.attach({ ...terminal, detachKeys: NO_DETACH_KEYS });
    const stream = await calls.inTime(attached, LOOK_LIMIT_MS);
    try {
      await calls.inTime(container.start(), START_LIMIT_MS);
    } catch (error) {
      stream.end();
      throw error;
    }
    // One that has ended already has no size any more; why it has ended is told by its terminal.
    const resized = container.resize({ h: ROWS, w: COLUMNS });
    await calls.inTime(resized, LOOK_LIMIT_MS).catch(() => undefined);
    return stream as unknown as Duplex;
  }

  /** Services that are not there any more, each with its last lines, as texts for the job's log. */
  async deadServices(): Promise<readonly string[]> {
    const texts: string[] = [];
    for (const { service, container } of this.services) {
      const { State } = await this.plan.calls.inTime(container.inspect(), LOOK_LIMIT_MS);
      if (State.Running) continue;
      const log = container.logs({ stdout: true, stderr: true, tail: LAST_LINES });
      const text = plainLog(await this.plan.calls.inTime(log, LOOK_LIMIT_MS));
      const why = State.OOMKilled ? 'was killed: it had used all the memory that it may have' : '';
      const ended = why || `has ended with ${State.ExitCode}`;
      const explained = explainLargeVariables(text, service);
      const words = text === '' ? ', without a word' : `:\n${text}`;
      texts.push(`The container ${service.name} ${ended}${explained === undefined ? words : `: ${explained}`}`);
    }
    return texts;
  }

  /** Why the main container's terminal is over, in a line. */
  async endOfMain(): Promise<string> {
    const state = await this.lookAtEnd().catch((error: unknown) =>
      isStatus(error, 404) ? 'The container was removed' : engineProblem(error),
    );
    if (typeof state === 'string') return state;
    if (state?.OOMKilled) return OUT_OF_MEMORY;
    if (state?.Running) return 'lost connection to the container engine';
    return `The container has ended with ${state?.ExitCode ?? 'an unknown status'}`;
  }

  /** A line where something in the main container was killed for want of memory since this was asked the last time. */
  async memoryProblem(): Promise<string | undefined> {
    const container = this.mainContainer;
    if (!container) return undefined;
    const counted = this.plan.calls.inTime(countMemoryKills(container), LOOK_LIMIT_MS);
    const seen = await counted.catch(() => this.memoryKills);
    const isNew = seen > this.memoryKills;
    this.memoryKills = seen;
    return isNew ? OUT_OF_MEMORY : undefined;
  }

  /**
   * Removes all of it, with what the containers have written. Resolves with what could not be removed, in a line; soon, where
   * the engine does not even answer.
   */
  async remove(): Promise<string | undefined> {
    const { calls } = this.plan;
    void calls.awaitSign();
    const gone = this.made
      .splice(0)
      .map((container) => calls.removed(() => container.remove({ force: true, v: true })));
    const problems = await Promise.all(gone);
    const network = this.network;
    this.network = undefined;
    if (network) problems.push(await calls.removed(() => network.remove()));
    return problems.find((problem) => problem !== undefined);
  }

  /** A terminal may be over a moment before the engine knows that its container has ended. */
  private async lookAtEnd() {
    const { calls } = this.plan;
    const container = this.mainContainer;
    if (!container) return undefined;
    await calls.inTime(container.wait(), END_LIMIT_MS).catch(() => undefined);
    return (await calls.inTime(container.inspect(), LOOK_LIMIT_MS)).State;
  }

  private async createMain(main: ComposeContainer): Promise<void> {
    this.mainName = main.name;
    this.mainContainer = await this.createContainer(main, 0, this.mainOptions(main));
  }

  private async startService(service: ComposeContainer, number: number): Promise<void> {
    const { command, entrypoint } = service;
    const container = await this.createContainer(service, number, {
      ...(command ? { Cmd: [...command] } : {}),
      ...(entrypoint ? { Entrypoint: [...entrypoint] } : {}),
    });
    await container.start();
    this.services.push({ service, container });
  }

  private mainOptions({ entrypoint }: ComposeContainer): Docker.ContainerCreateOptions {
    const { files, engineSocket, kvm } = this.plan;
    const mounts = files.map(({ source, target }) => ({ Type: 'bind' as const, Source: source, Target: target }));
    const socket = { Type: 'bind' as const, Source: engineSocket ?? '', Target: '/var/run/docker.sock' };
    return {
      Cmd: [...CONTAINER_HOLDER],
      ...(entrypoint ? { Entrypoint: [...entrypoint] } : {}),
      Tty: true,
      OpenStdin: true,
      HostConfig: {
        Mounts: engineSocket === undefined ? mounts : [...mounts, socket],
        // The terminal is read by us; the engine need not write it to a file as well.
        LogConfig: { Type: 'none', Config: {} },
        ...(kvm
          ? { Devices: [{ PathOnHost: '/dev/kvm', PathInContainer: '/dev/kvm', CgroupPermissions: 'rwm' }] }
          : {}),
      },
    };
  }

  private async createContainer(
    { name, image, user, env }: ComposeContainer,
    number: number,
    options: Docker.ContainerCreateOptions,
  ): Promise<Docker.Container> {
    const { docker, prefix, labels } = this.plan;
    const container = await docker.createContainer({
      ...options,
      name: `${prefix}-${number}`,
      Image: image,
      ...(user ? { User: user } : {}),
      Env: [...env],
      Labels: labels,
      HostConfig: { ...options.HostConfig, NetworkMode: prefix },
      NetworkingConfig: { EndpointsConfig: { [prefix]: { Aliases: [name] } } },
    });
    this.made.push(container);
    return container;
  }
}

const OUT_OF_MEMORY = 'Killed by the system: the container had used all the memory that it may have';
