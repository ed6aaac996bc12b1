// `npm run package -- FOLDER`: the app as it is shipped, in a folder, from what is built. The development runtime is packed
// where the product's cannot be had: good for a look and for tests, never to be given away.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build, Platform } from 'electron-builder';
import { parse } from 'yaml';
import { FALLBACK_VERSION } from '../electron/fallback.mjs';
import { electronRuntime } from '../electron/runtime.mjs';

/** Fuses that the development runtime is too old for. */
const YOUNGER_FUSES = ['grantFileProtocolExtraPrivileges'];

/** Packs into `output`; resolves with the folder that holds the app. */
export async function packUnpacked(output) {
  const config = { ...parse(readFileSync('electron-builder.yml', 'utf8')), directories: { output: resolve(output) } };
  const { folder } = electronRuntime();
  const development = folder ? developmentConfig(config, folder) : {};
  const scratch = mkdtempSync(join(tmpdir(), 'package-'));
  try {
    // A file: what is given as a value would be laid over electron-builder.yml, which has fuses that must go.
    const path = join(scratch, 'config.json');
    writeFileSync(path, JSON.stringify({ ...config, ...development }));
    await build({ targets: Platform.current().createTarget('dir'), config: path, publish: 'never' });
  } finally {
    rmSync(scratch, { recursive: true });
  }
  const packed = join(output, 'linux-unpacked');
  // The development runtime's own app; with `onlyLoadAppFromAsar` it would be one too many.
  rmSync(join(packed, 'resources', 'default_app.asar'), { force: true });
  return packed;
}

function developmentConfig({ electronFuses }, folder) {
  const fuses = Object.entries(electronFuses).filter(([name]) => !YOUNGER_FUSES.includes(name));
  return {
    electronDist: resolve(folder),
    electronVersion: FALLBACK_VERSION,
    electronFuses: Object.fromEntries(fuses),
  };
}

if (import.meta.url === `file://${process.argv[1]}`) console.log(await packUnpacked(process.argv[2] ?? 'release'));
