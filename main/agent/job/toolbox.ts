import { logEventSchema } from '../hub/wire.ts';

/** Programs of Semaphore's toolbox that jobs call as if they were part of every machine. */
export const TOOLBOX = [
  'checkout',
  'cache',
  'artifact',
  'test-results',
  'retry',
  'sem-version',
  'sem-service',
] as const;

/** How to get the toolbox. */
export const TOOLBOX_ADVICE =
  "install Semaphore's toolbox (github.com/semaphoreci/toolbox) and load it in ~/.bash_profile: source ~/.toolbox/toolbox";

/** What bash says of a command that is not there. */
const NOT_FOUND = 127;

/** Advice for a line of a job's log: a command of the toolbox that this machine does not have. */
export function toolboxAdvice(line: string): readonly string[] {
  // Output is by far the most of a log, and never what is looked for.
  if (!line.startsWith('{"event":"cmd_finished"')) return [];
  const event = logEventSchema.parse(JSON.parse(line));
  if (event.event !== 'cmd_finished' || event.exit_code !== NOT_FOUND) return [];
  const words = event.directive.trim().split(/[\s;&|]+/);
  const missing = TOOLBOX.find((name) => words.includes(name));
  return missing === undefined ? [] : [`The job calls ${missing}, which was not found: ${TOOLBOX_ADVICE}`];
}
