import { type AgentSnapshot, type AgentStatus, headline } from '../../../shared/agent-snapshot.ts';
import type { PauseForm } from '../../../shared/pause.ts';
import { type ControlConnection, connectToAgents } from '../../control/control-client.ts';
import { controlPlace } from '../../control/control-place.ts';
import { type GivenFlag, isOn, textOf } from '../config/command-line.ts';
import { systemClock } from '../platform/clock.ts';
import type { CommandEnd, RunCommand } from './command-end.ts';

/*
 * `signalbox status`, `pause`, `resume`, `disconnect` and `logs`: they ask the agents of this user on this machine, which run
 * headless or in the app.
 */

/** An agent that is alive answers at once. In ms. */
const ANSWER_LIMIT_MS = 5_000;
/** How long a wish is given to be seen in what the agent tells, in ms; the agent goes on with it all the same. */
const SEEN_LIMIT_MS = 3_000;

interface FoundAgent {
  readonly connection: ControlConnection;
  readonly snapshot: AgentSnapshot;
}

/** What the agents do, two lines each. */
export const status: RunCommand = async ({ flags }) => {
  const agents = await findAgents(textOf(flags, 'agent'));
  if (agents.length === 0) return nobody(textOf(flags, 'agent'));
  for (const { snapshot } of agents) {
    if (isOn(flags, 'json')) process.stdout.write(`${JSON.stringify(snapshot)}\n`);
    else show(snapshot);
  }
  return { exitCode: 0 };
};

/** No new job until it is resumed, or until the time of `--for` is over. */
export const pause: RunCommand = ({ flags }) => {
  const text = textOf(flags, 'for');
  const form = text === undefined ? ({ kind: 'until-resumed' } as const) : pauseOf(text);
  if (!form) return fail(`--for ${JSON.stringify(text)} is no time; say 30m, 2h or 1h30m, at least 1m, at most 7d`);
  return withAgent(flags, ({ caller }) => caller.request('pause', form, ANSWER_LIMIT_MS), ['pausing', 'paused']);
};

/** Connects a paused or disconnected agent again. */
export const resume: RunCommand = ({ flags }) =>
  withAgent(flags, ({ caller }) => caller.request('resume', null, ANSWER_LIMIT_MS), ['connecting', 'idle', 'running']);

/** Away until it is resumed; with `--now` the running job is stopped for it. */
export const disconnect: RunCommand = ({ flags }) => {
  const job = isOn(flags, 'now') ? 'stop' : 'finish';
  return withAgent(flags, ({ caller }) => caller.request('disconnect', { job }, ANSWER_LIMIT_MS), [
    'pausing',
    'stopping',
    'stopped',
  ]);
};

/** The last lines of an agent's own log; with `--follow` those to come, until it ends. */
export const logs: RunCommand = async ({ flags }) => {
  const agent = await oneAgent(flags);
  if ('exitCode' in agent) return agent;
  const { caller, ended, close } = agent.connection;
  // Nobody reads any more.
  process.stdout.once('error', close);
  const follow = isOn(flags, 'follow');
  caller.on('logLine', (line) => process.stdout.write(`${line}\n`));
  const lines = await caller.request('logs', { follow }, ANSWER_LIMIT_MS);
  for (const line of lines) process.stdout.write(`${line}\n`);
  if (follow) await ended;
  return { exitCode: 0 };
};

/** Tells one agent what to do and shows what that made of it, as soon as it is in one of these states. */
async function withAgent(
  flags: readonly GivenFlag[],
  action: (connection: ControlConnection) => Promise<unknown>,
  expected: readonly AgentStatus['state'][],
): Promise<CommandEnd> {
  const agent = await oneAgent(flags);
  if ('exitCode' in agent) return agent;
  const { caller } = agent.connection;
  const seen = new AbortController();
  let last = agent.snapshot;
  caller.on('snapshot', (snapshot) => {
    last = snapshot;
    if (expected.includes(snapshot.status.state)) seen.abort();
  });
  try {
    await action(agent.connection);
  } catch (error) {
    return fail(`The agent did not do it: ${error instanceof Error ? error.message : 'unknown error'}`);
  }
  if (!expected.includes(last.status.state)) await systemClock.sleep(SEEN_LIMIT_MS, seen.signal);
  show(last);
  return { exitCode: 0 };
}

async function oneAgent(flags: readonly GivenFlag[]): Promise<FoundAgent | CommandEnd> {
  const name = textOf(flags, 'agent');
  const [agent, ...more] = await findAgents(name);
  if (!agent) return nobody(name);
  if (more.length === 0) return agent;
  const names = [agent, ...more].map(({ snapshot }) => snapshot.agentName || 'one without a name');
  return fail(`Several agents run here: ${names.join(', ')}. Say which with --agent NAME`);
}

async function findAgents(name: string | undefined): Promise<readonly FoundAgent[]> {
  const connections = await connectToAgents(controlPlace(process.env));
  const found = await Promise.all(
    connections.map(async (connection): Promise<FoundAgent | undefined> => {
      const snapshot = await connection.caller.request('status', null, ANSWER_LIMIT_MS).catch(() => undefined);
      return snapshot && { connection, snapshot };
    }),
  );
  return found
    .filter((agent) => agent !== undefined)
    .filter(({ snapshot }) => name === undefined || snapshot.agentName === name);
}

function nobody(name: string | undefined): CommandEnd {
  const who = name === undefined ? 'No agent of yours runs' : `No agent of yours that is called ${name} runs`;
  return { exitCode: 1, problem: `${who} on this machine; start one with signalbox start, or open the app` };
}

function show(snapshot: AgentSnapshot): void {
  const { first, second, age } = headline(snapshot, systemClock.now());
  process.stdout.write(`${first}\n  ${[second, age].filter(Boolean).join(' · ')}\n`);
}

/** `30m`, `2h`, `1h30m`, `1d`; undefined for anything else, and for what is shorter than a minute or longer than a week. */
export function pauseOf(text: string): PauseForm | undefined {
  const match = /^(?:(\d{1,3})d)?(?:(\d{1,4})h)?(?:(\d{1,6})m(?:in)?)?$/.exec(text);
  if (!match) return undefined;
  const [days = 0, hours = 0, rest = 0] = match.slice(1).map((part) => Number(part ?? 0));
  const minutes = (days * 24 + hours) * 60 + rest;
  return minutes >= 1 && minutes <= 7 * 24 * 60 ? { kind: 'for', minutes } : undefined;
}

async function fail(problem: string): Promise<CommandEnd> {
  return { exitCode: 1, problem };
}
