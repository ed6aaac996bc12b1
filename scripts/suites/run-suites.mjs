import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leftovers } from './leftovers.mjs';
import { runCommand } from './run-command.mjs';

const NONE = { passed: 0, failed: 0, skipped: 0 };
/** Of a suite that failed without naming a test, so many of its last lines are told once more. */
const FEW_LINES = 5;

/**
 * Runs suites one after another and closes with what failed or needed a second try, told once more, and one line of counts. `before` is what counts
 * already; with `strict` nothing may be skipped. Resolves with the exit code: 1 also when nothing passed at all.
 */
export async function runSuites(suites, { before = NONE, strict = false } = {}) {
  const total = { ...before };
  const summary = [];
  const failures = [];
  const flaky = [];
  for (const suite of suites) {
    console.log(`\n━━ ${suite.name}`);
    const began = performance.now();
    const { counts, told: failed, lucky } = await runSuite(suite);
    if (lucky.length > 0) flaky.push(`━━ what passed by a second try in ${suite.name}`, ...lucky);
    if (counts.failed > 0) failures.push(`━━ what failed in ${suite.name}`, ...failed);
    for (const key of Object.keys(NONE)) total[key] += counts[key];
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    summary.push(
      `${counts.failed > 0 ? '✗' : '✓'} ${suite.name.padEnd(16)} ${seconds.padStart(6)} s  ${words(counts)}`,
    );
  }
  const refused = strict && total.skipped > 0;
  if (refused) summary.push('✗ with CI=true nothing may be skipped');
  // A long run is read from its end, where it may be all that is kept of it.
  for (const told of [flaky, failures]) if (told.length > 0) console.log(`\n${told.join('\n')}`);
  console.log(`\n${summary.join('\n')}\n\n${words(total)}`);
  return total.failed === 0 && total.passed > 0 && !refused ? 0 : 1;
}

function words({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** One suite, in a temp folder of its own. What it leaves behind is a failure of it. */
async function runSuite(suite) {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-suite-'));
  // One journey runs the app as another user, who must get through to its files.
  chmodSync(folder, 0o711);
  try {
    const ended = await runCommand(suite.command, { env: { ...process.env, TMPDIR: folder } });
    const left = (await leftovers(folder)).map((what) => `Left behind: ${what}`);
    for (const line of left) console.log(line);
    const counts = suite.count(ended);
    const failed = left.length > 0 ? counts.failed + 1 : counts.failed;
    const told = [...(counts.failed > 0 ? whatFailed(ended) : []), ...left];
    return { counts: { ...counts, failed }, told, lucky: ended.flaky };
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function whatFailed({ failures, lines }) {
  return failures.length > 0 ? failures : lines.slice(-FEW_LINES);
}
