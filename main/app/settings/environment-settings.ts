/** Begin of the names of the variables that hold the agent's settings. */
const PREFIX = 'SEMAPHORE_AGENT_';

/** Takes the agent's settings out of the environment, so that no other process inherits the token. */
export function takeSettings(): Record<string, string> {
  const names = Object.keys(process.env).filter((name) => name.startsWith(PREFIX));
  const settings = Object.fromEntries(names.map((name) => [name, process.env[name] ?? '']));
  for (const name of names) delete process.env[name];
  return settings;
}
