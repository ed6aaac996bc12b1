import type { UtilityProcess } from 'electron';
import type { Wire } from '../../../shared/contract/caller.ts';

/** The wire to the agent in its utility process. */
export function agentWire(process: UtilityProcess): Wire {
  return {
    send: (envelope) => process.postMessage(envelope),
    onMessage: (receiver) => void process.on('message', receiver),
    onClose: (receiver) => void process.on('exit', receiver),
  };
}
