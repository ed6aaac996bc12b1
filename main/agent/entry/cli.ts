import { parseCommandLine } from '../config/command-line.ts';
import { helpText } from '../config/help.ts';
import { VERSION } from '../version.ts';
import type { CommandEnd } from './command-end.ts';
import { practice } from './practice.ts';
import { run } from './run.ts';
import { start } from './start.ts';

/** Runs the command that the command line names. */
async function main(argv: readonly string[]): Promise<CommandEnd> {
  const line = parseCommandLine(argv);
  if (!line.ok) return { exitCode: 1, problem: line.problem };
  switch (line.command) {
    case 'start':
      return start(line.flags);
    case 'run':
      return run(line.files[0] ?? '');
    case 'practice':
      return practice(line.flags, line.files);
    case 'version':
      process.stdout.write(`${VERSION}\n`);
      return { exitCode: 0 };
    case 'help':
      process.stdout.write(helpText(line.files[0]));
      return { exitCode: 0 };
  }
}

/** A fault of the program's own: one line for people, and an end, because nothing is certain any more. */
function crash(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`signalbox: internal error: ${message.split('\n')[0]}\n`);
  process.exit(1);
}

process.on('uncaughtException', crash);
process.on('unhandledRejection', crash);
void main(process.argv.slice(2)).then(({ exitCode, problem }) => {
  if (problem !== undefined) process.stderr.write(`signalbox: ${problem}\n`);
  process.exit(exitCode);
});
