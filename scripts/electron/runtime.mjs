// Decides which Electron runs here, and says which.
import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FALLBACK_VERSION, fallbackFolder } from './fallback.mjs';

/** The binary that runs the app here: the product's own where it is there, else the development runtime. */
export function electronRuntime() {
  const own = join('node_modules', 'electron', 'dist', process.platform === 'win32' ? 'electron.exe' : 'electron');
  if (existsSync(own)) return { binary: own, name: 'Electron 45.4.1' };
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error("Electron's binary is not there; get it with: node node_modules/electron/install.js");
  }
  const folder = fallbackFolder();
  return { binary: join(folder, 'electron'), folder, name: `the development runtime, Electron ${FALLBACK_VERSION}` };
}

/**
 * The arguments that the sandbox asks for: none where it works, `--no-sandbox` for root, whom Chromium refuses. Undefined
 * where an ordinary user has neither user namespaces nor the setuid helper: the sandbox is never dropped for a user.
 */
export function sandboxArguments(folder) {
  if (process.platform !== 'linux') return [];
  if (process.getuid() === 0) return ['--no-sandbox'];
  if (hasUserNamespaces()) return [];
  const helper = statSync(join(folder ?? '', 'chrome-sandbox'), { throwIfNoEntry: false });
  return helper && helper.uid === 0 && (helper.mode & 0o7777) === 0o4755 ? [] : undefined;
}

function hasUserNamespaces() {
  try {
    execFileSync('unshare', ['--user', '--map-root-user', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
