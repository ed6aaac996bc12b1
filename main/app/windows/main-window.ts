import { join } from 'node:path';
import { BrowserWindow, type MessagePortMain } from 'electron';
import type { AgentSnapshot } from '../../../shared/agent-snapshot.ts';
import { WINDOW_URL } from '../../../shared/contract/channel.ts';
import { mainRendererContract } from '../../../shared/contract/main-renderer.ts';
import { createResponder, type Handlers, type Responder } from '../../../shared/contract/responder.ts';
import type { Settings } from '../../../shared/contract/settings.ts';
import type { View } from '../../../shared/contract/views.ts';
import { openChannel, windowWire } from '../ipc/window-wire.ts';
import { resourcePath } from '../resources.ts';
import { takeRestart } from '../supervision/restart-budget.ts';

type WindowHandlers = Handlers<typeof mainRendererContract>;

export interface MainWindowOptions {
  readonly snapshot: () => AgentSnapshot;
  readonly hasTray: () => boolean;
  readonly commands: Omit<WindowHandlers['commands'], 'tail'>;
  /** What is asked about settings and the first run. */
  readonly requests: Omit<WindowHandlers['requests'], 'snapshot' | 'desktop' | 'view'>;
  /** The window's page is to see the running job's log: the other end of its port. */
  readonly onTailWanted: (port: MessagePortMain) => void;
  /** Its page's process is gone; it is shown again by itself, or closed where that happens over and over. */
  readonly onCrash: (reason: string) => void;
}

/** The one window. Closing it ends its process and leaves the tray; opening makes it anew. */
export class MainWindow {
  private window: BrowserWindow | undefined;
  private responder: Responder<typeof mainRendererContract> | undefined;
  private showsTail = false;
  private view: View = 'now';
  private restarts: readonly number[] = [];

  constructor(private readonly options: MainWindowOptions) {}

  /** What dialogs belong to; undefined while it is closed. */
  get browserWindow(): BrowserWindow | undefined {
    return this.window;
  }

  /** Shows the window, making it if it is not there. Without a view one that is there stays as it is. */
  open(view?: View): void {
    this.view = view ?? this.view;
    if (this.window) {
      if (view) this.responder?.emit('showView', view);
      if (this.window.isMinimized()) this.window.restore();
      this.window.show();
      this.window.focus();
      return;
    }
    const window = createWindow();
    this.window = window;
    window.webContents.on('will-navigate', (event) => event.preventDefault());
    window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
    window.webContents.on('render-process-gone', (_event, { reason }) => this.recover(window, reason));
    this.answer(window);
    window.once('ready-to-show', () => window.show());
    window.once('closed', () => {
      this.window = undefined;
      this.responder = undefined;
      this.showsTail = false;
    });
    void window.loadURL(WINDOW_URL);
  }

  show(snapshot: AgentSnapshot): void {
    this.responder?.emit('snapshot', snapshot);
  }

  showSettings(settings: Settings): void {
    this.responder?.emit('settings', settings);
  }

  /** Another agent runs: the page's port led to one that has gone. */
  renewTail(): void {
    if (this.window && this.showsTail) this.options.onTailWanted(openChannel(this.window.webContents));
  }

  /** The page comes back with a process of its own; the agent and its job know nothing of that. */
  private recover(window: BrowserWindow, reason: string): void {
    if (reason === 'clean-exit') return;
    this.options.onCrash(reason);
    const restarts = takeRestart(this.restarts, performance.now());
    this.restarts = restarts ?? this.restarts;
    this.showsTail = false;
    if (restarts) window.webContents.reload();
    else window.destroy();
  }

  private answer(window: BrowserWindow): void {
    const refused = (name: string) => console.error(`A window's message was refused: ${name}`);
    const wire = windowWire(
      window.webContents,
      (url) => url === WINDOW_URL,
      () => refused('not from our page'),
    );
    const { snapshot, hasTray, commands } = this.options;
    const tail = () => {
      this.showsTail = true;
      this.renewTail();
    };
    const requests = {
      ...this.options.requests,
      snapshot: async () => snapshot(),
      desktop: async () => ({ hasTray: hasTray() }),
      view: async () => this.view,
    };
    const handlers = { requests, commands: { ...commands, tail } };
    this.responder = createResponder(mainRendererContract, wire, handlers, refused);
  }
}

function createWindow(): BrowserWindow {
  return new BrowserWindow({
    width: 980,
    height: 640,
    minWidth: 720,
    minHeight: 480,
    show: false,
    title: 'Signalbox',
    autoHideMenuBar: true,
    // What task bars show on Linux; elsewhere it comes from the package.
    ...(process.platform === 'linux' ? { icon: resourcePath('icon-128.png') } : {}),
    webPreferences: {
      preload: join(__dirname, 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
    },
  });
}
