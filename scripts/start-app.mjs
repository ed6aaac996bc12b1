// The app with a practice hub of its own, where there is a display. `startApp` resolves with its exit code, or with a line
// that says why it cannot be shown here.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { electronRuntime, sandboxArguments } from './electron/runtime.mjs';
import { ensure, FOR_APP } from './packages.mjs';

/** What ends so soon was never shown. */
const AT_ONCE_MS = 5_000;

/** True where a window can be shown. */
export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

export async function startApp(environment) {
  if (ensure(FOR_APP).length > 0) return 'what its window needs is not installed';
  const runtime = findRuntime();
  if (typeof runtime === 'string') return runtime;
  const sandbox = sandboxArguments(runtime.folder) ?? makeSandboxUsable(runtime.folder);
  if (!sandbox) {
    const helper = resolve(runtime.folder, 'chrome-sandbox');
    return `this system lets no sandbox be made. To allow it: sudo chown root ${helper} && sudo chmod 4755 ${helper}`;
  }
  console.log(
    `• Starting the app, with ${runtime.name}${sandbox.includes('--no-sandbox') ? ', without its sandbox, because Chromium refuses root' : ''}.`,
  );
  console.log(
    '• A practice hub on this machine gives out one sample job. Look for the tray icon; its menu ends the app.',
  );
  return run(runtime.binary, sandbox, environment);
}

function findRuntime() {
  try {
    return electronRuntime();
  } catch (error) {
    return error.message;
  }
}

/** The setuid helper, made ready with sudo where that asks nothing. */
function makeSandboxUsable(folder) {
  if (!folder || spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status !== 0) return undefined;
  const helper = join(folder, 'chrome-sandbox');
  console.log(`• Making Chromium's sandbox helper usable: ${helper}`);
  execFileSync('sudo', ['-n', 'chown', 'root', helper]);
  execFileSync('sudo', ['-n', 'chmod', '4755', helper]);
  return sandboxArguments(folder);
}

/** Practice has a profile and a session store of its own, and leaves nothing. */
async function run(binary, sandbox, environment) {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-practice-'));
  const home = join(folder, 'home');
  mkdirSync(home);
  const wayland = process.env.DISPLAY || process.platform !== 'linux' ? [] : ['--ozone-platform=wayland'];
  const args = ['.', '--practice', `--user-data-dir=${join(folder, 'profile')}`, ...wayland, ...sandbox];
  const { ELECTRON_RUN_AS_NODE: _node, ...env } = { ...environment, XDG_STATE_HOME: home };
  const began = performance.now();
  const child = spawn(binary, args, { env, stdio: 'inherit' });
  // Ctrl-C reaches the app by the terminal; it ends in an orderly way, and so do we.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const code = await new Promise((settle) => {
    child.on('error', () => settle(1));
    child.on('exit', (status) => settle(status ?? 1));
  });
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  return code !== 0 && performance.now() - began < AT_ONCE_MS ? `it ended at once, with ${code}` : code;
}
