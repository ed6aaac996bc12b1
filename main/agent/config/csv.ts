/**
 * One line of CSV: commas part the fields, quotes around a field keep commas in it, two quotes within stand for one. What
 * lists on the command line look like (pflag's `StringSlice`). Undefined where a quote stands alone. Empty text: no fields.
 */
export function parseCsvLine(text: string): readonly string[] | undefined {
  if (text === '') return [];
  const fields: string[] = [];
  for (let rest = text; ; ) {
    const quoted = /^"((?:[^"]|"")*)"(?=,|$)/.exec(rest);
    const plain = /^[^",]*(?=,|$)/.exec(rest);
    const match = quoted ?? plain;
    if (!match) return undefined;
    fields.push(quoted ? (quoted[1] ?? '').replaceAll('""', '"') : match[0]);
    rest = rest.slice(match[0].length);
    if (rest === '') return fields;
    rest = rest.slice(1);
  }
}
