import { randomBytes } from 'node:crypto';
import { type Objects, timestamp } from './objects.ts';
import type { Pod } from './pods.ts';

/** Makes an event about a pod: some reasons why it does not start stand nowhere else. */
export function tellEvent(objects: Objects, pod: Pod, reason: string, message: string): void {
  const { name, namespace, uid, resourceVersion } = pod.metadata;
  const at = timestamp();
  objects.create('events', namespace, {
    metadata: { name: `${name}.${randomBytes(8).toString('hex')}` },
    involvedObject: { kind: 'Pod', namespace, name, uid, apiVersion: 'v1', resourceVersion },
    reason,
    message,
    source: { component: 'kubelet', host: 'node-1' },
    firstTimestamp: at,
    lastTimestamp: at,
    count: 1,
    type: 'Warning',
    eventTime: null,
    reportingComponent: 'kubelet',
    reportingInstance: 'node-1',
  });
}
