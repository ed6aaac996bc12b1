// `npm run e2e`: the journeys, with the Electron that is to be had here.
import { resolve } from 'node:path';
import { electronRuntime } from './electron/runtime.mjs';
import { runCommand } from './suites/run-command.mjs';

const { binary, name } = electronRuntime();
console.log(`With ${name}${process.getuid?.() === 0 ? ', without its sandbox, because Chromium refuses root' : ''}`);
const env = { ...process.env, SIGNALBOX_ELECTRON: resolve(binary) };
const command = ['node_modules/.bin/vitest', 'run', '--project', 'journeys', ...process.argv.slice(2)];
process.exitCode = (await runCommand(command, { env })).code;
