import { join } from 'node:path';
import { BrowserWindow } from 'electron';
import type { AgentSnapshot } from '../../../shared/agent-snapshot.ts';
import { WINDOW_URL } from '../../../shared/contract/channel.ts';
import { mainRendererContract } from '../../../shared/contract/main-renderer.ts';
import { createResponder, type Responder } from '../../../shared/contract/responder.ts';
import { windowWire } from '../ipc/window-wire.ts';

export interface MainWindowOptions {
  readonly snapshot: () => AgentSnapshot;
  readonly commands: { pause(): void; resume(): void; stopJob(): void; disconnect(): void };
}

/** The one window. Closing it ends its process and leaves the tray; opening makes it anew. */
export class MainWindow {
  private window: BrowserWindow | undefined;
  private responder: Responder<typeof mainRendererContract> | undefined;

  constructor(private readonly options: MainWindowOptions) {}

  /** Shows the window, making it if it is not there. */
  open(): void {
    if (this.window) {
      if (this.window.isMinimized()) this.window.restore();
      this.window.show();
      this.window.focus();
      return;
    }
    const window = new BrowserWindow({
      width: 980,
      height: 640,
      minWidth: 720,
      minHeight: 480,
      show: false,
      title: 'Signalbox',
      autoHideMenuBar: true,
      webPreferences: {
        preload: join(__dirname, 'preload.cjs'),
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
      },
    });
    this.window = window;
    window.webContents.on('will-navigate', (event) => event.preventDefault());
    window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
    this.answer(window);
    window.once('ready-to-show', () => window.show());
    window.once('closed', () => {
      this.window = undefined;
      this.responder = undefined;
    });
    void window.loadURL(WINDOW_URL);
  }

  show(snapshot: AgentSnapshot): void {
    this.responder?.emit('snapshot', snapshot);
  }

  private answer(window: BrowserWindow): void {
    const refused = (name: string) => console.error(`A window's message was refused: ${name}`);
    const wire = windowWire(
      window.webContents,
      (url) => url === WINDOW_URL,
      () => refused('not from our page'),
    );
    const { snapshot, commands } = this.options;
    this.responder = createResponder(
      mainRendererContract,
      wire,
      { requests: { snapshot: async () => snapshot() }, commands },
      refused,
    );
  }
}
