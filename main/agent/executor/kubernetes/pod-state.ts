/** A pod, as far as its start is concerned. Source: core/v1, as recorded. */
export interface PodView {
  readonly metadata?: { readonly resourceVersion?: string; readonly deletionTimestamp?: string };
  readonly spec?: { readonly nodeName?: string };
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
      readonly message?: string;
    }[];
    readonly initContainerStatuses?: readonly ContainerView[];
    readonly containerStatuses?: readonly ContainerView[];
  };
}

interface ContainerView {
  readonly name: string;
  readonly ready?: boolean;
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly running?: unknown;
    readonly terminated?: { readonly exitCode?: number; readonly reason?: string; readonly message?: string };
  };
}

/** Where a pod is on its way. `line`: for the job's log, told once. */
export type PodState =
  | { readonly kind: 'ready' }
  | { readonly kind: 'waiting'; readonly line: string }
  /** It will never be ready. `reason`: one line, by the container's name. */
  | { readonly kind: 'failed'; readonly reason: string };

/** Reasons of a waiting container that do not pass by themselves in any time that a job would wait. */
const HOPELESS = [
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'InvalidImageName',
  'CreateContainerError',
  'CreateContainerConfigError',
  'RunContainerError',
  'CrashLoopBackOff',
  'RegistryUnavailable',
];

/** Reads a pod's state. The lines have the form that the reference agent's have, so that they can be told from others. */
export function readPodState({ status = {}, spec = {} }: PodView): PodState {
  const { phase = 'Pending', conditions = [], initContainerStatuses = [], containerStatuses = [] } = status;
  const ended = [...containerStatuses, ...initContainerStatuses.filter(failedInit)].filter(
    ({ state }) => state?.terminated,
  );
  if (phase === 'Failed' || phase === 'Succeeded') {
    const why = [status.reason, status.message, ...ended.map(told)].filter(Boolean).join(', ');
    return { kind: 'failed', reason: `the pod ended as ${phase}${why ? `: ${why}` : ''}` };
  }
  const hopeless = [...initContainerStatuses, ...containerStatuses].filter(isHopeless);
  if (hopeless.length > 0) return { kind: 'failed', reason: hopeless.map(told).join(', ') };
  if (ended.length > 0) return { kind: 'failed', reason: ended.map(told).join(', ') };
  if (conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True')) return { kind: 'ready' };
  const unscheduled = conditions.find(({ type, status: is }) => type === 'PodScheduled' && is === 'False');
  if (unscheduled) return pending(unscheduled.message || unscheduled.reason || 'it has no node yet');
  const waiting = [...initContainerStatuses, ...containerStatuses].filter(
    ({ ready, state }) => !ready && !state?.terminated,
  );
  const [first] = waiting;
  if (first)
    return {
      kind: 'waiting',
      line: `container '${first.name}' is not ready yet - statuses: [${waiting.map(told).join(', ')}]`,
    };
  return pending(spec.nodeName ? `scheduled on ${spec.nodeName}` : 'waiting for a node');
}

function pending(what: string): PodState {
  return { kind: 'waiting', line: `pod in pending state - statuses: [${oneLine(what)}]` };
}

function failedInit({ state }: ContainerView): boolean {
  return (state?.terminated?.exitCode ?? 0) !== 0;
}

function isHopeless({ state }: ContainerView): boolean {
  return HOPELESS.includes(state?.waiting?.reason ?? '');
}

function told({ name, state }: ContainerView): string {
  const { waiting, terminated } = state ?? {};
  const message = oneLine(waiting?.message ?? terminated?.message ?? '');
  const tail = message ? `: ${message}` : '';
  if (waiting) return `container '${name}' waits, ${waiting.reason ?? 'without a reason'}${tail}`;
  if (terminated)
    return `container '${name}' ended, ${terminated.reason ?? 'Error'}, exit code ${terminated.exitCode ?? '?'}${tail}`;
  return `container '${name}' is starting`;
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, '; ');
}
