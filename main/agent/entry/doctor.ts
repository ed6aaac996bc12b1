import { readFileSync } from 'node:fs';
import { type Examination, findingLines } from '../../../shared/examination.ts';
import { isOn } from '../config/command-line.ts';
import { loadConfig } from '../config/config.ts';
import { examineHere } from '../doctor/examine-here.ts';
import type { RunCommand } from './command-end.ts';

const COLOURS = { fine: '32', warning: '33', problem: '31' } as const;

/** `signalbox doctor`: what is fine here and what is not, with what to do. Exit code 0 where a job could run. */
export const doctor: RunCommand = async ({ flags }) => {
  const { env } = process;
  const options = flags.filter(({ name }) => name !== 'json');
  const loaded = loadConfig({ command: 'start', flags: options, env, readFile: (path) => readFileSync(path, 'utf8') });
  const examination = await examineHere(loaded, {
    advice: 'see signalbox help start, or resources/config.example.yaml',
  });
  process.stdout.write(isOn(flags, 'json') ? `${JSON.stringify(examination)}\n` : report(examination));
  return { exitCode: examination.canRunJobs ? 0 : 1 };
};

function report({ findings, canRunJobs }: Examination): string {
  const isPainted = process.stdout.isTTY === true && !process.env.NO_COLOR;
  const lines = findingLines(findings, (sign, state) => (isPainted ? `\x1b[${COLOURS[state]}m${sign}\x1b[0m` : sign));
  const verdict = canRunJobs ? 'A job could run here.' : 'No job could run here yet: see what is marked ✗.';
  return `${lines.join('\n')}\n\n${verdict}\n`;
}
