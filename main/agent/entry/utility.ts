import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bothWays } from '../../../shared/contract/both-ways.ts';
import { createCaller, type Wire } from '../../../shared/contract/caller.ts';
import type { Envelope } from '../../../shared/contract/contract.ts';
import {
  type AgentSettings,
  type AgentStart,
  agentMainContract,
  mainAgentContract,
  type Rest,
} from '../../../shared/contract/main-agent.ts';
import { createResponder } from '../../../shared/contract/responder.ts';
import { type Agent, createAgent } from '../agent.ts';
import { type LoadedConfig, loadConfig } from '../config/config.ts';
import { logSettings } from '../config/log-settings.ts';
import { examineHere } from '../doctor/examine-here.ts';
import { systemNetwork } from '../hub/system-network.ts';
import { testConnection } from '../hub/test-connection.ts';
import { testHook } from '../job/test-hook.ts';
import { createAskedSessionStore } from '../listener/asked-session-store.ts';
import { sessionKey } from '../listener/file-session-store.ts';
import type { Departure } from '../listener/listener-state.ts';
import type { TailPort } from '../log/tails.ts';
import { openAgentLog } from '../platform/agent-log.ts';
import { systemClock } from '../platform/clock.ts';
import { jobEnvironment } from '../platform/job-environment.ts';
import { systemProcesses } from '../platform/system-processes.ts';
import { startThread } from '../platform/thread.ts';
import { ToldSnapshots } from '../told-snapshots.ts';

/*
 * The agent in Electron's utility process. This file is all that knows of Electron: a port to the main process, as the
 * process object of a utility process has one, and ports to windows that come over it.
 */
interface Port {
  postMessage(message: unknown): void;
  on(event: 'message', receiver: (event: { readonly data: unknown; readonly ports: readonly Port[] }) => void): void;
  on(event: 'close', receiver: () => void): void;
  start?(): void;
}

/** A main process that has not told its settings by then never will. In ms. */
const START_LIMIT_MS = 30_000;
/** A main process that hangs must not keep the agent from its jobs. In ms. */
const KEEP_LIMIT_MS = 5_000;

const parentPort = (process as unknown as { readonly parentPort: Port }).parentPort;
let agent: Agent | undefined;
let ended: Promise<number> | undefined;
/** Somebody wants it gone: settled when it has left. */
let leaving: Promise<unknown> | undefined;
/** Of the one hook that a process is made to try. */
const hookTest = new AbortController();

const { asking, answering } = bothWays({
  send: (envelope: Envelope) => parentPort.postMessage(envelope),
  onMessage: (receiver) => parentPort.on('message', (event) => receiver(event.data, event.ports[0])),
  // The main process ends this one when it goes.
  onClose: () => undefined,
});
const main = createCaller(agentMainContract, asking, (ms, callback) => {
  const timer = systemClock.startTimer(ms, callback);
  return () => timer.cancel();
});
const responder = createResponder(
  mainAgentContract,
  answering,
  {
    requests: {
      start: async (value) => ({ problem: start(value) }),
      configure: async (settings) => ({ problem: configure(settings) }),
      testConnection(connection) {
        forsaken.cancel();
        return testConnection(connection, systemClock, systemNetwork(connection.caFile));
      },
      testHook(hook) {
        forsaken.cancel();
        return testHook({
          ...hook,
          env: jobEnvironment(process.env),
          clock: systemClock,
          signal: hookTest.signal,
          onOutput: (piece) => responder.emit('hookOutput', piece),
        });
      },
      examine({ only, ...settings }) {
        forsaken.cancel();
        const advice = 'change it where it is given: in the Settings, a variable or a file';
        return examineHere(load(settings), { advice, only });
      },
      snapshot: async () => told.latest ?? null,
      ping: async () => null,
      history: async () => (await agent?.history?.list()) ?? null,
      deletePastJobs: async ({ keys }) => (await agent?.history?.delete(keys)) ?? null,
      restorePastJobs: async ({ keys }) => (await agent?.history?.restore(keys)) ?? null,
      queue: async () => (await agent?.queue()) ?? null,
      shutDown: async () => {
        await leave();
        return null;
      },
      saveLog: async ({ job, path }) => ({
        problem: (await agent?.views?.save(job, path)) ?? 'The agent has not begun yet',
      }),
    },
    commands: {
      pause: () => agent?.listener.pause(),
      resume: () => agent?.listener.resume(),
      wake: () => agent?.listener.wake(),
      stopHookTest: () => hookTest.abort(),
      stopJob: () => agent?.listener.stopJob(),
      hasten: () => agent?.hasten(),
      watch: ({ on }) => told.watch(on),
      disconnect: ({ job }) => agent?.listener.disconnect(job),
      tail: (_value, port) => agent?.tails.add(windowPort(port as Port)),
      readLogs: (_value, port) => agent?.views?.add(windowPort(port as Port)),
    },
  },
  (name) => process.stderr.write(`refused: ${name}\n`),
);
const told = new ToldSnapshots((snapshot) => responder.emit('snapshot', snapshot));
const forsaken = systemClock.startTimer(START_LIMIT_MS, () => process.exit(1));
responder.emit('ready', null);
// Electron, since some version of it, lets a process go on whose promise was rejected with nobody to hear: a fault of ours, behind
// which nothing is certain any more. The next agent reports the job.
process.on('unhandledRejection', (fault) => {
  throw fault;
});
// At a log-off the system ends every process of the app, and a terminal does by Ctrl-C: this one is not to go before its job was
// reported. The main process, which is told as well, waits for that.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
  process.on(signal, () => void leave().then(() => process.exit(0)));

