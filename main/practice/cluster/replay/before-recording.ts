import type { StandInCluster } from '../api-server.ts';
import { call, type ReplayTarget } from './replay.ts';

const SLEEPER = { name: 'main', image: 'conformance-base:1', command: ['bash', '-c', 'sleep infinity'] };
/** Process 1 ends at SIGTERM only if it wants to. */
const LISTENER = { ...SLEEPER, command: ['bash', '-c', 'trap exit TERM; while :; do sleep 0.1; done'] };
const SIDE = { ...SLEEPER, name: 'side' };

/** The pods that were there when a recording began. */
function podsBefore(name: string): readonly Readonly<Record<string, unknown>>[] {
  const pod = (podName: string, containers: readonly unknown[], more = {}, labels = {}) => ({
    metadata: { name: podName, labels: { app: 'agent-test', ...labels } },
    spec: { restartPolicy: 'Never', automountServiceAccountToken: false, containers, ...more },
  });
  if (name === 'pods-by-label')
    return ['rec-l1', 'rec-l2', 'rec-l3'].map((one) => ({
      ...pod(one, [SLEEPER]),
      metadata: { name: one, labels: { 'agent-test': 'many', job: one } },
    }));
  if (name === 'pod-delete-default') return [pod('rec-del', [SLEEPER])];
  if (name === 'server-stops') return [pod('rec-end', [SLEEPER])];
  if (!name.startsWith('exec')) return [];
  return [
    pod('rec-exec', [SLEEPER, SIDE]),
    pod('rec-b', [SLEEPER]),
    pod('rec-idle', [SLEEPER]),
    pod('rec-ctrld', [SLEEPER]),
    pod('rec-done', [{ ...SLEEPER, command: ['true'] }]),
    pod('rec-wait', [SLEEPER], { nodeSelector: { no: 'such' } }),
    ...['v4', 'v5'].flatMap((version) => [
      pod(`rec-lost-${version}-delete-tty`, [SLEEPER]),
      pod(`rec-lost-${version}-delete-raw`, [SLEEPER]),
      pod(`rec-lost-${version}-kill-tty`, [LISTENER]),
    ]),
  ];
}

/** Brings a new stand-in to where the cluster was when a recording began. */
export async function prepare(name: string, target: ReplayTarget): Promise<void> {
  const { cluster } = target;
  // One after another: the newest version of a list is that of its last pod.
  for (const body of podsBefore(name)) {
    const path = '/api/v1/namespaces/default/pods';
    await call({ request: { method: 'POST', path, user: 'agent', body }, response: { status: 201 } }, target);
    const podName = (body.metadata as { name: string }).name;
    const wanted = { 'rec-done': 'Succeeded', 'rec-wait': 'Pending' }[podName] ?? 'Running';
    await phaseOf(cluster, podName, wanted);
  }
  if (name === 'configmap')
    cluster.objects.create('configmaps', 'default', {
      metadata: { name: 'podspec' },
      data: {
        mainContainer: 'env:\n- {name: FROM_PODSPEC, value: "yes"}\nimagePullPolicy: IfNotPresent\nworkingDir: /etc\n',
        pod: 'nodeSelector: {}\nhostAliases:\n- ip: 10.9.8.7\n  hostnames: [from.podspec]\n',
      },
    });
  if (name === 'watch-ends') target.bindings.set('RV4', String(Number(cluster.objects.version) + 1_000));
}

function phaseOf(cluster: StandInCluster, name: string, phase: string): Promise<void> {
  return new Promise((resolve) => {
    const stop = cluster.objects.watch('878', ({ object }) => {
      const isIt = object.metadata.name === name && (object.status as { phase?: string })?.phase === phase;
      if (!isIt) return;
      setImmediate(() => {
        stop();
        resolve();
      });
    });
  });
}
