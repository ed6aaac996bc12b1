import { rmSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { type Caller, createCaller } from '../../shared/contract/caller.ts';
import { controlContract } from '../../shared/contract/control.ts';
import type { ControlPlace } from './control-place.ts';
import { socketWire } from './socket-wire.ts';

/** A connection to one agent. */
export interface ControlConnection {
  readonly caller: Caller<typeof controlContract>;
  /** Resolves when the agent has gone, or the connection was closed. */
  readonly ended: Promise<void>;
  close(): void;
}

/** Connects to every agent of this user that runs here. What killed ones have left is passed over, and removed. */
export async function connectToAgents(place: ControlPlace): Promise<readonly ControlConnection[]> {
  const connections = await Promise.all(place.all().map(connect));
  return connections.filter((connection) => connection !== undefined);
}

function connect(path: string): Promise<ControlConnection | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    socket.once('connect', () => resolve(connectionOf(socket)));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') rmSync(path, { force: true });
      resolve(undefined);
    });
  });
}

function connectionOf(socket: Socket): ControlConnection {
  const caller = createCaller(controlContract, socketWire(socket), (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  });
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return { caller, ended, close: () => socket.destroy() };
}
