import { isatty } from 'node:tty';

/**
 * Calls `leave` whenever somebody asks this program to go: by SIGTERM, by Ctrl-C, and by closing the terminal that it was
 * started in. nohup says that the last one is not meant for it, and Node forgets that when it begins (it sets every signal back
 * to its default); but neither nohup nor a service manager leaves a terminal to a program's input and outputs.
 */
export function onAskedToGo(leave: () => void): void {
  const hasTerminal = [0, 1, 2].some((descriptor) => isatty(descriptor));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, leave);
  process.on('SIGHUP', hasTerminal ? leave : () => undefined);
}
