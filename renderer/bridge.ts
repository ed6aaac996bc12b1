import { type Caller, createCaller } from '../shared/contract/caller.ts';
import { TAIL_CHANNEL } from '../shared/contract/channel.ts';
import type { Envelope } from '../shared/contract/contract.ts';
import { mainRendererContract } from '../shared/contract/main-renderer.ts';

/** What the preload gives to this page. */
interface PreloadBridge {
  send(envelope: Envelope): void;
  onMessage(receiver: (message: unknown) => void): void;
}

declare global {
  interface Window {
    readonly signalboxBridge: PreloadBridge;
  }
}

export type Bridge = Caller<typeof mainRendererContract>;

/** The way to the main process. When that one goes, so does this page: there is no close to listen for. */
export function connectBridge(): Bridge {
  const { send, onMessage } = window.signalboxBridge;
  const startTimer = (ms: number, callback: () => void) => {
    const timer = window.setTimeout(callback, ms);
    return () => window.clearTimeout(timer);
  };
  return createCaller(mainRendererContract, { send, onMessage, onClose: () => undefined }, startTimer);
}

/** Calls `receiver` with every port to a log that main hands to this page. */
export function onTailPort(receiver: (port: MessagePort) => void): void {
  window.addEventListener('message', ({ source, data: message, ports }) => {
    const [port] = ports;
    if (source === window && message === TAIL_CHANNEL && port) receiver(port);
  });
}
