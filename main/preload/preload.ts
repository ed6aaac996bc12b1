import { contextBridge, ipcRenderer } from 'electron';
import { CHANNEL, PORT_CHANNEL } from '../../shared/contract/channel.ts';
import type { Envelope } from '../../shared/contract/contract.ts';

/*
 * All that a page gets of the world: it can send envelopes of the contract and receive them. What is in them is checked by
 * the main process; the event object stays here.
 */
contextBridge.exposeInMainWorld('signalboxBridge', {
  send: (envelope: Envelope) => ipcRenderer.send(CHANNEL, envelope),
  onMessage: (receiver: (message: unknown) => void) =>
    void ipcRenderer.on(CHANNEL, (_event, message: unknown) => receiver(message)),
});

// A port cannot cross the bridge; as a message of the window's own it can.
ipcRenderer.on(PORT_CHANNEL, (event, purpose: unknown) =>
  window.postMessage({ channel: PORT_CHANNEL, purpose }, window.location.origin, [...event.ports]),
);
