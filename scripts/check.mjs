// `npm run check`: format, lint, types, layers, unit tests.
import { runSuites } from './suites/run-suites.mjs';
import { SUITES } from './suites/suites.mjs';

process.exitCode = await runSuites(SUITES.filter(({ check }) => check));
