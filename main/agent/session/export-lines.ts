import { quote } from './marks.ts';

/** What bash sources to have these variables. A name that it would refuse is left out: that does not fail a job. */
export function exportLines(variables: readonly (readonly [string, Uint8Array])[]): Buffer {
  return Buffer.concat(variables.filter(([name]) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)).map(exportLine));
}

/** A value is bytes: quoted byte by byte, never decoded. */
function exportLine([name, value]: readonly [string, Uint8Array]): Buffer {
  const quoted = quote(Buffer.from(value).toString('latin1'));
  return Buffer.from(`export ${name}=${quoted}\n`, 'latin1');
}
