/** What the agent alone needs begins with this, its registration token among it. */
const AGENT_PREFIX = 'SEMAPHORE_AGENT_';

/**
 * The environment that jobs and hooks inherit: the agent's own, without its configuration. With the reference agent every
 * job can read the registration token there.
 */
export function jobEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const entries = Object.entries(env).filter(([name, value]) => value !== undefined && !name.startsWith(AGENT_PREFIX));
  return Object.fromEntries(entries) as Record<string, string>;
}
