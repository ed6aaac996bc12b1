import { type Document, isMap, isScalar, parseDocument, type Tags, visit, type YAMLError } from 'yaml';

export type ReadYaml =
  | { readonly ok: true; readonly document: Document; readonly content: unknown }
  /** `problem`: in a line, with the place. It quotes nothing of the text, which may hold secrets. */
  | { readonly ok: false; readonly problem: string };

/** Reads a text as YAML, or JSON, which is YAML too. `version`: the one of 2009 unless told; of 1.1 without its times. */
export function readYaml(text: string, { version = '1.2' }: { readonly version?: '1.1' | '1.2' } = {}): ReadYaml {
  const document = parseDocument(text, { prettyErrors: false, version, customTags: withoutTimes });
  const [broken] = document.errors;
  if (broken) return refused(text, broken.pos[0], reasonOf(broken));
  const lost = aliasWithoutAnchor(document);
  if (lost !== undefined) return refused(text, lost, 'What begins with * must be in quotes');
  try {
    return { ok: true, document, content: document.toJS() };
  } catch {
    return refused(text, 0, 'Its anchors unfold to too much');
  }
}

/** Where a place in a text is, as editors count: from 1. */
export function lineAndColumn(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

/** Where the key of an entry stands in the text, by its path. */
export function placeOfKey(document: Document, path: readonly PropertyKey[]): number {
  const map = document.getIn(path.slice(0, -1), true);
  const keys = isMap(map) ? map.items.map(({ key }) => key).filter((key) => isScalar(key)) : [];
  return keys.find(({ value }) => String(value) === path.at(-1))?.range?.[0] ?? 0;
}

/** That 12:30 is a number of minutes was one idea too many, and no other reader of 1.1 has it. */
function withoutTimes(tags: Tags): Tags {
  const isTime = (tag: Tags[number]) =>
    typeof tag === 'object' && (tag.format === 'TIME' || tag.tag === 'tag:yaml.org,2002:timestamp');
  return tags.filter((tag) => !isTime(tag));
}

function refused(text: string, offset: number, reason: string): ReadYaml {
  return { ok: false, problem: `is not YAML at ${lineAndColumn(text, offset)}: ${reason}` };
}

/** The library's own words, without what they quote: that stands behind a colon, or is an escape sequence. */
function reasonOf({ code, message }: YAMLError): string {
  if (code === 'MULTIPLE_DOCS') return 'There is a second document after ---';
  return message.replace(/(?<=\S): .*$|(?<=^Invalid escape sequence) .*$/s, '');
}

/** What only toJS would tell, without the place. */
function aliasWithoutAnchor(document: Document): number | undefined {
  let lost: number | undefined;
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document)) return undefined;
      lost = alias.range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return lost;
}
