import { type Document, isNode } from 'yaml';
import { lineAndColumn, placeOfKey, readYaml } from '../config/read-yaml.ts';
import { type JobRequest, parseJobRequest } from './job-request.ts';
import { misspeltKeys } from './misspelt-keys.ts';

/** A job that a file holds, or one line that says what is wrong with the file, and where. */
export type JobFileContent =
  /** `warnings`: one line each; what the file says there was passed over. */
  | { readonly ok: true; readonly request: JobRequest; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly problem: string };

/** Reads a job request from YAML or JSON (which is YAML too). There `files` may also be spelled `file`, as with the reference agent. */
export function readJobFile(path: string, readFile: (path: string) => string): JobFileContent {
  let text: string;
  try {
    text = readFile(path);
  } catch (error) {
    return {
      ok: false,
      problem: `${path}: cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`,
    };
  }
  const yaml = readYaml(text);
  if (!yaml.ok) return { ok: false, problem: `${path}: ${yaml.problem}` };
  const { document, content } = yaml;
  const isSpelledFile = isRecord(content) && content.files === undefined && content.file !== undefined;
  const { file, ...others } = isSpelledFile ? content : {};
  const given = isSpelledFile ? { ...others, files: file } : content;
  const parsed = parseJobRequest(given);
  if (parsed.ok) {
    const warnings = misspeltKeys(given, parsed.request).map(({ path: at, hint }) => {
      const where = lineAndColumn(text, placeOfKey(document, at));
      return `${path}: ${JSON.stringify(at.at(-1))} is no key${hint}, at ${where}`;
    });
    const { commands } = parsed.request;
    const idle = commands.length === 0 ? [`${path}: there are no commands in it, so the job does nothing`] : [];
    return { ok: true, request: parsed.request, warnings: [...warnings, ...idle] };
  }
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
