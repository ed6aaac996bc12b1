import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { markedProcesses } from './leftovers.mjs';
import { runCommand } from './run-command.mjs';

const MARK = 'SIGNALBOX_TEST_SUITE';

/** Runs suites one after another and closes with one line of counts. Resolves with the exit code. */
export async function runSuites(suites, problems = { failed: 0, skipped: 0 }) {
  const total = { passed: 0, ...problems };
  const summary = [];
  for (const suite of suites) {
    console.log(`\n━━ ${suite.name}`);
    const began = performance.now();
    const counts = await runSuite(suite);
    for (const key of ['passed', 'failed', 'skipped']) total[key] += counts[key];
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    summary.push(`${counts.failed > 0 ? '✗' : '✓'} ${suite.name.padEnd(16)} ${seconds.padStart(6)} s  ${told(counts)}`);
  }
  console.log(`\n${summary.join('\n')}\n\n${told(total)}`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

function told({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** One suite, in a temp folder of its own. What it leaves behind is a failure of it. */
async function runSuite(suite) {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-suite-'));
  const mark = `${MARK}=${randomBytes(8).toString('hex')}`;
  const [name, value] = mark.split('=');
  try {
    const counts = suite.count(
      await runCommand(suite.command, { env: { ...process.env, TMPDIR: folder, [name]: value } }),
    );
    const left = [
      ...markedProcesses(mark).map((line) => `process ${line}`),
      ...readdirSync(folder).map((file) => `file ${file}`),
    ];
    for (const what of left) console.log(`Left behind: ${what}`);
    return left.length > 0 ? { ...counts, failed: counts.failed + 1 } : counts;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
