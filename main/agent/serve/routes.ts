import { createReadStream } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { parseJobRequest } from '../job/job-request.ts';
import { readBody } from './request-body.ts';
import type { ServedJob } from './served-job.ts';
import type { ServedLog } from './served-log.ts';

/** What the calls of the server are about. */
export interface ServedAgent {
  readonly version: string;
  readonly job: ServedJob;
  readonly jobLog: ServedLog;
  /** Where the agent's own log is; undefined where it has none. */
  readonly agentLogPath: string | undefined;
}

/** An answer. A stream is sent as it is read; `sent` is called when all of it has gone out. */
export interface Answer {
  readonly status: number;
  readonly body: string | Readable;
  readonly type?: 'text/plain';
  /** Where the call is to be made instead. */
  readonly location?: string;
  readonly sent?: () => void;
}

interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  /** For everybody: no token is asked for. */
  readonly open?: true;
  readonly answer: (agent: ServedAgent, call: Call) => Promise<Answer> | Answer;
}

/** A call whose path was understood. `part`: what stood in the path where a job's id is. */
export interface Call {
  readonly request: IncomingMessage;
  readonly part: string;
  readonly query: URLSearchParams;
}

/** Every call there is. Source: the reference agent, `pkg/server/server.go`. */
export const ROUTES: readonly Route[] = [
  { method: 'GET', path: /^\/is_alive$/, open: true, answer: () => text('yes') },
  { method: 'GET', path: /^\/status$/, answer: status },
  { method: 'POST', path: /^\/jobs$/, answer: receiveJob },
  { method: 'GET', path: /^\/jobs\/([^/]+)\/log$/, answer: jobLog },
  { method: 'POST', path: /^\/stop$/, answer: stop },
  { method: 'POST', path: /^\/jobs\/terminate$/, answer: stop },
  { method: 'GET', path: /^\/agent_logs$/, answer: agentLog },
];

/** `{"message": "…"}`, with the blank that the reference agent writes there. */
export function message(status: number, words: string): Answer {
  return { status, body: `{"message": ${JSON.stringify(words)}}` };
}

function text(body: string | Readable): Answer {
  return { status: 200, body, type: 'text/plain' };
}

function status({ job, version }: ServedAgent): Answer {
  const state = job.id === undefined ? 'waiting-for-job' : 'job-received';
  return { status: 200, body: JSON.stringify({ state, version }) };
}

async function receiveJob({ job }: ServedAgent, { request }: Call): Promise<Answer> {
  const body = await readBody(request);
  if (body === undefined) return message(413, 'a job request may have 64 MiB at most');
  const parsed = parseJobRequest(parseJson(body));
  if (!parsed.ok) return message(422, `this is no job request: ${parsed.problem}`);
  const received = await job.receive(parsed.request);
  switch (received) {
    case 'begun':
      return message(200, 'ok');
    case 'already-running':
      return message(200, 'job is already running');
    case 'another-is-running':
      return message(422, 'another job is already running');
    default:
      return message(422, `the job cannot be run: ${received.problem}`);
  }
}

/** Undefined for what is no JSON, which is no job request either. */
function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function jobLog({ job, jobLog: log }: ServedAgent, { part, query, request }: Call): Answer {
  if (job.id !== part) return message(job.id === undefined ? 404 : 403, `job ${part} is not running`);
  const answer = text(Readable.from(log.from(startFrom(query)), { objectMode: false }));
  const isArchivator = request.headers['x-client-name'] === 'archivator';
  return isArchivator ? { ...answer, sent: () => log.wasFetched() } : answer;
}

/** What is negative, or no number, counts as 0. */
function startFrom(query: URLSearchParams): number {
  const given = query.get('start_from') ?? '';
  return /^\+?\d{1,15}$/.test(given) ? Number(given) : 0;
}

function stop({ job }: ServedAgent): Answer {
  job.stop();
  return text('');
}

async function agentLog({ agentLogPath }: ServedAgent): Promise<Answer> {
  const file = agentLogPath === undefined ? undefined : createReadStream(agentLogPath);
  const opened = await new Promise<boolean>((resolve) => {
    if (!file) resolve(false);
    file?.once('open', () => resolve(true)).once('error', () => resolve(false));
  });
  return file && opened ? text(file) : { status: 404, body: '', type: 'text/plain' };
}
