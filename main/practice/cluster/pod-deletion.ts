import type { Kubelet } from './kubelet.ts';
import { type Objects, timestamp } from './objects.ts';
import type { Pod } from './pods.ts';

/**
 * Deletes a pod: at once without grace or without a node, else when its processes have ended. Returns it as the answer shows
 * it.
 */
export function deletePod(objects: Objects, kubelet: Kubelet, pod: Pod, grace: number | undefined): Pod {
  const seconds = pod.spec.nodeName ? (grace ?? pod.spec.terminationGracePeriodSeconds) : 0;
  if (seconds === 0) return removeAtOnce(objects, kubelet, pod);
  if (pod.metadata.deletionTimestamp !== undefined) return pod;
  const marked = mark(objects, pod, seconds);
  void kubelet.endWithGrace(pod, seconds).then(() => {
    const { namespace, name, uid } = pod.metadata;
    if (!objects.has('pods', namespace, name)) return;
    const present = objects.get('pods', namespace, name) as Pod;
    if (present.metadata.uid === uid) removeAtOnce(objects, kubelet, present);
  });
  return marked;
}

function removeAtOnce(objects: Objects, kubelet: Kubelet, pod: Pod): Pod {
  const removed = objects.remove('pods', mark(objects, pod, 0)) as Pod;
  kubelet.end(pod);
  return removed;
}

function mark(objects: Objects, pod: Pod, seconds: number): Pod {
  const metadata = { ...pod.metadata, deletionTimestamp: timestamp(), deletionGracePeriodSeconds: seconds };
  return objects.change('pods', { ...pod, metadata }) as Pod;
}
