import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PracticeHub } from '../../main/practice/practice-hub.ts';
import { startAgent } from '../agent.ts';
import { leftovers } from '../conformance/leftovers.ts';
import { type Chance, RACES, type Race } from './races.ts';

/*
 * `npm run soak [-- --runs N] [--only RACE] [--lanes N] [--seed N]`: what goes wrong once in hundreds of times, run hundreds of
 * times on the built agent, several agents at once so that they disturb one another.
 */

const OPTIONS = {
  runs: { type: 'string', default: '300' },
  lanes: { type: 'string', default: '4' },
  only: { type: 'string' },
  seed: { type: 'string', default: String(process.pid) },
} as const;

export async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options: OPTIONS });
  const [runs, lanes, seed] = [values.runs, values.lanes, values.seed].map(Number) as [number, number, number];
  const races = RACES.filter(({ name }) => values.only === undefined || name === values.only);
  process.stdout.write(`Seed ${seed}\n`);
  let [passed, failed] = [0, 0];
  for (const race of races) {
    const began = performance.now();
    const share = (lane: number) => Math.floor((runs + lane) / lanes);
    const all = Array.from({ length: lanes }, (_, lane) => runLane(race, share(lane), seeded(seed + lane)));
    const problems = (await Promise.all(all)).flat();
    for (const problem of problems) process.stdout.write(`✗ ${race.name}: ${problem}\n`);
    failed += problems.length;
    passed += Math.max(0, runs - problems.length);
    process.stdout.write(`${race.name}: ${runs} runs in ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
  }
  process.stdout.write(`\n${passed} passed, ${failed} failed, 0 skipped\n`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

/** One agent that gets one job after another. Resolves with what went wrong; what it leaves behind is wrong too. */
async function runLane(race: Race, runs: number, chance: Chance): Promise<readonly string[]> {
  const work = mkdtempSync(join(tmpdir(), 'soak-'));
  mkdirSync(join(work, 'tmp'), { recursive: true });
  const hub = await PracticeHub.start({ nextSyncAfter: 20, maxLogBytes: Number.POSITIVE_INFINITY });
  const agent = startAgent(hub, work);
  const problems: string[] = [];
  try {
    for (let run = 0; run < runs; run += 1) {
      const problem = await race.run(hub, chance);
      if (problem !== undefined) problems.push(problem);
    }
    hub.requestShutdown('requested');
    const exitCode = await agent.ended;
    if (exitCode !== 0) problems.push(`the agent ended with ${exitCode}: ${agent.output()}`);
    problems.push(...hub.violations.map((violation) => `violation: ${violation}`));
    problems.push(...leftovers(work).map((command) => `left running: ${command}`));
    const files = readdirSync(join(work, 'tmp')).filter((name) => name.startsWith('signalbox-'));
    problems.push(...files.map((name) => `left in the temp folder: ${name}`));
    return problems;
  } finally {
    await hub.close();
    rmSync(work, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Deterministic, so that a failure can be repeated. */
function seeded(seed: number): Chance {
  let state = seed % 2_147_483_648;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
