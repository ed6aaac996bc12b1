import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DBusError, Message, type MessageBus, sessionBus, Variant } from '@jellybrick/dbus-next';
import { plain } from './bus-values.ts';
import { type Daemon, startDaemon } from './daemon.ts';
import { entriesOf, entryAt, type MenuEntry } from './menu-entry.ts';

const WATCHER = 'org.kde.StatusNotifierWatcher';
const NOTIFICATIONS = 'org.freedesktop.Notifications';
const PROPERTIES = 'org.freedesktop.DBus.Properties';
const UPOWER = 'org.freedesktop.UPower';
const LOGIN = 'org.freedesktop.login1';
/** Whom apps ask to keep the machine awake. */
const AWAKE = ['org.freedesktop.PowerManagement', 'org.freedesktop.ScreenSaver'];
/** How long an entry of the menu is waited for, and how often it is looked for meanwhile, in ms. */
const ENTRY_LIMIT_MS = 20_000;
const LOOK_MS = 20;
/** `DBUS_NAME_FLAG_DO_NOT_QUEUE`. */
const DO_NOT_QUEUE = 4;

/** A session bus that lets everybody in: a test that is root's looks at the desktop of an ordinary user. */
const busConfig = (folder: string) => `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=${folder}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
  </policy>
</busconfig>
`;

/** Pixels as they are on the bus: alpha, red, green, blue. */
interface TrayPicture {
  readonly width: number;
  readonly height: number;
  readonly argb: Uint8Array;
}

/** A desktop of a test's own: X server, bus and tray host. The test reads tray and menu as data and clicks over the bus. */
export class TestDesktop {
  private readonly items: { readonly name: string; readonly path: string }[] = [];
  private readonly registered: (() => void)[] = [];

  /** The machine's power, as an app is told when it asks. */
  power = { onBattery: false, level: 100 };
  /** What keeps the machine awake at the moment. */
  readonly inhibitors = new Set<number>();
  private lastInhibitor = 0;

  private constructor(
    private readonly folder: string,
    private readonly display: Daemon,
    private readonly daemon: Daemon,
    private readonly bus: MessageBus,
  ) {}

  static async start({ trayHost }: { readonly trayHost: boolean }): Promise<TestDesktop> {
    const folder = mkdtempSync(join(tmpdir(), 'desktop-'));
    // An app of another user must find its way to the bus.
    chmodSync(folder, 0o755);
    writeFileSync(join(folder, 'bus.conf'), busConfig(folder));
    const screen = ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'];
    const display = await startDaemon(['Xvfb', ...screen], 3);
    const config = `--config-file=${join(folder, 'bus.conf')}`;
    const daemon = await startDaemon(['dbus-daemon', config, '--nofork', '--print-address=1'], 1).catch((error) => {
      display.process.kill();
      throw error;
    });
    const bus = sessionBus({ busAddress: daemon.line });
    const desktop = new TestDesktop(folder, display, daemon, bus);
    bus.addMethodHandler((message: Message) => desktop.handle(message));
    for (const name of [NOTIFICATIONS, UPOWER, LOGIN, ...AWAKE, ...(trayHost ? [WATCHER] : [])])
      await bus.requestName(name, DO_NOT_QUEUE);
    return desktop;
  }

  /** What an app needs to be on this desktop. */
  get env(): Record<string, string> {
    return {
      DISPLAY: `:${this.display.line}`,
      DBUS_SESSION_BUS_ADDRESS: this.daemon.line,
      DBUS_SYSTEM_BUS_ADDRESS: this.daemon.line,
      XDG_RUNTIME_DIR: this.folder,
      NO_AT_BRIDGE: '1',
    };
  }

  /** Resolves when an app has put an icon into the tray. */
  trayItem(): Promise<void> {
    if (this.items.length > 0) return Promise.resolve();
    return new Promise((resolve) => this.registered.push(resolve));
  }

  get trayItems(): number {
    return this.items.length;
  }

  /** Text and picture of the tray's icon. */
  async tray(): Promise<{ readonly tooltip: string; readonly icon: TrayPicture; readonly menuPath: string }> {
    const [all] = await this.call(this.item.path, PROPERTIES, 'GetAll', 's', 'org.kde.StatusNotifierItem');
    const properties = plain(all) as {
      ToolTip?: unknown[];
      IconPixmap?: [number, number, Uint8Array][];
      Menu?: string;
    };
    const [width, height, argb] = properties.IconPixmap?.[0] ?? [0, 0, new Uint8Array()];
    return {
      tooltip: String(properties.ToolTip?.[2] ?? ''),
      icon: { width, height, argb: Uint8Array.from(argb) },
      menuPath: properties.Menu ?? '',
    };
  }

  /** The tray's menu, separators left out. */
  async menu(): Promise<readonly MenuEntry[]> {
    const { menuPath } = await this.tray();
    const [, layout] = await this.call(menuPath, 'com.canonical.dbusmenu', 'GetLayout', 'iias', 0, -1, []);
    const [, , children] = layout as [number, unknown, Variant[]];
    return entriesOf(children);
  }

