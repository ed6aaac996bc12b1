import { join } from 'node:path';
import { BrowserWindow, clipboard, type MessagePortMain } from 'electron';
import type { AgentSnapshot } from '../../../shared/agent-snapshot.ts';
import { type PortPurpose, WINDOW_URL } from '../../../shared/contract/channel.ts';
import type { EventOf } from '../../../shared/contract/contract.ts';
import { mainRendererContract } from '../../../shared/contract/main-renderer.ts';
import { createResponder, type Handlers, type Responder } from '../../../shared/contract/responder.ts';
import type { Settings } from '../../../shared/contract/settings.ts';
import type { Destination } from '../../../shared/contract/views.ts';
import { openChannel, windowWire } from '../ipc/window-wire.ts';
import { resourcePath } from '../resources.ts';
import { takeRestart } from '../supervision/restart-budget.ts';
import { openLink } from './open-link.ts';

/** Names of refused messages that are told, and how much of one. */
const MOST_REFUSALS_TOLD = 20;
const LONGEST_NAME = 100;

type WindowHandlers = Handlers<typeof mainRendererContract>;

export interface MainWindowOptions {
  readonly snapshot: () => AgentSnapshot;
  readonly hasTray: () => boolean;
  readonly commands: Omit<WindowHandlers['commands'], 'tail' | 'readLogs' | 'openLink' | 'copyText'>;
  /** What is asked about settings and the first run. */
  readonly requests: Omit<WindowHandlers['requests'], 'snapshot' | 'desktop' | 'destination' | 'saveLog'>;
  /** It is there from now on, or no more. */
  readonly onShown: (isShown: boolean) => void;
  /** The window's page is to read from the agent: the other end of its port. */
  readonly onPortWanted: (purpose: PortPurpose, port: MessagePortMain) => void;
  /** Asks the user for a file and has the log of a job written into it. Answers with what went wrong, or an empty text. */
  readonly saveLog: (log: { readonly job: string; readonly name: string }) => Promise<string>;
  /** Its page's process is gone; it is shown again by itself, or closed where that happens over and over. */
  readonly onCrash: (reason: string) => void;
}

/** The one window. Closing it ends its process and leaves the tray; opening makes it anew. */
export class MainWindow {
  private window: BrowserWindow | undefined;
  private responder: Responder<typeof mainRendererContract> | undefined;
  private destination: Destination = { view: 'now' };
  private readonly wanted = new Set<PortPurpose>();
  private restarts: readonly number[] = [];

  constructor(private readonly options: MainWindowOptions) {}

  /** What dialogs belong to; undefined while it is closed. */
  get browserWindow(): BrowserWindow | undefined {
    return this.window;
  }

  /** Shows the window, making it if it is not there. Without a destination one that is there stays as it is. */
  open(destination?: Destination): void {
    this.destination = destination ?? this.destination;
    if (this.window) {
      if (destination) this.responder?.emit('showDestination', destination);
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
      this.wanted.clear();
      this.options.onShown(false);
    });
    this.options.onShown(true);
    void window.loadURL(WINDOW_URL);
  }

  show(snapshot: AgentSnapshot): void {
    this.responder?.emit('snapshot', snapshot);
  }

  showSettings(settings: Settings): void {
    this.responder?.emit('settings', settings);
  }

  showHookOutput(output: EventOf<typeof mainRendererContract, 'hookOutput'>): void {
    this.responder?.emit('hookOutput', output);
  }

  /** Another agent runs: the page's ports led to one that has gone. */
  renewPorts(): void {
    for (const purpose of this.wanted) this.openPort(purpose);
  }

  private openPort(purpose: PortPurpose): void {
    this.wanted.add(purpose);
    if (this.window) this.options.onPortWanted(purpose, openChannel(this.window.webContents, purpose));
  }

  /** The page comes back with a process of its own; the agent and its job know nothing of that. */
  private recover(window: BrowserWindow, reason: string): void {
    if (reason === 'clean-exit') return;
    this.options.onCrash(reason);
    const restarts = takeRestart(this.restarts, performance.now());
    this.restarts = restarts ?? this.restarts;
    this.wanted.clear();
    if (restarts) window.webContents.reload();
    else window.destroy();
  }

  private answer(window: BrowserWindow): void {
    const told = new Set<string>();
    // Once for each, and not for ever: a page that goes wrong must not fill the log.
    const refused = (name: string) => {
      if (told.has(name) || told.size >= MOST_REFUSALS_TOLD) return;
      told.add(name);
      console.error(`A window's message was refused: ${name.slice(0, LONGEST_NAME)}`);
    };
    const wire = windowWire(
      window.webContents,
      (url) => url === WINDOW_URL,
      () => refused('not from our page'),
    );
    const { snapshot, hasTray, commands, saveLog } = this.options;
    const handlers: WindowHandlers = {
      requests: {
        ...this.options.requests,
        snapshot: async () => snapshot(),
        desktop: async () => ({ hasTray: hasTray() }),
        destination: async () => this.destination,
        saveLog: async (log) => ({ problem: await saveLog(log) }),
      },
      commands: {
        ...commands,
        tail: () => this.openPort('tail'),
        readLogs: () => this.openPort('logs'),
        openLink: ({ url }) => openLink(url),
        copyText: ({ text }) => clipboard.writeText(text),
      },
    };
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
