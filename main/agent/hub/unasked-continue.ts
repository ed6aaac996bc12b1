import { subscribe } from 'node:diagnostics_channel';

const CONTINUE = 100;
/** What undici passes over as it should pass over the other one: another interim answer. */
const PROCESSING = 102;

type OnHeaders = (this: unknown, status: number, ...others: unknown[]) => number;
interface Parser {
  onHeadersComplete: OnHeaders;
}
const mended = new WeakSet<Parser>();

/**
 * A `100 Continue` that nobody asked for is to be passed over (RFC 9110, 15.2); some servers and proxies send one with every
 * POST. undici closes the connection instead, so with those no call would ever succeed. Its parser cannot be had in another
 * way than from a connection. To be removed when undici does it by itself: the test beside this file says so.
 */
export function passUnaskedContinue(): void {
  subscribe('undici:client:connected', (message) => {
    const { socket } = message as { readonly socket: Readonly<Record<symbol, Parser | undefined>> };
    const key = Object.getOwnPropertySymbols(socket).find(({ description }) => description === 'parser');
    const parser = key && socket[key];
    if (parser) mend(Object.getPrototypeOf(parser));
  });
}

function mend(parser: Parser): void {
  if (mended.has(parser)) return;
  mended.add(parser);
  const { onHeadersComplete } = parser;
  parser.onHeadersComplete = function (status, ...others) {
    return onHeadersComplete.call(this, status === CONTINUE ? PROCESSING : status, ...others);
  };
}
