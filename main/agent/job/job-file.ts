import { type Document, isNode, parseDocument } from 'yaml';
import { lineAndColumn } from '../config/config-file.ts';
import { type ParsedJobRequest, parseJobRequest } from './job-request.ts';

/** Reads a job request from YAML or JSON (which is YAML too). There `files` may also be spelled `file`, as with the reference agent. */
export function readJobFile(path: string, readFile: (path: string) => string): ParsedJobRequest {
  let text: string;
  try {
    text = readFile(path);
  } catch (error) {
    return {
      ok: false,
      problem: `${path}: cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`,
    };
  }
  const document = parseDocument(text, { prettyErrors: false });
  const [broken] = document.errors;
  if (broken) return { ok: false, problem: `${path}: is not YAML at ${lineAndColumn(text, broken.pos[0])}` };
  const content: unknown = document.toJS();
  const isSpelledFile = isRecord(content) && content.files === undefined && content.file !== undefined;
  const parsed = parseJobRequest(isSpelledFile ? { ...content, files: content.file } : content);
  if (parsed.ok) return parsed;
  const at = (parsed.at ?? []).map((part, index) => (index === 0 && part === 'files' && isSpelledFile ? 'file' : part));
  return { ok: false, problem: `${path}: ${parsed.problem}, at ${lineAndColumn(text, placeOf(document, at))}` };
}

/** Where a field stands in the text; where it is missing, what it is missing in. */
function placeOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
