import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import type { AgentSnapshot } from '../../shared/agent-snapshot.ts';
import { controlContract } from '../../shared/contract/control.ts';
import { createResponder, type Responder } from '../../shared/contract/responder.ts';
import type { PauseForm } from '../../shared/pause.ts';
import type { ControlPlace } from './control-place.ts';
import type { RecentLines } from './recent-lines.ts';
import { socketWire } from './socket-wire.ts';

const MOST_CONNECTIONS = 32;

/** What can be done from outside. */
export interface ControlledAgent {
  /** As it is now, the time of the last sync among it. */
  snapshot(): AgentSnapshot | Promise<AgentSnapshot>;
  pause(form: PauseForm): void;
  resume(): void;
  disconnect(job: 'finish' | 'stop'): void;
  /** The agent's own log, which holds no secret. */
  readonly lines: RecentLines;
}

export interface ControlServer {
  /** Tells everybody who is connected. */
  changed(snapshot: AgentSnapshot): void;
  /** Nobody can connect any more, and the socket is gone. Idempotent. */
  close(): void;
}

/**
 * Lets programs of this user talk to an agent, and nobody else: the socket is 0600 in a folder that is 0700. Where that cannot
 * be had the agent runs all the same, and `onProblem` gets one line.
 */
export function openControl(
  place: ControlPlace,
  agent: ControlledAgent,
  onProblem: (message: string) => void,
): ControlServer {
  const responders = new Set<Responder<typeof controlContract>>();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const responder = answer(socket, agent, onProblem);
    responders.add(responder);
    sockets.add(socket);
    socket.once('close', () => {
      responders.delete(responder);
      sockets.delete(socket);
    });
  });
  server.maxConnections = MOST_CONNECTIONS;
  const problem = (error: unknown) =>
    onProblem(`signalbox status and the like cannot reach this agent: ${told(error)}`);
  server.on('error', problem);
  const path = listen();

  function listen(): string | undefined {
    try {
      const own = place.own();
      // One that is there is of a process that had our id and was killed.
      if (process.platform !== 'win32') rmSync(own, { force: true });
      server.listen(own, () => {
        if (process.platform !== 'win32') chmodSync(own, 0o600);
      });
      return own;
    } catch (error) {
      problem(error);
      return undefined;
    }
  }

  return {
    changed: (snapshot) => {
      for (const responder of responders) responder.emit('snapshot', snapshot);
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      if (path && process.platform !== 'win32') rmSync(path, { force: true });
    },
  };
}

function answer(
  socket: Socket,
  agent: ControlledAgent,
  onProblem: (message: string) => void,
): Responder<typeof controlContract> {
  const done = (action: () => void) => {
    action();
    return null;
  };
  const responder = createResponder(
    controlContract,
    socketWire(socket),
    {
      requests: {
        status: async () => agent.snapshot(),
        pause: async (form) => done(() => agent.pause(form)),
        resume: async () => done(() => agent.resume()),
        disconnect: async ({ job }) => done(() => agent.disconnect(job)),
        logs: async ({ follow }) => {
          if (follow)
            socket.once(
              'close',
              agent.lines.onLine((line) => responder.emit('logLine', line)),
            );
          return [...agent.lines.last()];
        },
      },
      commands: {},
    },
    (name) => onProblem(`A call of the control socket was refused: ${name}`),
  );
  return responder;
}

function told(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
