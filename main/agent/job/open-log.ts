import type { JobAbout } from '../../../shared/job-about.ts';
import type { Http } from '../hub/http.ts';
import { type UploadCondition, uploadLog } from '../log/artifact.ts';
import { EventFile } from '../log/event-file.ts';
import { EventLog } from '../log/event-log.ts';
import type { BegunJob, JobFolder, JobFolders } from '../log/history/job-folders.ts';
import { saveIndex } from '../log/index/index-file.ts';
import { LogIndex } from '../log/index/log-index.ts';
import { SecretMask } from '../log/masking/secret-mask.ts';
import { followPlainText } from '../log/plain-text.ts';
import { runPushLoop } from '../log/push-loop.ts';
import type { Tails } from '../log/tails.ts';
import type { LogViews } from '../log/view/log-views.ts';
import { type Metrics, NO_METRICS } from '../metrics/metrics.ts';
import type { Clock } from '../platform/clock.ts';
import { createForesight } from './foresight.ts';
import type { OpenJobLog, OpenLog } from './job-processor.ts';
import { jobNameOf } from './job-progress.ts';
import type { JobRequest } from './job-request.ts';
import { decodeBase64 } from './variables.ts';

/** A reader of the plain text that does not read on must not keep a job from being reported. In ms. */
const MIRROR_PATIENCE_MS = 2_000;
/** Of a log that is pulled, where the request does not say (reference agent). */
const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;

/** What of logs becomes an artifact, and in what environment the program that uploads it is looked for and runs. */
export interface ArtifactSettings {
  readonly when: (request: JobRequest) => UploadCondition;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly programEnv: Readonly<Record<string, string>>;
}

/** Who reads logs here, in their file, as the clients of `serve` do. The file stays open for them, without a name. */
export interface LogReader {
  open(file: EventFile): void;
  /** Resolves when it was read to its end, or nobody will. Awaited only where the request says who is told of it then. */
  readonly fetched: Promise<void>;
}

export interface LogSettings {
  readonly http: Http;
  readonly clock: Clock;
  readonly log: { info(message: string): void; warn(message: string): void; error(message: string): void };
  /** Where logs are, and what becomes of them. */
  readonly folders: JobFolders;
  /** Gets the log as plain text while it grows; undefined for nobody. Its failures are its own. */
  readonly mirror: ((text: string) => Promise<void>) | undefined;
  /** What must not stand in the log of a job; undefined where masking is off. */
  readonly secretsOf: (request: JobRequest, accessToken: string) => readonly Uint8Array[] | undefined;
  readonly artifacts: ArtifactSettings;
  /** What a job says of itself, for those who keep logs. */
  readonly aboutOf: (request: JobRequest) => JobAbout;
  /** Shows logs to windows while they grow. */
  readonly tails: Tails;
  /** Shows whole logs to windows; undefined where there are none. */
  readonly views?: LogViews | undefined;
  /** Reads them in their files; undefined for nobody. */
  readonly reader?: LogReader;
  readonly metrics?: Metrics;
}

/** Opens logs in private folders: pushed where the request says so, mirrored where the agent's owner says so. */
export function createOpenLog(settings: LogSettings): OpenLog {
  return async (request, { refreshToken, accessToken }): Promise<OpenJobLog | string> => {
    const { clock, log, mirror, tails, views, reader, aboutOf } = settings;
    if (goesNowhere(request)) return 'its log is to be pushed, but the request does not say where to';
    const onProblem = (code: string) =>
      log.error(`The log of job ${request.job_id} cannot be written (${code}); the job goes on`);
    const begun = { id: request.job_id, name: jobNameOf(request), about: aboutOf(request), startedAt: clock.now() };
    const made = await makeFile(settings.folders, begun, onProblem);
    if (typeof made === 'string') return made;
    const { folder, file } = made;
    reader?.open(file);
    const secrets = settings.secretsOf(request, accessToken);
    const mask = secrets && new SecretMask(secrets);
    const delivery = deliver(request, file, maskedWith(mask, refreshToken), settings);
    const mirrored = mirror ? followPlainText(file, mirror).catch(() => undefined) : Promise.resolve();
    const index = new LogIndex();
    const { nameOf, foresee, awaited } = createForesight(mask);
    const live = { ...begun, file, index, awaited };
    tails.begin(live);
    views?.begin(live);
    return {
      log: new EventLog(file, clock, { index, mask }),
      nameOf,
      foresee,
      async delivered(result) {
        const shown = Promise.all([tails.end(live, result), views?.end(live, result)]);
        const { problem, isTrimmed } = await delivery;
        if (isWanted(settings.artifacts.when(request), isTrimmed)) await upload(request, { file, folder, settings });
        if (!reader) void Promise.all([mirrored, shown]).then(() => file.release());
        await Promise.race([mirrored, clock.sleep(MIRROR_PATIENCE_MS)]);
        // Without its index a log is read through when somebody opens it.
        if (views && index.bytes === file.size) await saveIndex(folder.path, index).catch(() => undefined);
        await folder.end({ result, isDelivered: problem === undefined });
        return problem === undefined ? undefined : `${problem}. All of it is in ${folder.path}`;
      },
    };
  };
}

