import type { Pod } from './pods.ts';

/** The node's processors. */
const NODE_CPUS = 2;
/** Of a quantity, by its last letter. */
const FACTORS: Readonly<Record<string, number>> = { m: 0.001, k: 1_000 };

/** Why a pod finds no place on the one node of the cluster, in the scheduler's words; nothing where it does. */
export function whyUnschedulable({ spec: { containers, nodeSelector = {} } }: Pod): string | undefined {
  const cpus = containers.map(({ resources }) => resources?.requests?.cpu ?? '0');
  const sum = cpus.reduce((all, cpu) => all + Number.parseFloat(cpu) * (FACTORS[cpu.at(-1) ?? ''] ?? 1), 0);
  if (sum > NODE_CPUS)
    return '0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.';
  if (Object.keys(nodeSelector).length > 0)
    return "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.";
  return undefined;
}
