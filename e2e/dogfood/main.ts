import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { PracticeHub } from '../../main/practice/practice-hub.ts';
import { startAgent } from '../agent.ts';

/*
 * `npm run dogfood`: the agent runs the job of this repository itself: a clone of it, `npm ci`, `npm run check`, in an empty
 * home. Nothing of the outer folder is linked; what npm needs to reach its registry is passed on, as a hub's variables are.
 */

const SUMMARY = /Tests\s+\d+ passed/;

export async function main(): Promise<number> {
  const work = mkdtempSync(join(tmpdir(), 'dogfood-'));
  const hub = await PracticeHub.start({ nextSyncAfter: 300, maxLogBytes: Number.POSITIVE_INFINITY });
  try {
    const problems = await runJob(hub, work);
    for (const problem of problems) process.stdout.write(`✗ ${problem}\n`);
    process.stdout.write(
      `\n${problems.length === 0 ? 1 : 0} passed, ${problems.length === 0 ? 0 : 1} failed, 0 skipped\n`,
    );
    return problems.length === 0 ? 0 : 1;
  } finally {
    await hub.close();
    rmSync(work, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function runJob(hub: PracticeHub, work: string): Promise<readonly string[]> {
  const id = hub.addJob(request());
  const agent = startAgent(hub, work, { env: npmSettings(work), flags: ['--job-log-file', '-'], show: true });
  await Promise.race([hub.waitFor(() => hub.resultOf(id) !== undefined), agent.ended]);
  hub.requestShutdown('requested');
  const exitCode = await agent.ended;
  const text = stripVTControlCharacters(hub.log(id).text);
  return [
    ...(hub.resultOf(id) === 'passed' ? [] : [`the job ended ${hub.resultOf(id) ?? 'unreported'}`]),
    ...(exitCode === 0 ? [] : [`the agent ended with ${exitCode}`]),
    ...(SUMMARY.test(text) ? [] : ["the stored log does not hold the test runner's summary"]),
    ...hub.violations,
  ];
}

function request(): Record<string, unknown> {
  const variables = { SOURCE: process.cwd() };
  return {
    job_id: 'dogfood',
    executor: 'shell',
    env_vars: Object.entries(variables).map(([name, value]) => ({
      name,
      value: Buffer.from(value).toString('base64'),
    })),
    commands: [
      { directive: 'git clone -q --no-hardlinks "$SOURCE" signalbox && cd signalbox', alias: 'Clone' },
      { directive: 'npm ci' },
      { directive: 'npm run check' },
    ],
  };
}

/** What tells npm how to reach its registry: the empty home has no settings, and behind a proxy nothing is reached without. */
const NETWORK_SETTING =
  /^(https?_proxy|no_proxy|node_extra_ca_certs|npm_config_(registry|proxy|https_proxy|noproxy|ca|cafile|strict_ssl))$/;

function npmSettings(work: string): Record<string, string> {
  const passed = Object.entries(process.env).filter(
    ([name]) => name === 'NPM_CONFIG_USERCONFIG' || NETWORK_SETTING.test(name.toLowerCase()),
  );
  mkdirSync(join(work, 'home'), { recursive: true });
  writeFileSync(join(work, 'gitconfig'), '[safe]\n\tdirectory = *\n');
  return { ...(Object.fromEntries(passed) as Record<string, string>), GIT_CONFIG_GLOBAL: join(work, 'gitconfig') };
}
