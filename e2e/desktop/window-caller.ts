import type { Page } from 'playwright';
import type { CommandOf, ReplyOf, RequestOf } from '../../shared/contract/contract.ts';
import type { mainRendererContract } from '../../shared/contract/main-renderer.ts';

type Contract = typeof mainRendererContract;

/** Far from what the page itself counts. */
let lastId = 1_000_000;

/** Asks the main process as the window's page does, through the real preload. Rejects with what main says where it fails. */
export async function ask<N extends keyof Contract['requests'] & string>(
  page: Page,
  name: N,
  value: RequestOf<Contract, N>,
): Promise<ReplyOf<Contract, N>> {
  lastId += 1;
  const envelope = { kind: 'request', id: lastId, name, value };
  const answer = await page.evaluate(
    (sent) =>
      new Promise<{ kind: string; value?: unknown; error?: { message: string } }>((resolve) => {
        const { signalboxBridge: bridge } = globalThis as unknown as {
          signalboxBridge: {
            send(message: unknown): void;
            onMessage(receiver: (message: { id?: number; kind: string }) => void): void;
          };
        };
        bridge.onMessage((message) => message.id === sent.id && resolve(message));
        bridge.send(sent);
      }),
    envelope,
  );
  if (answer.kind !== 'reply') throw new Error(answer.error?.message);
  return answer.value as ReplyOf<Contract, N>;
}

/** Sends a command as the window's page does. */
export async function command<N extends keyof Contract['commands'] & string>(
  page: Page,
  name: N,
  value: CommandOf<Contract, N>,
): Promise<void> {
  await page.evaluate(
    (sent) => {
      const { signalboxBridge: bridge } = globalThis as unknown as {
        signalboxBridge: { send(message: unknown): void };
      };
      bridge.send(sent);
    },
    { kind: 'command', name, value },
  );
}
