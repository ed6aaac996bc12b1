import { createCaller, type Wire } from '../../shared/contract/caller.ts';
import { type Envelope, envelopeSchema } from '../../shared/contract/contract.ts';
import { mainRendererContract } from '../../shared/contract/main-renderer.ts';
import { createResponder, type Handlers, type Responder } from '../../shared/contract/responder.ts';
import type { Bridge } from '../bridge.ts';

type Requests = Handlers<typeof mainRendererContract>['requests'];
type Commands = Handlers<typeof mainRendererContract>['commands'];
export type FakeResponder = Responder<typeof mainRendererContract>;

export interface FakeMain {
  readonly requests: Partial<Requests>;
  readonly commands: Partial<Commands>;
}

/**
 * A main process in the page: what goes through it is checked by the contract's schemas on both sides, as in the app. What a
 * story does not answer fails; what it does not obey is passed over, and both are told.
 */
export function createFakeBridge({ requests, commands }: FakeMain): { bridge: Bridge; main: FakeResponder } {
  const [near, far] = wirePair();
  const main = createResponder(
    mainRendererContract,
    far,
    { requests: withRest(requests, unanswered) as Requests, commands: withRest(commands, passedOver) as Commands },
    (name) => console.error(`refused: ${name}`),
  );
  const startTimer = (ms: number, callback: () => void) => {
    const timer = window.setTimeout(callback, ms);
    return () => window.clearTimeout(timer);
  };
  return { bridge: createCaller(mainRendererContract, near, startTimer), main };
}

const unanswered = (name: string) => async () => {
  throw new Error(`this story does not answer ${name}`);
};
const passedOver = (name: string) => (value: unknown) => console.log(`command ${name} ${JSON.stringify(value)}`);

function withRest<T extends object>(given: T, rest: (name: string) => unknown): T {
  const names = [...Object.keys(mainRendererContract.requests), ...Object.keys(mainRendererContract.commands)];
  return { ...Object.fromEntries(names.map((name) => [name, rest(name)])), ...given };
}

/** Two ends; what is sent is copied, as between processes. */
export function wirePair(): readonly [Wire, Wire] {
  const receivers: ((message: unknown) => void)[] = [() => undefined, () => undefined];
  const end = (own: number, other: number): Wire => ({
    send: (envelope: Envelope) => {
      const copy = envelopeSchema.parse(structuredClone(envelope));
      queueMicrotask(() => receivers[other]?.(copy));
    },
    onMessage: (receiver) => {
      receivers[own] = receiver;
    },
    onClose: () => undefined,
  });
  return [end(0, 1), end(1, 0)];
}
