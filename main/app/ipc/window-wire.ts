import { ipcMain, MessageChannelMain, type MessagePortMain, type WebContents, type WebFrameMain } from 'electron';
import type { Wire } from '../../../shared/contract/caller.ts';
import { CHANNEL, PORT_CHANNEL, type PortPurpose } from '../../../shared/contract/channel.ts';

/**
 * The wire to one window. Only its own top frame, on our own page, is listened to: the sender is checked before anything of
 * a message is looked at.
 */
export function windowWire(contents: WebContents, isOurs: (url: string) => boolean, onStranger: () => void): Wire {
  return {
    send(envelope) {
      if (!contents.isDestroyed()) contents.send(CHANNEL, envelope);
    },
    onMessage(receiver) {
      const listener = (event: Electron.IpcMainEvent, message: unknown) => {
        if (event.sender !== contents) return;
        if (event.senderFrame === contents.mainFrame && isOurs(urlOf(event.senderFrame))) receiver(message);
        else onStranger();
      };
      ipcMain.on(CHANNEL, listener);
      contents.once('destroyed', () => ipcMain.off(CHANNEL, listener));
    },
    onClose: (receiver) => void contents.once('destroyed', receiver),
  };
}

/** A frame that has gone since it sent something has no address any more: asked for one, it throws. */
function urlOf(frame: WebFrameMain | null): string {
  try {
    return frame?.url ?? '';
  } catch {
    return '';
  }
}

/** Hands a window one end of a new channel and returns the other: what is said over it does not come through this process. */
export function openChannel(contents: WebContents, purpose: PortPurpose): MessagePortMain {
  const { port1, port2 } = new MessageChannelMain();
  contents.postMessage(PORT_CHANNEL, purpose, [port1]);
  return port2;
}
