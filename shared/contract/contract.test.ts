import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createCaller, type Wire } from './caller.ts';
import type { Contract, Envelope } from './contract.ts';
import { createResponder } from './responder.ts';

const contract = {
  requests: {
    double: { request: z.number(), reply: z.number() },
    fail: { request: z.null(), reply: z.null() },
    silent: { request: z.null(), reply: z.null() },
  },
  commands: { note: z.string() },
  events: { tick: z.number() },
} as const satisfies Contract;

interface End {
  receive(message: unknown): void;
  close(): void;
}

/** Two ends of a wire that copies as processes do. */
function wires() {
  const makeEnd = (): End => ({ receive: () => undefined, close: () => undefined });
  const [near, far] = [makeEnd(), makeEnd()];
  const make = (own: End, other: End): Wire => ({
    send: (envelope: Envelope) => other.receive(structuredClone(envelope)),
    onMessage(receiver) {
      own.receive = receiver;
    },
    onClose(receiver) {
      own.close = receiver;
    },
  });
  return {
    caller: make(near, far),
    responder: make(far, near),
    close: () => near.close(),
    raw: (message: unknown) => far.receive(message),
    back: (message: unknown) => near.receive(message),
  };
}

function connect() {
  const wire = wires();
  const notes: string[] = [];
  const refused: string[] = [];
  const timers: (() => void)[] = [];
  const responder = createResponder(
    contract,
    wire.responder,
    {
      requests: {
        double: async (value) => value * 2,
        fail: async () => {
          throw new Error('it broke');
        },
        silent: () => new Promise(() => undefined),
      },
      commands: { note: (text) => void notes.push(text) },
    },
    (name) => refused.push(name),
  );
  const caller = createCaller(contract, wire.caller, (_, callback) => {
    timers.push(callback);
    return () => undefined;
  });
  return { ...wire, caller, responder, notes, refused, timers };
}

describe('a contract between two processes', () => {
  it('carries requests, commands and events', async () => {
    const { caller, responder, notes } = connect();
    expect(await caller.request('double', 21, 1_000)).toBe(42);
    caller.command('note', 'hello');
    expect(notes).toEqual(['hello']);
    const ticks: number[] = [];
    caller.on('tick', (value) => ticks.push(value));
    responder.emit('tick', 3);
    expect(ticks).toEqual([3]);
  });

  it('brings failures back as typed errors', async () => {
    const { caller } = connect();
    await expect(caller.request('fail', null, 1_000)).rejects.toMatchObject({ code: 'failed', message: 'it broke' });
  });

  it('rejects what takes too long, and everything that is pending when the other side goes', async () => {
    const { caller, timers, close } = connect();
    const slow = caller.request('silent', null, 1_000);
    timers[0]?.();
    await expect(slow).rejects.toMatchObject({ code: 'timeout' });
    const pending = caller.request('silent', null, 1_000);
    close();
    await expect(pending).rejects.toMatchObject({ code: 'closed' });
    await expect(caller.request('double', 1, 1_000)).rejects.toMatchObject({ code: 'closed' });
  });

  it.each([
    [{ kind: 'command', name: 'note', value: { secret: 1 } }, 'note'],
    [{ kind: 'command', name: 'constructor', value: '' }, 'constructor'],
    [{ kind: 'request', id: 1, name: '__proto__', value: 1 }, '__proto__'],
    [{ kind: 'request', id: 1, name: 'double', value: 'two' }, 'double'],
    [{ kind: 'event', name: 'tick', value: 1 }, 'a message of no known form'],
    ['nonsense', 'a message of no known form'],
    [null, 'a message of no known form'],
  ])('refuses %j by name alone', async (message, told) => {
    const { raw, refused, notes } = connect();
    raw(message);
    expect(refused).toEqual([told]);
    expect(notes).toEqual([]);
  });

  it('passes over answers and events that are not of the contract', async () => {
    const { back, caller } = connect();
    const ticks: number[] = [];
    caller.on('tick', (value) => ticks.push(value));
    for (const message of [
      'x',
      { kind: 'reply', id: 99, value: 1 },
      { kind: 'event', name: 'tick', value: 'soon' },
      { kind: 'event', name: 'nothing', value: 1 },
    ])
      back(message);
    expect(ticks).toEqual([]);
  });
});
