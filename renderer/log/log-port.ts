import { type Caller, createCaller } from '../../shared/contract/caller.ts';
import { logContract } from '../../shared/contract/log.ts';

export type LogCaller = Caller<typeof logContract>;

/** Closes the way that was before. */
let closePrevious: () => void = () => undefined;

/**
 * The way to the agent's logs, over a port to it. When the agent goes, another port comes, and what was asked over this one
 * fails. (A listener for `close` on the port itself makes Electron 25 crash when the page is loaded again.)
 */
export function connectLogs(port: MessagePort): LogCaller {
  closePrevious();
  const startTimer = (ms: number, callback: () => void) => {
    const timer = window.setTimeout(callback, ms);
    return () => window.clearTimeout(timer);
  };
  const wire = {
    send: (envelope: unknown) => port.postMessage(envelope),
    onMessage(receiver: (message: unknown) => void) {
      port.onmessage = ({ data: message }) => receiver(message);
    },
    onClose(receiver: () => void) {
      closePrevious = () => {
        port.close();
        receiver();
      };
    },
  };
  return createCaller(logContract, wire, startTimer);
}
