/** An entry `NAME=VALUE` of a list in its parts; a value may hold `=`. */
export function nameAndValue(pair: string): { readonly name: string; readonly value: string } {
  const at = pair.indexOf('=');
  return { name: pair.slice(0, at), value: pair.slice(at + 1) };
}
