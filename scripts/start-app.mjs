// The app as it is built. `startApp` resolves with its exit code, or with a line that says why it cannot be shown here.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { electronRuntime, sandboxArguments } from './electron/runtime.mjs';
import { ensure, FOR_APP } from './packages.mjs';

/** What ends so soon was never shown. */
const AT_ONCE_MS = 5_000;

/** `practice`: with a hub of this machine's own, a profile for this time only, and nothing left. */
export async function startApp(env, { practice }) {
  if (!hasDisplay()) return 'there is no display';
  if (ensure(FOR_APP).length > 0) return 'what its window needs is not installed';
  const runtime = findRuntime();
  if (typeof runtime === 'string') return runtime;
  const sandbox = sandboxArguments(runtime.folder) ?? makeSandboxUsable(runtime.folder);
  if (!sandbox) {
    const helper = resolve(runtime.folder, 'chrome-sandbox');
    return `this system lets no sandbox be made. To allow it: sudo chown root ${helper} && sudo chmod 4755 ${helper}`;
  }
  const bare = sandbox.includes('--no-sandbox') ? ', without its sandbox, because Chromium refuses root' : '';
  console.log(`• Starting the app, with ${runtime.name}${bare}.`);
  return practice ? runPractice(runtime.binary, sandbox, env) : run(runtime.binary, sandbox, env);
}

function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
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

/** The session store is part of what is for this time only. */
async function runPractice(binary, sandbox, env) {
  console.log('• A practice hub on this machine gives out one sample job. Quit by the tray icon, or with Ctrl-C.');
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-practice-'));
  const state = join(folder, 'state');
  mkdirSync(state);
  try {
    const args = ['--practice', `--user-data-dir=${join(folder, 'profile')}`, ...sandbox];
    return await run(binary, args, { ...env, XDG_STATE_HOME: state });
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function run(binary, args, { ELECTRON_RUN_AS_NODE: _node, ...env }) {
  const wayland = process.env.DISPLAY || process.platform !== 'linux' ? [] : ['--ozone-platform=wayland'];
  const began = performance.now();
  const child = spawn(binary, ['.', ...args, ...wayland], { env, stdio: 'inherit' });
  // Ctrl-C reaches the app by the terminal; it ends in an orderly way, and so do we.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const code = await new Promise((settle) => {
    child.on('error', () => settle(1));
    child.on('exit', (status) => settle(status ?? 1));
  });
  return code !== 0 && performance.now() - began < AT_ONCE_MS ? `it ended at once, with ${code}` : code;
}
