import type { MessagePortMain, UtilityProcess } from 'electron';
import { type Caller, createCaller, type Wire } from '../../../shared/contract/caller.ts';
import { mainAgentContract } from '../../../shared/contract/main-agent.ts';

/** The wire to the agent in its utility process. A port that goes with an envelope becomes the agent's. */
export function agentWire(process: UtilityProcess): Wire {
  return {
    send: (envelope, port) => process.postMessage(envelope, port ? [port as MessagePortMain] : []),
    onMessage: (receiver) => void process.on('message', (message: unknown) => receiver(message)),
    onClose: (receiver) => void process.on('exit', receiver),
  };
}

/** Asks the agent at the other end. */
export function createAgentCaller(wire: Wire): Caller<typeof mainAgentContract> {
  return createCaller(mainAgentContract, wire, (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  });
}
