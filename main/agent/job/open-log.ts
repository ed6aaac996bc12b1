import type { Http } from '../hub/http.ts';
import { EventFile } from '../log/event-file.ts';
import { EventLog } from '../log/event-log.ts';
import { SecretMask } from '../log/masking/secret-mask.ts';
import { LogOutline } from '../log/outline.ts';
import { followPlainText } from '../log/plain-text.ts';
import { runPushLoop } from '../log/push-loop.ts';
import type { Tails } from '../log/tails.ts';
import type { Clock } from '../platform/clock.ts';
import { createPrivateFolder, type PrivateFolder } from '../platform/private-folder.ts';
import type { OpenJobLog, OpenLog } from './job-processor.ts';
import { jobNameOf } from './job-progress.ts';
import type { JobRequest } from './job-request.ts';

/** A reader of the plain text that does not read on must not keep a job from being reported. In ms. */
const MIRROR_PATIENCE_MS = 2_000;

export interface LogSettings {
  readonly http: Http;
  readonly clock: Clock;
  readonly log: { warn(message: string): void; error(message: string): void };
  /** Where the log's private folder is made. */
  readonly tempFolder: string;
  /** Gets the log as plain text while it grows; undefined for nobody. Its failures are its own. */
  readonly mirror: ((text: string) => Promise<void>) | undefined;
  /** What must not stand in the log of a job; nothing where masking is off. */
  readonly secretsOf: (request: JobRequest, accessToken: string) => readonly Uint8Array[];
  /** Shows logs to windows while they grow. */
  readonly tails: Tails;
}

/** Opens logs in private folders: pushed where the request says so, mirrored where the agent's owner says so. */
export function createOpenLog(settings: LogSettings): OpenLog {
  return async (request, { refreshToken, accessToken }): Promise<OpenJobLog | string> => {
    const { clock, log, mirror, tails } = settings;
    const onProblem = (code: string) =>
      log.error(`The log of job ${request.job_id} cannot be written (${code}); the job goes on`);
    const made = await makeFile(settings.tempFolder, onProblem);
    if (typeof made === 'string') return made;
    const { folder, file } = made;
    const delivery = deliver(request, file, refreshToken, settings);
    const mirrored = mirror ? followPlainText(file, mirror).catch(() => undefined) : Promise.resolve();
    const outline = new LogOutline();
    const live = { id: request.job_id, name: jobNameOf(request), startedAt: clock.now(), file, outline };
    tails.begin(live);
    return {
      log: new EventLog(file, clock, { outline, mask: SecretMask.of(settings.secretsOf(request, accessToken)) }),
      async delivered(result) {
        const shown = tails.end(live, result);
        const problem = await delivery;
        void Promise.all([mirrored, shown]).then(() => file.release());
        await Promise.race([mirrored, clock.sleep(MIRROR_PATIENCE_MS)]);
        if (problem === undefined) await folder.remove();
        return problem === undefined ? undefined : `${problem}. All of it is in ${folder.path}`;
      },
    };
  };
}

async function makeFile(
  tempFolder: string,
  onProblem: (code: string) => void,
): Promise<{ readonly folder: PrivateFolder; readonly file: EventFile } | string> {
  try {
    const folder = await createPrivateFolder(tempFolder);
    return { folder, file: await EventFile.create(folder.path, onProblem) };
  } catch (error) {
    return `its log cannot be kept in ${tempFolder} (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`;
  }
}

async function deliver(
  request: JobRequest,
  file: EventFile,
  refreshToken: () => Promise<string>,
  { http, clock, log }: LogSettings,
): Promise<string | undefined> {
  const { method, url, token } = request.logger;
  if (method !== 'push' || url === '') return undefined;
  const onProblem = (message: string) => log.warn(message);
  const end = await runPushLoop({ file, http, clock, url, token, refreshToken, onProblem }).catch(unreadable);
  if (end === 'trimmed') return 'the log server takes no more of it';
  if (end === 'undelivered') return 'the log server did not take it within a minute';
  return end === 'complete' ? undefined : end.problem;
}

/** The disk, and never the job, is why a log cannot be read. */
function unreadable(error: unknown): { readonly problem: string } {
  return { problem: `it cannot be read from its file (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})` };
}
