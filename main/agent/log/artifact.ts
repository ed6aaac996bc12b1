import { constants, createReadStream, createWriteStream } from 'node:fs';
import { access, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { finished, pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Clock } from '../platform/clock.ts';
import { runProgram } from '../platform/run-program.ts';
import type { EventFile } from './event-file.ts';
import { followPlainText } from './plain-text.ts';

const TOKEN = 'SEMAPHORE_ARTIFACT_TOKEN';
const ORGANIZATION = 'SEMAPHORE_ORGANIZATION_URL';
const THRESHOLD = 'SEMAPHORE_AGENT_LOGS_COMPRESSION_SIZE';
/** From so many bytes on a log is compressed, and what may be set instead (reference agent). */
const DEFAULT_THRESHOLD = 100 * 2 ** 20;
const LOWEST_THRESHOLD = 2 ** 20;
const HIGHEST_THRESHOLD = 2 ** 30;
/** When a job's log is uploaded: never, where the log server took only a part of it, or always. */
export type UploadCondition = 'never' | 'when-trimmed' | 'always';

/** Longer no upload may hold the end of a job, in ms. */
const LIMIT_MS = 10 * 60_000;

export interface ArtifactOptions {
  /** A log that is closed. */
  readonly file: EventFile;
  /** Private; the text is put there for as long as the upload takes. */
  readonly folder: string;
  readonly jobId: string;
  /** The job's variables, by name. */
  readonly variables: ReadonlyMap<string, string>;
  /** The agent's own: the program is looked for on its PATH, and the threshold in it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What the program inherits. */
  readonly programEnv: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly log: { info(message: string): void; error(message: string): void };
}

/**
 * Uploads a job's log as plain text with the `artifact` program, as `agent/job_logs.txt`, or compressed as
 * `agent/job_logs.txt.gz`. Resolves when that is done or has failed, which the agent's log says; never rejects.
 */
export async function uploadLog(options: ArtifactOptions): Promise<void> {
  const { log } = options;
  const program = await programOf(options);
  if (typeof program !== 'string') return log.error(`The job's log is not uploaded as an artifact: ${program.missing}`);
  log.info("Uploading the job's log as an artifact");
  const text = join(options.folder, 'job_logs.txt');
  try {
    const { path, name } = await placeText(options, text);
    const failure = await push(options, program, ['push', 'job', path, '-d', `agent/${name}`]);
    if (failure === undefined) log.info("The job's log was uploaded as an artifact");
    else log.error(`The job's log is not uploaded as an artifact: the program ${failure}`);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    log.error(`The job's log is not uploaded as an artifact: it cannot be put into ${options.folder} (${reason})`);
  }
  await Promise.all([text, `${text}.gz`].map((path) => rm(path, { force: true })));
}

/** The path of the program, or what is missing: of the two variables first, as with the reference agent. */
async function programOf({ variables, env }: ArtifactOptions): Promise<string | { readonly missing: string }> {
  for (const name of [TOKEN, ORGANIZATION]) if (!variables.get(name)) return { missing: `the job has no ${name}` };
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    const path = join(folder, process.platform === 'win32' ? 'artifact.exe' : 'artifact');
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere && folder !== '') return path;
  }
  return { missing: 'there is no program `artifact` on the PATH' };
}

async function placeText(
  options: ArtifactOptions,
  text: string,
): Promise<{ readonly path: string; readonly name: string }> {
  const size = await writeText(options.file, text);
  if (size < thresholdOf(options)) return { path: text, name: 'job_logs.txt' };
  await pipeline(createReadStream(text), createGzip(), createWriteStream(`${text}.gz`, { mode: 0o600 }));
  await rm(text);
  return { path: `${text}.gz`, name: 'job_logs.txt.gz' };
}

/** Writes the whole log as it is read, and tells how many bytes of text it has. */
async function writeText(file: EventFile, path: string): Promise<number> {
  const stream = createWriteStream(path, { mode: 0o600 });
  // Every write tells of its failure by itself.
  stream.on('error', () => undefined);
  let size = 0;
  await followPlainText(file, (piece) => {
    const bytes = Buffer.from(piece);
    size += bytes.length;
    return new Promise((resolve, reject) => stream.write(bytes, (error) => (error ? reject(error) : resolve())));
  });
  stream.end();
  await finished(stream);
  return size;
}

function thresholdOf({ env, log }: ArtifactOptions): number {
  const text = env[THRESHOLD] ?? '';
  if (text === '') return DEFAULT_THRESHOLD;
  const wanted = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (wanted >= LOWEST_THRESHOLD && wanted <= HIGHEST_THRESHOLD) return wanted;
  log.error(
    `${THRESHOLD} is not a number from ${LOWEST_THRESHOLD} to ${HIGHEST_THRESHOLD}: ${DEFAULT_THRESHOLD} counts`,
  );
  return DEFAULT_THRESHOLD;
}

/** Undefined, or how the program failed, with what it said last. */
async function push(options: ArtifactOptions, program: string, args: readonly string[]): Promise<string | undefined> {
  const { variables, programEnv, jobId, clock } = options;
  const env = {
    ...programEnv,
    [TOKEN]: variables.get(TOKEN) ?? '',
    [ORGANIZATION]: variables.get(ORGANIZATION) ?? '',
    SEMAPHORE_JOB_ID: jobId,
  };
  const { failure, lines } = await runProgram({ program, args, env, limitMs: LIMIT_MS, clock });
  if (failure === undefined) return undefined;
  const said = (lines.at(-1) ?? '').replaceAll(env[TOKEN] ?? '', '[masked]');
  return said === '' ? failure : `${failure}: ${said}`;
}
