/** The text of a container's log as engines send it: without a terminal it comes in frames, 8 bytes of header with the length as the last 4. */
export function plainLog(log: Buffer): string {
  const texts: Buffer[] = [];
  for (let at = 0; at + 8 <= log.length; ) {
    const end = at + 8 + log.readUInt32BE(at + 4);
    texts.push(log.subarray(at + 8, end));
    at = end;
  }
  return Buffer.concat(texts).toString('utf8');
}
