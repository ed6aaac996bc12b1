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

/** Advice where a command ended that calls something of the toolbox which this machine does not have; undefined elsewhere. */
export function toolboxAdvice(directive: string, exitCode: number): string | undefined {
  if (exitCode !== NOT_FOUND) return undefined;
  const words = directive.trim().split(/[\s;&|]+/);
  const missing = TOOLBOX.find((name) => words.includes(name));
  return missing === undefined ? undefined : `The job calls ${missing}, which was not found: ${TOOLBOX_ADVICE}`;
}