const AWAY: Readonly<Record<Rest, Departure | undefined>> = {
  connected: undefined,
  paused: { kind: 'pause' },
  disconnected: { kind: 'stop', reason: 'DISCONNECTED', patient: true },
};

/** Begins the agent. Returns what is wrong with its configuration, or an empty text. */
function start({ session, rest, history, ...settings }: AgentStart): string {
  forsaken.cancel();
  const loaded = load(settings);
  if (!loaded.ok) return loaded.problem;
  const forLog = logSettings(settings.env);
  if (!forLog.ok) return forLog.problem;
  const { values } = loaded.config;
  const log = openAgentLog({ ...forLog.settings, processes: systemProcesses, toConsole: true });
  const store = createAskedSessionStore({
    key: sessionKey({ endpoint: values.endpoint, agentName: values.name, registrationToken: values.token }),
    kept: session,
    keep: (kept) => main.request('keepSession', kept, KEEP_LIMIT_MS),
    onProblem: (message) => log.warn(message),
  });
  agent = createAgent({
    values,
    log,
    staysAlive: true,
    startThread: () => startThread(join(__dirname, 'log-search.cjs')),
    history,
    store,
    onSnapshot: (snapshot) => told.take(snapshot),
  });
  ended = agent.run(AWAY[rest]);
  return '';
}

/** Stops the job, reports it, disconnects, however many want that. Resolves when it is done. */
function leave(): Promise<unknown> {
  if (!leaving) {
    // The first one asks the hub, the second one stops the job, reports it and leaves.
    agent?.listener.interrupt();
    agent?.listener.interrupt();
    leaving = Promise.resolve(ended);
  }
  return leaving;
}

/** Changes what the next job gets. Returns what is wrong with it, or an empty text. */
function configure(settings: AgentSettings): string {
  const loaded = load(settings);
  if (!loaded.ok) return loaded.problem;
  agent?.configure(loaded.config.values);
  return '';
}

function load({ env, saved }: AgentSettings): LoadedConfig {
  return loadConfig({ command: 'start', flags: [], env, saved, readFile: (path) => readFileSync(path, 'utf8') });
}

/** The end of a port to a window. */
function windowPort(port: Port): Wire & TailPort {
  return {
    send: (message: unknown) => port.postMessage(message),
    onMessage(receiver) {
      port.on('message', (event) => receiver(event.data));
      port.start?.();
    },
    onClose: (receiver) => port.on('close', receiver),
  };
}
