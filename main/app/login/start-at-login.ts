import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { app } from 'electron';
import { autostartEntry } from './autostart-entry.ts';

/** A start that nobody asked for at this moment shows no window, as long as there is a tray. */
const HIDDEN = '--hidden';

/** Has the app started at login, hidden, or not any more. Throws where the file of Linux cannot be written. */
export function startAtLogin(on: boolean): void {
  if (process.platform !== 'linux') {
    app.setLoginItemSettings({ openAtLogin: on, args: [HIDDEN] });
    return;
  }
  const folder = join(process.env.XDG_CONFIG_HOME || join(app.getPath('home'), '.config'), 'autostart');
  const path = join(folder, 'signalbox.desktop');
  if (!on) {
    rmSync(path, { force: true });
    return;
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, autostartEntry([...ownCommand(), HIDDEN]));
}

/** An AppImage runs from a mount that is another one each time; unpackaged it is a runtime with a folder. */
function ownCommand(): readonly string[] {
  const program = process.env.APPIMAGE || process.execPath;
  return app.isPackaged ? [program] : [program, app.getAppPath()];
}
