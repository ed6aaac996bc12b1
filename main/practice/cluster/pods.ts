import type { ApiObject } from './objects.ts';

/*
 * Pods as the API shows them: the server's defaults, and the parts of their status. Forms: recorded from v1.32.5 with one
 * node.
 */

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly workingDir?: string;
  readonly imagePullPolicy?: string;
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
  readonly resources?: { readonly requests?: Readonly<Record<string, string>> };
}

export interface Volume {
  readonly name: string;
  readonly secret?: { readonly secretName: string; readonly defaultMode?: number; readonly optional?: boolean };
}

export interface Pod extends ApiObject {
  readonly spec: {
    readonly containers: readonly Container[];
    readonly volumes?: readonly Volume[];
    readonly nodeName?: string;
    readonly nodeSelector?: Readonly<Record<string, string>>;
    readonly terminationGracePeriodSeconds: number;
  };
  readonly status: PodStatus;
}

export interface PodStatus {
  readonly phase: string;
  readonly conditions?: readonly unknown[];
  readonly containerStatuses?: readonly ContainerStatus[];
  readonly [field: string]: unknown;
}

export interface ContainerState {
  readonly waiting?: { readonly reason: string; readonly message?: string };
  readonly running?: { readonly startedAt: string };
  readonly terminated?: { readonly exitCode: number; readonly reason: string; readonly [field: string]: unknown };
}

export interface ContainerStatus {
  readonly name: string;
  readonly state: ContainerState;
  readonly ready: boolean;
  readonly [field: string]: unknown;
}

export const NODE = 'node-1';

const CONTAINER_DEFAULTS = { terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File' };
const TOLERATIONS = ['not-ready', 'unreachable'].map((what) => ({
  key: `node.kubernetes.io/${what}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
}));

/** A pod's specification with what the server adds to it, and its first status. */
export function withDefaults(given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { volumes, initContainers, containers, ...spec } = given.spec as Readonly<Record<string, unknown>>;
  const complete = {
    ...(volumes ? { volumes: (volumes as Volume[]).map(volumeWithDefaults) } : {}),
    ...(initContainers ? { initContainers: (initContainers as Container[]).map(containerWithDefaults) } : {}),
    containers: (containers as Container[]).map(containerWithDefaults),
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    serviceAccountName: 'default',
    serviceAccount: 'default',
    securityContext: {},
    schedulerName: 'default-scheduler',
    tolerations: TOLERATIONS,
    priority: 0,
    enableServiceLinks: true,
    preemptionPolicy: 'PreemptLowerPriority',
    ...spec,
  };
  const burstable = (containers as Container[]).some(({ resources }) => resources?.requests);
  const status = { phase: 'Pending', qosClass: burstable ? 'Burstable' : 'BestEffort' };
  return { kind: 'Pod', apiVersion: 'v1', metadata: given.metadata, spec: complete, status };
}

function containerWithDefaults(container: Container): unknown {
  // A name that is none has no tag either.
  const isLatest = /^[^\sA-Z:]+(?::latest)?$/.test(container.image);
  const requests = Object.entries(container.resources?.requests ?? {});
  const resources = requests.length > 0 ? { requests: Object.fromEntries(requests.map(canonical)) } : {};
  return {
    ...CONTAINER_DEFAULTS,
    imagePullPolicy: isLatest ? 'Always' : 'IfNotPresent',
    ...container,
    resources: { ...container.resources, ...resources },
  };
}

/** Whole thousands are written with a `k`. */
function canonical([name, quantity]: readonly [string, string]): readonly [string, string] {
  return [name, /^\d+000$/.test(quantity) ? `${quantity.slice(0, -3)}k` : quantity];
}

function volumeWithDefaults({ secret, ...volume }: Volume): unknown {
  return secret ? { ...volume, secret: { defaultMode: 420, ...secret } } : volume;
}

/** The part of a pod's status that its conditions are. */
export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly reason?: string;
  readonly message?: string;
}

/** A condition as the API has it. */
export function condition(given: Condition, at: string): unknown {
  const { type, status, ...why } = given;
  return { type, status, lastProbeTime: null, lastTransitionTime: at, ...why };
}

export interface StatusParts {
  readonly phase: string;
  readonly containers: readonly ContainerStatus[];
  readonly startedAt: string;
  /** False until the node has made the pod's network, and again when all has ended. */
  readonly hasSandbox: boolean;
  readonly podIp: string | undefined;
}

/** The status that the node tells. */
export function statusOf(pod: Pod, { phase, containers, startedAt, hasSandbox, podIp }: StatusParts): PodStatus {
  const ended = containers.length > 0 && containers.every(({ state }) => state.terminated);
  const unready = containers.filter(({ ready }) => !ready).map(({ name }) => name);
  const failed = containers.some(({ state }) => (state.terminated?.exitCode ?? 0) !== 0);
  const why = ended
    ? { reason: failed ? 'PodFailed' : 'PodCompleted' }
    : { reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` };
  const ready: Pick<Condition, 'status' | 'reason' | 'message'> =
    unready.length === 0 ? { status: 'True' } : { status: 'False', ...why };
  const conditions: readonly Condition[] = [
    { type: 'PodReadyToStartContainers', status: hasSandbox ? 'True' : 'False' },
    { type: 'Initialized', status: 'True', ...(ended && !failed ? { reason: 'PodCompleted' } : {}) },
    { type: 'Ready', ...ready },
    { type: 'ContainersReady', ...ready },
    { type: 'PodScheduled', status: 'True' },
  ];
  return {
    phase,
    conditions: conditions.map((one) => condition(one, startedAt)),
    hostIP: '127.0.0.1',
    hostIPs: [{ ip: '127.0.0.1' }],
    ...(podIp ? { podIP: podIp, podIPs: [{ ip: podIp }] } : {}),
    startTime: startedAt,
    containerStatuses: containers,
    qosClass: pod.status.qosClass,
  };
}
