import { COMMANDS, SHELLS } from '../config/commands.ts';
import { completionScript } from '../config/completions.ts';
import type { RunCommand } from './command-end.ts';

/** `signalbox completion bash`: prints what that shell reads to complete our commands. */
export const completion: RunCommand = async ({ files: [wanted] }) => {
  const shell = SHELLS.find((known) => known === wanted);
  if (shell === undefined) return { exitCode: 1, problem: COMMANDS.completion.arguments.missing };
  process.stdout.write(completionScript(shell));
  return { exitCode: 0 };
};
