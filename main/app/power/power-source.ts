import { execFile } from 'node:child_process';
import { powerMonitor } from 'electron';

/** Where the machine's power comes from. */
export interface PowerSource {
  readonly onBattery: boolean;
  /** In percent; undefined where nobody says. */
  readonly level: number | undefined;
}

const UPOWER = 'org.freedesktop.UPower';
const LIMIT_MS = 2_000;

/**
 * Asks for the power's source. On Linux Electron does not know it: the system bus is asked, as tray hosts do. A machine that
 * nobody can say anything about is on mains.
 */
export async function powerSource(): Promise<PowerSource> {
  if (process.platform !== 'linux') return { onBattery: powerMonitor.isOnBatteryPower(), level: undefined };
  const onBattery = /boolean true/.test(await ask('/org/freedesktop/UPower', UPOWER, 'OnBattery'));
  if (!onBattery) return { onBattery, level: undefined };
  const told = await ask(`/org/freedesktop/UPower/devices/DisplayDevice`, `${UPOWER}.Device`, 'Percentage');
  const [, level] = /double ([\d.]+)/.exec(told) ?? [];
  return { onBattery, level: level === undefined ? undefined : Number(level) };
}

/** A property as `dbus-send` prints it; empty where there is none. */
function ask(path: string, iface: string, property: string): Promise<string> {
  const args = [
    '--system',
    `--dest=${UPOWER}`,
    '--print-reply',
    path,
    'org.freedesktop.DBus.Properties.Get',
    `string:${iface}`,
    `string:${property}`,
  ];
  return new Promise((resolve) => {
    execFile('dbus-send', args, { timeout: LIMIT_MS }, (error, stdout) => resolve(error ? '' : stdout));
  });
}
