import { commandNamed, parseCommandLine, unknownCommand } from '../config/command-line.ts';
import type { CommandName } from '../config/commands.ts';
import { helpText } from '../config/help.ts';
import { keepRuntimeLean } from '../platform/lean-runtime.ts';
import { VERSION } from '../version.ts';
import type { CommandEnd, RunCommand } from './command-end.ts';
import { practice } from './practice.ts';

/** What each command does. What is heavy is loaded when it is called. */
const COMMANDS: Readonly<Record<CommandName, () => Promise<RunCommand>>> = {
  start: async () => (await import('./start.ts')).start,
  serve: async () => (await import('./serve.ts')).serve,
  run: async () => (await import('./run.ts')).run,
  practice: async () => practice,
  status: async () => (await import('./control.ts')).status,
  pause: async () => (await import('./control.ts')).pause,
  resume: async () => (await import('./control.ts')).resume,
  disconnect: async () => (await import('./control.ts')).disconnect,
  logs: async () => (await import('./control.ts')).logs,
  doctor: async () => (await import('./doctor.ts')).doctor,
  completion: async () => (await import('./completion.ts')).completion,
  version: async () => () => print(`${VERSION}\n`),
  help:
    async () =>
    async ({ files: [word] }) => {
      const command = word === undefined ? undefined : commandNamed(word);
      if (word !== undefined && !command) return { exitCode: 1, problem: unknownCommand(word) };
      return print(helpText(command, process.stdout.columns));
    },
};

/** Runs the command that the command line names. */
async function main(argv: readonly string[]): Promise<CommandEnd> {
  const line = parseCommandLine(argv);
  if (!line.ok) return { exitCode: 1, problem: line.problem };
  const runCommand = await COMMANDS[line.command]();
  return runCommand(line);
}

async function print(text: string): Promise<CommandEnd> {
  process.stdout.write(text);
  return { exitCode: 0 };
}

/** A fault of the program's own: one line for people, and an end, because nothing is certain any more. */
function crash(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`signalbox: internal error: ${message.split('\n')[0]}\n`);
  process.exit(1);
}

keepRuntimeLean();
process.on('uncaughtException', crash);
process.on('unhandledRejection', crash);
// Who reads our output may go before us, and its disk may be full: that ends no agent, whose jobs have logs of their own.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
void main(process.argv.slice(2)).then(({ exitCode, problem }) => {
  if (problem !== undefined) process.stderr.write(`signalbox: ${problem}\n`);
  process.exit(exitCode);
});
