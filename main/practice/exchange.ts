import type { IncomingMessage, ServerResponse } from 'node:http';
import { API_PATH } from '../agent/hub/wire.ts';
import type { CallKind } from './faults.ts';
import type { HubAnswer } from './hub-rules.ts';

/** What a call is about, by method and path. */
export function kindOf(method: string, path: string): CallKind {
  if (path.startsWith('/logs/')) return 'push';
  if (path.startsWith('/callbacks/')) return 'callback';
  const call = path.startsWith(API_PATH) ? path.slice(API_PATH.length) : '';
  if (method === 'GET' && call.startsWith('/jobs/')) return 'job';
  if (method === 'GET') return call === '/metrics' ? 'metrics' : call === '/jobs' ? 'jobs' : 'unknown';
  const posts: Readonly<Record<string, CallKind>> = {
    '/register': 'register',
    '/sync': 'sync',
    '/refresh': 'refresh',
    '/disconnect': 'disconnect',
  };
  return posts[call] ?? 'unknown';
}

/** The whole body of a request, as text. Rejects when the connection breaks. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Undefined for what is not JSON: no schema takes it. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Sends an answer: texts as they are, everything else as JSON. */
export function respond(
  response: ServerResponse,
  { status, body }: HubAnswer,
  headers: Readonly<Record<string, string>> = {},
): void {
  const type = typeof body === 'string' ? 'text/plain' : 'application/json';
  response.writeHead(status, { 'content-type': type, ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
