// `npm test`: everything, the set-up of the machine included. Closes with `N passed, N failed, N skipped` of all suites.
// With CI=true anything that is missing, or was skipped, is a failure.
import { needPackages } from './installed.mjs';
import { ensure, FOR_TEST } from './packages.mjs';
import { runSuites } from './suites/run-suites.mjs';
import { SUITES } from './suites/suites.mjs';

needPackages();
const missing = ensure(FOR_TEST);
for (const { command, library } of missing) console.log(`Skipped: whatever needs ${command ?? library}`);
const strict = process.env.CI === 'true';
const before = { passed: 0, failed: strict ? missing.length : 0, skipped: strict ? 0 : missing.length };
const isRoot = process.getuid?.() === 0;
const platform = `${process.platform}-${process.arch}`;
const names = missing.map(({ command, library }) => command ?? library);
const here = SUITES.filter(({ only = platform }) => only === platform);
const privileged = here.filter(({ root }) => root && !isRoot);
for (const { name } of privileged) console.log(`Skipped: ${name}, which needs root's rights`);
before.skipped += privileged.length;
process.exitCode = await runSuites(
  here.filter((suite) => !privileged.includes(suite) && !suite.needs?.some((command) => names.includes(command))),
  { before, strict },
);
