import type { Socket } from 'node:net';
import type { Wire } from '../../shared/contract/caller.ts';

/** A message that is longer is nobody's who means well. In bytes. */
const LONGEST_LINE = 256 * 1024;
/** Who does not read what it asked for is let go. In bytes. */
const MOST_UNREAD = 4 * 1024 * 1024;

/** The contract's wire over a socket: one JSON value a line. What is no JSON is handed on as it is, and refused there. */
export function socketWire(socket: Socket): Wire {
  let rest = '';
  socket.setEncoding('utf8');
  // A connection that breaks has ended; `close` follows.
  socket.on('error', () => undefined);
  return {
    send(envelope) {
      if (socket.writableLength > MOST_UNREAD) socket.destroy();
      else if (socket.writable) socket.write(`${JSON.stringify(envelope)}\n`);
    },
    onMessage(receiver) {
      socket.on('data', (text: string) => {
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        if (rest.length > LONGEST_LINE) socket.destroy();
        for (const line of lines) receiver(parse(line));
      });
    },
    onClose: (receiver) => void socket.once('close', receiver),
  };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
