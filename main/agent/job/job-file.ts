import { parseDocument } from 'yaml';
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
  const parsed = parseJobRequest(isRecord(content) ? { ...content, files: content.files ?? content.file } : content);
  return parsed.ok ? parsed : { ok: false, problem: `${path}: ${parsed.problem}` };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
