import type { IncomingMessage } from 'node:http';

/** Job requests carry files; more than this is refused. Bytes. */
const MAX_BODY = 64 * 1024 * 1024;

/**
 * The body of a request as text, whatever its content type says; undefined where it is too large. Such a one is read to its
 * end all the same, and thrown away: who still sends hears no answer. Rejects where the connection is lost.
 */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  let chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY) chunks.push(chunk);
    else chunks = [];
  }
  return size <= MAX_BODY ? Buffer.concat(chunks).toString('utf8') : undefined;
}
