import { join } from 'node:path';
import { ContainerProcess } from './container-process.ts';
import { createContainerId, endedState, startError, statusOfContainer, WAITING } from './container-status.ts';
import { variablesOf } from './container-variables.ts';
import { tellEvent } from './events.ts';
import { backOff, findImage, type ImageProblem, type Images } from './images.ts';
import { type Objects, timestamp } from './objects.ts';
import { missingSecret, mountsOf } from './pod-volumes.ts';
import {
  type Container,
  type ContainerState,
  type ContainerStatus,
  condition,
  NODE,
  type Pod,
  type PodStatus,
  statusOf,
} from './pods.ts';
import { whyUnschedulable } from './scheduler.ts';

export interface KubeletOptions {
  readonly objects: Objects;
  readonly images: Images;
  /** Containers have their folders in it. */
  readonly folder: string;
  /** From the deletion of a pod without grace to the end of its processes, in ms. A real node takes 2 to 3 s. */
  readonly killDelayMs: number;
  /** From a pull that failed to the word that it is waited with, in ms. */
  readonly backOffMs: number;
  /** A second of grace takes so many ms. */
  readonly graceSecondMs: number;
  /** A container that ends within this time was never seen running. In ms. */
  readonly firstLookMs: number;
}

interface RunningPod {
  readonly containers: Map<string, ContainerProcess>;
  statuses: ContainerStatus[];
  deleted: boolean;
  /** Its containers are being made. */
  starting: Promise<unknown>;
}

/** The one node of the cluster: brings pods to life as real processes and tells their status. */
export class Kubelet {
  private readonly running = new Map<string, RunningPod>();

  constructor(private readonly options: KubeletOptions) {}

  /** A pod was created. Resolves when it has ended or was deleted; never rejects. */
  async run(created: Pod): Promise<void> {
    const here: RunningPod = { containers: new Map(), statuses: [], deleted: false, starting: Promise.resolve() };
    this.running.set(created.metadata.uid, here);
    const misfit = whyUnschedulable(created);
    if (misfit !== undefined) return this.refuse(created, misfit);
    const pod = this.assign(created);
    const startedAt = timestamp();
    here.statuses = pod.spec.containers.map((one) => statusOfContainer(one, WAITING));
    const tell = (phase: string, hasSandbox: boolean, podIp?: string) =>
      this.tell(pod, statusOf(pod, { phase, containers: here.statuses, startedAt, hasSandbox, podIp }));
    tell('Pending', false);
    const missing = missingSecret(this.options.objects, pod);
    if (missing !== undefined) return tellEvent(this.options.objects, pod, 'FailedMount', missing);
    const podIp = '127.0.0.1';
    const problems = await Promise.all(pod.spec.containers.map((one) => this.pull(pod, one)));
    if (problems.some(Boolean))
      return this.waitForImages({ here, pod, problems, tell: () => tell('Pending', true, podIp) });
    if (here.deleted) return;
    const starting = this.startAll(pod, here);
    here.starting = starting;
    const ends = await starting;
    if (here.deleted) return;
    await Promise.race([Promise.all(ends), delay(this.options.firstLookMs)]);
    const lives = () => here.statuses.some(({ state }) => state.running);
    tell(lives() ? 'Running' : 'Pending', true, podIp);
    const running = here.statuses.flatMap(({ state }, index) => (state.running ? [ends[index]] : []));
    for (const end of running) void end?.then(() => !here.deleted && lives() && tell('Running', true, podIp));
    await Promise.all(ends);
    const failed = here.statuses.some(({ state }) => state.terminated?.exitCode !== 0);
    if (!here.deleted) tell(failed ? 'Failed' : 'Succeeded', false, podIp);
  }

  /** A container that can be entered, by the name of its pod and its own. */
  find(pod: Pod, container: string): ContainerProcess | undefined {
    const here = this.running.get(pod.metadata.uid);
    const isRunning = here?.statuses.some(({ name, state }) => name === container && state.running);
    return isRunning ? here?.containers.get(container) : undefined;
  }

  /** What a container has printed. */
  logOf(pod: Pod, container: string): string {
    return this.running.get(pod.metadata.uid)?.containers.get(container)?.log ?? '';
  }

  /** A pod is deleted: its name is free at once, its processes end a little later. */
  end(pod: Pod): void {
    const here = this.running.get(pod.metadata.uid);
    if (!here) return;
    here.deleted = true;
    setTimeout(() => this.killAll(here), this.options.killDelayMs);
  }

