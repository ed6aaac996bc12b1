/** Packs a few small texts as an asar archive: a pickled JSON index, then the bodies. */
export function packAsar(files) {
  let offset = 0;
  const bodies = [];
  const index = { files: {} };
  for (const [name, text] of Object.entries(files)) {
    const body = Buffer.from(text);
    index.files[name] = { size: body.length, offset: `${offset}` };
    offset += body.length;
    bodies.push(body);
  }
  const json = Buffer.from(JSON.stringify(index));
  const padded = Math.ceil(json.length / 4) * 4;
  const head = Buffer.alloc(16 + padded);
  for (const [n, value] of [4, padded + 8, padded + 4, json.length].entries()) head.writeUInt32LE(value, 4 * n);
  json.copy(head, 16);
  return Buffer.concat([head, ...bodies]);
}
