import type { Queue } from '../../../shared/contract/queue.ts';
import type { HubMetrics } from './wire.ts';

/** What the hub says about an agent type, in the words of the contract. */
export function queueOf({ jobs, agents }: HubMetrics): Queue {
  return {
    jobsQueued: jobs.queued,
    jobsRunning: jobs.running,
    agentsIdle: agents.idle,
    agentsOccupied: agents.occupied,
  };
}
