import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Case, caseSchema } from './case.ts';
import type { Difference } from './compare.ts';
import { type AgentProgram, type CaseResult, runCase } from './run-case.ts';
import { runServeCase } from './run-serve-case.ts';
import { type ServeCase, serveCaseSchema } from './serve-case.ts';

/*
 * `npm run conformance -- [--parallel N] [--only NAME]… [--folder FOLDER]… [--except FILE] [--agent COMMAND
 * [--electron]]`: runs the recorded cases against the built command line, or against any other agent that takes the
 * reference agent's flags.
 */

const OPTIONS = {
  parallel: { type: 'string' },
  only: { type: 'string', multiple: true },
  folder: { type: 'string', multiple: true },
  /** Names of cases that are not run here, with the reason, as JSON. */
  except: { type: 'string' },
  agent: { type: 'string' },
  /** The agent's program is an Electron that is to behave like Node. */
  electron: { type: 'boolean' },
} as const;

const root = process.cwd();

/** Recorded cases of jobs in a shell: those that were given to us, and those that we recorded besides. */
const SHELL_CASES = ['shell', 'shell-more'];

/** Modes of new folders and files are as they were where the cases were recorded, whoever runs them. */
const RECORDED_UMASK = 0o022;

/** Cases that are not due yet, with the reason. One that passes must be taken off the list. */
const notYetSchema = 'e2e/conformance/not-yet.json';

/** What a recording left to the machine it was made on: said here, so that the recording stays as it is. */
const laidOver = JSON.parse(readFileSync(join(root, 'e2e', 'conformance', 'laid-over.json'), 'utf8')) as Readonly<
  Record<string, { readonly why: string; readonly case: object }>
>;

export async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options: OPTIONS });
  process.umask(RECORDED_UMASK);
  const folders = values.folder ?? SHELL_CASES.map((name) => join(root, 'e2e', 'cases', name));
  const except = values.except ? readReasons(values.except) : {};
  const wanted = ({ name }: { readonly name: string }) =>
    values.only ? values.only.includes(name) : except[name] === undefined;
  const cases = folders.flatMap(readCases).filter(wanted);
  for (const [name, reason] of Object.entries(except)) process.stdout.write(`- ${name} is not run here: ${reason}\n`);
  const command = values.agent?.split(' ') ?? [process.execPath, join(root, 'dist', 'cli.cjs')];
  const agent: AgentProgram = { command, env: electronEnv(values.electron ?? false) };
  const notYet = readReasons(notYetSchema);
  const results = await runAll(cases, agent, Number(values.parallel ?? Math.max(2, cpus().length)));
  return report(results, notYet);
}

function readReasons(path: string): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(join(root, path), 'utf8')) as Readonly<Record<string, string>>;
}

function electronEnv(isElectron: boolean): Readonly<Record<string, string>> {
  return isElectron ? { ELECTRON_RUN_AS_NODE: '1' } : {};
}

function readCases(folder: string): readonly (Case | ServeCase)[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return names.sort().map((name) => parseCase(JSON.parse(readFileSync(join(folder, name), 'utf8'))));
}

/** Cases of `serve` are told by their steps. */
function parseCase(recorded: { readonly name: string }): Case | ServeCase {
  const content = { ...recorded, ...laidOver[recorded.name]?.case };
  return 'steps' in content ? serveCaseSchema.parse(content) : caseSchema.parse(content);
}

async function runAll(
  cases: readonly (Case | ServeCase)[],
  agent: AgentProgram,
  parallel: number,
): Promise<readonly CaseResult[]> {
  const queue = [...cases];
  const results: CaseResult[] = [];
  const lane = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const result = await ('steps' in next ? runServeCase(next, agent) : runCase(next, agent));
      results.push(result);
      process.stdout.write(
        `${result.differences.length === 0 ? '✓' : '✗'} ${result.name} (${Math.round(result.ms)} ms)\n`,
      );
    }
  };
  await Promise.all(Array.from({ length: parallel }, lane));
  return results;
}

/** Tells what differs, and closes with the counts on a line of their own. */
function report(results: readonly CaseResult[], notYet: Readonly<Record<string, string>>): number {
  const passed = results.filter(({ differences }) => differences.length === 0);
  const excused = results.filter(({ name, differences }) => differences.length > 0 && notYet[name]);
  const failed = results.filter(({ name, differences }) => differences.length > 0 && !notYet[name]);
  for (const { name } of passed.filter((result) => notYet[result.name])) {
    process.stdout.write(`\n✗ ${name} passes: take it off ${notYetSchema}\n`);
    failed.push({ name, differences: [], output: '', ms: 0 });
  }
  for (const { name } of excused) process.stdout.write(`\n- ${name}: not yet (${notYet[name]})\n`);
  for (const result of failed)
    process.stdout.write(`\n✗ ${result.name}\n${result.differences.map(show).join('')}${indent(result.output)}\n`);
  process.stdout.write(`\n${passed.length} passed, ${failed.length} failed, ${excused.length} skipped\n`);
  return failed.length === 0 && passed.length > 0 ? 0 : 1;
}

/** The first lines in which two values differ. */
function show({ key, expected, seen }: Difference): string {
  const [wanted, got] = [expected, seen].map(
    (value) => JSON.stringify(value, undefined, 1)?.split('\n') ?? ['nothing'],
  );
  const at = wanted?.findIndex((line, index) => line !== got?.[index]) ?? 0;
  const from = Math.max(0, at < 0 ? (wanted?.length ?? 0) : at);
  const part = (lines: readonly string[] | undefined, sign: string) =>
    (lines ?? [])
      .slice(from, from + 6)
      .map((line) => `    ${sign} ${line.slice(0, 300)}\n`)
      .join('');
  return `  ${key}:\n${part(wanted, '-')}${part(got, '+')}`;
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `    | ${line}`)
    .join('\n');
}
