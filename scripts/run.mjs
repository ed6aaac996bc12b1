// Runs a TypeScript file of this repository on plain Node: `node scripts/run.mjs FILE [ARGUMENT…]`. The file exports
// `main(arguments)`, which resolves with the exit code.
import { resolve } from 'node:path';
import { runnerImport } from 'vite';

const [file = '', ...rest] = process.argv.slice(2);
const { module } = await runnerImport(resolve(file), { configFile: false, logLevel: 'error' });
process.exitCode = await module.main(rest);
