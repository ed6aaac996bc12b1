import { readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { loadConfig } from '../config/config.ts';
import { canRunJobs, examine } from '../doctor/doctor.ts';
import { type Finding, problem } from '../doctor/finding.ts';
import { systemClock } from '../platform/clock.ts';
import { jobEnvironment } from '../platform/job-environment.ts';
import { systemProcesses } from '../platform/system-processes.ts';
import type { RunCommand } from './command-end.ts';

const SIGNS = { fine: ['✓', '32'], warning: ['!', '33'], problem: ['✗', '31'] } as const;

/** `signalbox doctor`: what is fine here and what is not, with what to do. Exit code 0 where a job could run. */
export const doctor: RunCommand = async ({ flags }) => {
  const { env } = process;
  const options = flags.filter(({ name }) => name !== 'json');
  const loaded = loadConfig({ command: 'start', flags: options, env, readFile: (path) => readFileSync(path, 'utf8') });
  const advice = 'see signalbox help start, or resources/config.example.yaml';
  const findings = [
    ...(loaded.ok ? [] : [problem('configuration', loaded.problem, advice)]),
    ...(await examine({
      config: loaded.ok ? loaded.config : undefined,
      env: jobEnvironment(env),
      home: homedir(),
      tempFolder: tmpdir(),
      clock: systemClock,
      processes: systemProcesses,
    })),
  ];
  const isJson = flags.some(({ name, text }) => name === 'json' && text === 'true');
  const canRun = canRunJobs(findings);
  process.stdout.write(isJson ? `${JSON.stringify({ canRunJobs: canRun, findings })}\n` : report(findings, canRun));
  return { exitCode: canRun ? 0 : 1 };
};

function report(findings: readonly Finding[], canRun: boolean): string {
  const colours = process.stdout.isTTY === true && !process.env.NO_COLOR;
  const lines = findings.map(({ check, state, found, advice }) => {
    const [sign, colour] = SIGNS[state];
    const painted = colours ? `\x1b[${colour}m${sign}\x1b[0m` : sign;
    return `${painted} ${check}: ${found}\n${advice === undefined ? '' : `    → ${advice}\n`}`;
  });
  const verdict = canRun ? 'A job could run here.' : 'No job could run here yet: see what is marked ✗.';
  return `${lines.join('')}\n${verdict}\n`;
}
