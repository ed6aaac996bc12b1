import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { jobAboutSchema } from '../../../../shared/job-about.ts';
import { JOB_RESULTS, type LogEvent, logEventSchema } from '../../hub/wire.ts';

const NAME = 'meta.json';
const EVENTS = 'events.jsonl';
/** The first and the last event are no longer than that, in bytes. */
const EDGE_BYTES = 4 * 1024;

const metaSchema = z.object({
  version: z.literal(1),
  id: z.string(),
  name: z.string(),
  about: jobAboutSchema.optional(),
  startedAt: z.number(),
  /** Absent while it runs, and for good where the agent went before. */
  end: z.object({ result: z.enum(JOB_RESULTS), at: z.number() }).optional(),
});

/** What is kept of a job beside its log. Times are ms since the Unix epoch. */
export type JobMeta = z.infer<typeof metaSchema>;

/** For a new folder. */
export function createMeta(folder: string, meta: JobMeta): Promise<void> {
  return writeFile(join(folder, NAME), JSON.stringify(meta), { mode: 0o600, flag: 'wx' });
}

/** In the place of what was there; a crash leaves the one or the other. */
export async function replaceMeta(folder: string, meta: JobMeta): Promise<void> {
  await writeFileAtomic(join(folder, NAME), JSON.stringify(meta), { mode: 0o600 });
}

/**
 * What is kept of a job; where that is lost, what its log tells, and `key` in the place of its id: links to its lines need one.
 * Undefined for a folder without either.
 */
export async function readMeta(folder: string, key: string): Promise<JobMeta | undefined> {
  const text = await readFile(join(folder, NAME), 'utf8').catch(() => '');
  const parsed = metaSchema.safeParse(parseJson(text));
  return parsed.success ? parsed.data : metaFromEvents(folder, key).catch(() => undefined);
}

async function metaFromEvents(folder: string, key: string): Promise<JobMeta | undefined> {
  const file = await open(join(folder, EVENTS), 'r');
  try {
    const { size, birthtimeMs } = await file.stat();
    const edge = async (at: number) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(EDGE_BYTES), 0, EDGE_BYTES, at);
      return buffer.subarray(0, bytesRead).toString('utf8').trimEnd().split('\n');
    };
    const first = parseEvent((await edge(0)).at(0));
    const last = parseEvent((await edge(Math.max(0, size - EDGE_BYTES))).at(-1));
    return {
      version: 1,
      id: key,
      name: 'A job whose name is lost',
      startedAt: first ? first.timestamp * 1_000 : birthtimeMs,
      ...(last?.event === 'job_finished' ? { end: { result: last.result, at: last.timestamp * 1_000 } } : {}),
    };
  } finally {
    await file.close();
  }
}

function parseEvent(line = ''): LogEvent | undefined {
  return logEventSchema.safeParse(parseJson(line)).data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
