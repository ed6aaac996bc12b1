// `npm run check`: format, lint, types, layers, unit tests.
import { needPackages } from './installed.mjs';
import { runSuites } from './suites/run-suites.mjs';
import { SUITES } from './suites/suites.mjs';

needPackages();
process.exitCode = await runSuites(SUITES.filter(({ check }) => check));
