import { type Caller, createCaller } from '../shared/contract/caller.ts';
import { PORT_CHANNEL, type PortPurpose } from '../shared/contract/channel.ts';
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

/** Calls the receiver of its purpose with every port to the agent that main hands to this page. */
export function onPort(receivers: Readonly<Partial<Record<PortPurpose, (port: MessagePort) => void>>>): void {
  window.addEventListener('message', ({ source, data: message, ports }) => {
    const [port] = ports;
    const { channel, purpose } = (message ?? {}) as { readonly channel?: unknown; readonly purpose?: PortPurpose };
    if (source === window && channel === PORT_CHANNEL && port && purpose) receivers[purpose]?.(port);
  });
}