  /** Chooses an entry of the tray's menu, by its label, and those of the submenus that lead there, once they are there. */
  async choose(...path: readonly string[]): Promise<void> {
    await this.clickWhenThere(path.join(' ▸ '), (menu) => entryAt(menu, path));
  }

  /** Opens the window by the first line of the menu. */
  async openWindow(): Promise<void> {
    await this.clickWhenThere('line', ([first]) => first);
  }

  /** A menu follows what it tells of a moment later; one that is set anew meanwhile has other ids, and is read once more. */
  private async clickWhenThere(
    what: string,
    find: (menu: readonly MenuEntry[]) => MenuEntry | undefined,
  ): Promise<void> {
    const limit = performance.now() + ENTRY_LIMIT_MS;
    for (;;) {
      const menu = await this.menu();
      const entry = find(menu);
      if (entry && (await this.click(entry).then(() => true, isOutdated))) return;
      const labels = menu.map(({ label }) => label).join(', ');
      if (performance.now() > limit) throw new Error(`the tray's menu has no ${what}: ${labels}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** Clicks an entry of the menu as it is now. */
  async click(entry: MenuEntry): Promise<void> {
    const { menuPath } = await this.tray();
    await this.call(menuPath, 'com.canonical.dbusmenu', 'Event', 'isvu', entry.id, 'clicked', new Variant('i', 0), 0);
  }

  /** Resolves when somebody on the bus has this name. */
  async named(name: string): Promise<void> {
    const bus = 'org.freedesktop.DBus';
    const question = {
      destination: bus,
      path: '/',
      interface: bus,
      member: 'NameHasOwner',
      signature: 's',
      body: [name],
    };
    for (;;) {
      const [isOwned] = (await this.bus.call(new Message(question)))?.body ?? [];
      if (isOwned) return;
    }
  }

  /** The machine is about to go down, or its user logs off: what systemd-logind says to whoever wants to know. */
  announceShutdown(): void {
    const [path, member] = ['/org/freedesktop/login1', 'PrepareForShutdown'];
    this.bus.send(Message.newSignal(path, `${LOGIN}.Manager`, member, 'b', [true]));
  }

  async stop(): Promise<void> {
    this.bus.disconnect();
    for (const { process } of [this.daemon, this.display]) {
      const ended = new Promise((resolve) => process.once('exit', resolve));
      process.kill();
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  private get item(): { readonly name: string; readonly path: string } {
    const item = this.items.at(-1);
    if (!item) throw new Error('no icon is in the tray');
    return item;
  }

  private async call(
    path: string,
    iface: string,
    member: string,
    signature: string,
    ...body: unknown[]
  ): Promise<unknown[]> {
    const message = new Message({ destination: this.item.name, path, interface: iface, member, signature, body });
    return (await this.bus.call(message))?.body ?? [];
  }

  /** Answers what apps ask of a desktop. The library's own way of exporting objects is not reliable: raw messages are. */
  private handle(message: Message): boolean {
    const reply = (signature = '', body: unknown[] = []) => {
      this.bus.send(Message.newMethodReturn(message, signature, body));
      return true;
    };
    const [first, second] = message.body as [string?, string?];
    if (message.member === 'RegisterStatusNotifierItem') {
      this.items.push({ name: message.sender ?? '', path: first?.startsWith('/') ? first : '/StatusNotifierItem' });
      for (const resolve of this.registered.splice(0)) resolve();
      return reply();
    }
    if (message.interface === PROPERTIES && second === 'IsStatusNotifierHostRegistered') {
      return reply('v', [new Variant('b', true)]);
    }
    if (message.interface === PROPERTIES && second === 'OnBattery')
      return reply('v', [new Variant('b', this.power.onBattery)]);
    if (message.interface === PROPERTIES && second === 'Percentage')
      return reply('v', [new Variant('d', this.power.level)]);
    // Delays of a shutdown are given as a file descriptor, which this bus cannot carry.
    if (message.interface === `${LOGIN}.Manager`) return false;
    if (message.member === 'Inhibit') {
      this.lastInhibitor += 1;
      this.inhibitors.add(this.lastInhibitor);
      return reply('u', [this.lastInhibitor]);
    }
    if (message.member === 'UnInhibit') {
      this.inhibitors.delete(Number(message.body[0]));
      return reply();
    }
    if (message.member === 'GetServerInformation') return reply('ssss', ['test', 'test', '1', '1.2']);
    if (message.member === 'GetCapabilities') return reply('as', [['actions', 'body']]);
    return message.member === 'Notify' ? reply('u', [1]) : false;
  }
}

/** An app that does not know the id of an entry any more says so. */
function isOutdated(error: unknown): false {
  if (error instanceof DBusError) return false;
  throw error;
}