  /** A pod is deleted with grace: resolves when its processes have ended. */
  async endWithGrace(pod: Pod, seconds: number): Promise<void> {
    const here = this.running.get(pod.metadata.uid);
    if (!here) return;
    for (const container of here.containers.values()) container.terminate();
    const ends = [...here.containers.values()].map(({ ended }) => ended);
    await Promise.race([Promise.all(ends), delay(seconds * this.options.graceSecondMs)]);
    this.killAll(here);
    await Promise.all(ends);
    await delay(0);
  }

  /** Ends everything at once. */
  async close(): Promise<void> {
    const all = [...this.running.values()];
    for (const here of all) {
      here.deleted = true;
      this.killAll(here);
    }
    await Promise.allSettled(all.map(({ starting }) => starting));
    await Promise.all(all.flatMap(({ containers }) => [...containers.values()].map(({ ended }) => ended)));
  }

  private killAll({ containers }: RunningPod): void {
    for (const container of containers.values()) container.kill();
  }

  private tell(pod: Pod, status: PodStatus): void {
    const { objects } = this.options;
    const { namespace, name, uid } = pod.metadata;
    if (!objects.has('pods', namespace, name)) return;
    const present = objects.get('pods', namespace, name);
    if (present.metadata.uid === uid) objects.change('pods', { ...present, status });
  }

  private refuse(pod: Pod, message: string): void {
    const why = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message } as const;
    this.tell(pod, { ...pod.status, conditions: [condition(why, timestamp())] });
    tellEvent(this.options.objects, pod, 'FailedScheduling', message);
  }

  private assign(pod: Pod): Pod {
    const conditions = [condition({ type: 'PodScheduled', status: 'True' }, timestamp())];
    const assigned = { ...pod, spec: { ...pod.spec, nodeName: NODE }, status: { ...pod.status, conditions } };
    return this.options.objects.change('pods', assigned) as Pod;
  }

  private async pull(pod: Pod, container: Container): Promise<ImageProblem | undefined> {
    const found = await findImage(this.options.images, container);
    if (found?.reason === 'ErrImagePull')
      tellEvent(this.options.objects, pod, 'Failed', `Failed to pull image "${container.image}": ${found.message}`);
    return found;
  }

  private async waitForImages({ here, pod, problems, tell }: ImageWait): Promise<void> {
    const show = (shown: readonly (ImageProblem | undefined)[]) => {
      here.statuses = here.statuses.map((status, index) => {
        const problem = shown[index];
        return problem ? { ...status, state: { waiting: problem } } : status;
      });
      tell();
    };
    show(problems);
    if (!problems.some((problem) => problem?.reason === 'ErrImagePull')) return;
    await delay(this.options.backOffMs);
    if (!here.deleted) show(problems.map((problem, index) => problem && backOff(problem, pod.spec.containers[index])));
  }

  /** Resolves when each container is running or could not be started, with promises of their ends. */
  private async startAll(pod: Pod, here: RunningPod): Promise<Promise<void>[]> {
    const started = await Promise.all(pod.spec.containers.map((one, index) => this.start({ pod, one, index, here })));
    if (here.deleted) this.killAll(here);
    return started.flatMap((one) => (one ? [one.ended] : []));
  }

  private async start({ pod, one, index, here }: StartOptions): Promise<Started | undefined> {
    const containerID = createContainerId();
    const set = (state: ContainerState) => {
      here.statuses = here.statuses.map((status, at) =>
        at === index ? statusOfContainer(one, state, containerID) : status,
      );
    };
    const image = this.options.images.get(one.image);
    const command = [...(one.command ?? image?.command ?? ['bash']), ...(one.args ?? [])];
    const program = command[0] ?? '';
    if (image?.lacks?.includes(program)) {
      set(endedState({ exitCode: 128, reason: 'StartError', message: startError(program), containerID }));
      return undefined;
    }
    const container = await ContainerProcess.start({
      folder: join(this.options.folder, pod.metadata.uid, one.name),
      hostName: pod.metadata.name,
      command,
      env: variablesOf(one),
      workingDir: one.workingDir ?? '/root',
      mounts: mountsOf(this.options.objects, pod, one),
    });
    here.containers.set(one.name, container);
    set({ running: { startedAt: timestamp() } });
    const ended = container.ended.then((exitCode) =>
      set(endedState({ exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', containerID })),
    );
    return { ended };
  }
}

interface StartOptions {
  readonly pod: Pod;
  readonly one: Container;
  readonly index: number;
  readonly here: RunningPod;
}

/** In an object of its own, as a promise of a promise is one promise. */
interface Started {
  readonly ended: Promise<void>;
}

interface ImageWait {
  readonly here: RunningPod;
  readonly pod: Pod;
  readonly problems: readonly (ImageProblem | undefined)[];
  readonly tell: () => void;
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
