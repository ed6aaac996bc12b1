// `node scripts/electron/with-runtime.mjs COMMAND…`: runs a command that finds the Electron of this machine in
// SIGNALBOX_ELECTRON, and the arguments that its sandbox asks for in SIGNALBOX_ELECTRON_ARGUMENTS.
import { resolve } from 'node:path';
import { runCommand } from '../suites/run-command.mjs';
import { electronRuntime, sandboxArguments } from './runtime.mjs';

const { binary, folder, name } = electronRuntime();
const sandbox = sandboxArguments(folder);
if (!sandbox) throw new Error("no sandbox can be made here; let npm start set up Chromium's helper");
console.log(`With ${name}${sandbox.length > 0 ? ', without its sandbox, because Chromium refuses root' : ''}`);
const env = {
  ...process.env,
  SIGNALBOX_ELECTRON: resolve(binary),
  SIGNALBOX_ELECTRON_ARGUMENTS: sandbox.join(' '),
};
const [program, ...rest] = process.argv.slice(2);
process.exitCode = (await runCommand([program === 'node' ? process.execPath : program, ...rest], { env })).code;
