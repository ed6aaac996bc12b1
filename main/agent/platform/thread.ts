import { type MessagePort, parentPort, Worker } from 'node:worker_threads';
import type { Wire } from '../../../shared/contract/caller.ts';

/** Starts a thread that runs a file. `end` ends it wherever it is, also in the middle of a regular expression. */
export function startThread(path: string): { readonly wire: Wire; end(): void } {
  const worker = new Worker(path);
  // It ends by itself only when it is broken; who waits for it hears of that as of any other end.
  worker.on('error', () => undefined);
  return { wire: wireOf(worker, 'exit'), end: () => void worker.terminate() };
}

/** Within such a thread: the wire to who started it. */
export function wireOfThread(): Wire {
  if (!parentPort) throw new Error('this runs in a thread only');
  return wireOf(parentPort, 'close');
}

function wireOf(port: Worker | MessagePort, end: string): Wire {
  return {
    send: (envelope) => port.postMessage(envelope),
    onMessage: (receiver) => void port.on('message', (message: unknown) => receiver(message)),
    onClose: (receiver) => void port.on(end, receiver),
  };
}
