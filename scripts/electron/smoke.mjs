// `node scripts/electron/smoke.mjs`: recorded cases against the built agent inside the Node that the app's runtime brings,
// which is older than the one that builds and tests everything else.
import { resolve } from 'node:path';
import { runCommand } from '../suites/run-command.mjs';
import { electronRuntime } from './runtime.mjs';

/** One of each kind: session, output, hooks, epilogues, stops, faults, shutdown. */
const CASES = [
  'session-carries-over',
  'output-multibyte',
  'output-many-lines',
  'env-nasty-values',
  'files-places-and-modes',
  'pre-job-hook-sourced',
  'post-job-hook-after-exit',
  'stop-while-running',
  'log-token-refreshed',
  'register-retried',
  'shutdown-job-finished',
  'two-jobs',
];

const { binary, name } = electronRuntime();
console.log(`With the Node of ${name}`);
const agent = `${resolve(binary)} ${resolve('dist', 'cli.cjs')}`;
const only = CASES.flatMap((one) => ['--only', one]);
const runner = ['scripts/run.mjs', 'e2e/conformance/main.ts', '--agent', agent, '--electron', ...only];
process.exitCode = (await runCommand([process.execPath, ...runner])).code;
