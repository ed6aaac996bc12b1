import type { ComposeContainer } from './compose.ts';

/** The most that one variable may have, with its name, so that programs can be started. Source: execve(2), MAX_ARG_STRLEN. */
const MOST_BYTES = 131_071;

/**
 * What a container's own words say where its program could not be started for the size of its variables: one line that names
 * what is too large and what to do. Undefined where they say something else. The words are E2BIG's, as whatever started it has
 * them; how much is too much depends on the kernel, so they are not foreseen.
 */
export function explainLargeVariables(words: string, { name, env }: ComposeContainer): string | undefined {
  if (!/argument list too long/i.test(words)) return undefined;
  const sizes = env.map((entry) => ({ name: entry.slice(0, entry.indexOf('=')), bytes: Buffer.byteLength(entry) }));
  const [largest] = sizes.sort((one, other) => other.bytes - one.bytes);
  if (!largest) return undefined;
  const advice = `no program starts with that; put ${largest.name} into a file of the job`;
  if (largest.bytes > MOST_BYTES)
    return `the variable ${largest.name} of the container ${name} has ${largest.bytes} bytes: ${advice}`;
  const sum = sizes.reduce((all, { bytes }) => all + bytes, 0);
  return `the variables of the container ${name} have ${sum} bytes, ${largest.name} the most: ${advice}`;
}
