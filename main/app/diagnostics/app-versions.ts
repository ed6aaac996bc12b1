import { release, version } from 'node:os';
import { app } from 'electron';

/** Names and versions of all that an issue may be about. */
export function appVersions(): Readonly<Record<string, string>> {
  const { electron = '', chrome = '', node = '' } = process.versions;
  return {
    Signalbox: app.getVersion(),
    Electron: electron,
    Chromium: chrome,
    Node: node,
    System: `${process.platform} ${process.arch}, ${release()}, ${version()}`,
    Packaged: app.isPackaged ? 'yes' : 'no',
  };
}