/** Nobody would ever read such a log; the reference agent does not run the job either. */
function goesNowhere({ logger }: JobRequest): boolean {
  return logger.method === 'push' && logger.url === '';
}

/** A token that comes while the job runs is as much a secret as the first one. */
function maskedWith(mask: SecretMask | undefined, refreshToken: () => Promise<string>): () => Promise<string> {
  return async () => {
    const token = await refreshToken();
    mask?.add(Buffer.from(token));
    return token;
  };
}

async function makeFile(
  folders: JobFolders,
  job: BegunJob,
  onProblem: (code: string) => void,
): Promise<{ readonly folder: JobFolder; readonly file: EventFile } | string> {
  try {
    const folder = await folders.create(job);
    return { folder, file: await EventFile.create(folder.path, onProblem) };
  } catch (error) {
    const { code = 'unknown error', path = 'a temp folder' } = error as NodeJS.ErrnoException;
    return `its log cannot be kept in ${path} (${code})`;
  }
}

/** How a log got where it was to go. `isTrimmed`: the server has a part of it and wants no more. */
interface Delivery {
  readonly problem: string | undefined;
  readonly isTrimmed: boolean;
}

async function deliver(
  request: JobRequest,
  file: EventFile,
  refreshToken: () => Promise<string>,
  { http, clock, log, reader, metrics = NO_METRICS }: LogSettings,
): Promise<Delivery> {
  const { method, url, token } = request.logger;
  if (method !== 'push') return pulled(request, file, reader);
  const onProblem = (message: string) => log.warn(message);
  const onPushed = (behind: number) => metrics.gauge('log.events_behind', behind);
  const end = await runPushLoop({ file, http, clock, url, token, refreshToken, onProblem, onPushed }).catch(unreadable);
  if (end === 'trimmed') return { problem: 'the log server takes no more of it', isTrimmed: true };
  if (end === 'undelivered') return { problem: 'the log server did not take it within a minute', isTrimmed: false };
  return { problem: end === 'complete' ? undefined : end.problem, isTrimmed: false };
}

/** Who pulls a log takes so much of it and no more. */
async function pulled({ logger, callbacks }: JobRequest, file: EventFile, reader?: LogReader): Promise<Delivery> {
  await file.finished;
  if (callbacks.teardown_finished !== '') await reader?.fetched;
  return { problem: undefined, isTrimmed: file.size >= (logger.max_size_in_bytes || DEFAULT_MAX_BYTES) };
}

/** The disk, and never the job, is why a log cannot be read. */
function unreadable(error: unknown): { readonly problem: string } {
  return { problem: `it cannot be read from its file (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})` };
}

function isWanted(when: UploadCondition, isTrimmed: boolean): boolean {
  return when === 'always' || (when === 'when-trimmed' && isTrimmed);
}

function upload(
  request: JobRequest,
  { file, folder, settings }: { file: EventFile; folder: JobFolder; settings: LogSettings },
): Promise<void> {
  const { artifacts, clock, log } = settings;
  const { env, programEnv } = artifacts;
  const variables = new Map(request.env_vars.map(({ name, value }) => [name, textOf(value)]));
  return uploadLog({ file, folder: folder.path, jobId: request.job_id, variables, env, programEnv, clock, log });
}

function textOf(base64: string): string {
  return Buffer.from(decodeBase64(base64) ?? '').toString('utf8');
}
