import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PracticeHub } from '../../practice/practice-hub.ts';
import { createHttp } from '../hub/undici-http.ts';
import { jobAboutOf } from '../job/job-about.ts';
import { jobRequestSchema } from '../job/job-request.ts';
import { createOpenLog } from '../job/open-log.ts';
import { systemClock } from '../platform/clock.ts';
import type { UploadCondition } from './artifact.ts';
import { type JobFolders, temporaryFolders } from './history/job-folders.ts';
import { Tails } from './tails.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const VARIABLES = [
  { name: 'SEMAPHORE_ARTIFACT_TOKEN', value: base64('artifact-token') },
  { name: 'SEMAPHORE_ORGANIZATION_URL', value: base64('https://acme.example.com') },
];

let hub: PracticeHub;
/** Of the test: `bin` has the program, `temp` is where logs are kept, and the program notes what it was given. */
let work: string;
let lines: string[];
const http = createHttp(systemClock);

beforeEach(async () => {
  hub = await PracticeHub.start({ maxLogBytes: 200_000 });
  work = mkdtempSync(join(tmpdir(), 'artifact-test-'));
  for (const folder of ['bin', 'temp']) mkdirSync(join(work, folder));
  lines = [];
  program(
    'cp "$3" "$NOTES/file"; echo "$@" > "$NOTES/arguments"; env > "$NOTES/environment"; ls "$(dirname "$3")" > "$NOTES/beside"',
  );
});
afterEach(async () => {
  await hub.close();
  rmSync(work, { recursive: true });
});

/** A fake `artifact` for the PATH. */
function program(script: string): void {
  const path = join(work, 'bin', 'artifact');
  writeFileSync(path, `#!/bin/bash\n${script}\n`);
  chmodSync(path, 0o755);
}

interface Over {
  readonly when?: UploadCondition;
  readonly variables?: readonly { readonly name: string; readonly value: string }[];
  readonly env?: Readonly<Record<string, string>>;
  readonly method?: string;
  readonly folders?: JobFolders;
}

/** A job's log with this output, to its end. */
async function logOf(output: string, over: Over = {}): Promise<string | undefined> {
  const say = (line: string) => void lines.push(line);
  const path = [join(work, 'bin'), process.env.PATH].join(delimiter);
  const openLog = createOpenLog({
    http,
    clock: systemClock,
    log: { info: say, warn: say, error: say },
    folders: over.folders ?? temporaryFolders(join(work, 'temp')),
    aboutOf: (request) => jobAboutOf(request, { kubernetes: false }),
    mirror: undefined,
    tails: new Tails(systemClock),
    secretsOf: () => undefined,
    artifacts: {
      when: () => over.when ?? 'always',
      env: { PATH: path, ...over.env },
      programEnv: { PATH: path, NOTES: work, HOME: work },
    },
  });
  const request = jobRequestSchema.parse({
    job_id: 'job-7',
    env_vars: over.variables ?? VARIABLES,
    logger: over.method === 'pull' ? { method: 'pull', max_size_in_bytes: 1_000 } : hub.loggerOf('job-7'),
  });
  const opened = await openLog(request, { refreshToken: async () => '', accessToken: '' });
  if (typeof opened === 'string') throw new Error(opened);
  const { log } = opened;
  log.jobStarted();
  log.commandStarted('make\nall');
  for (let at = 0; at < output.length; at += 50_000) log.output(Buffer.from(output.slice(at, at + 50_000)));
  log.commandFinished(0);
  log.jobFinished('passed');
  await log.close();
  return opened.delivered('passed');
}

const note = (name: string) => readFileSync(join(work, name));
const isUploaded = () => readdirSync(work).includes('file');

describe('a log as an artifact', () => {
  it.each(['exit 0', 'exit 1'])('leaves nothing beside a log that is kept: %s', async (script) => {
    program(script);
    const path = join(work, 'temp');
    await logOf('x', { folders: { create: async () => ({ path, end: async () => undefined }) } });
    expect(readdirSync(path)).toEqual(['events.jsonl']);
  });

  it('is plain text: each directive as a line, then its output as it is', async () => {
    expect(await logOf('héllo\r\nworld\nno end')).toBeUndefined();
    expect(note('file').toString()).toBe('make\nall\nhéllo\nworld\nno end');
    expect(note('arguments').toString()).toMatch(/^push job \S+\/job_logs\.txt -d agent\/job_logs\.txt\n$/);
    expect(lines).toEqual(["Uploading the job's log as an artifact", "The job's log was uploaded as an artifact"]);
  });

  it('is uploaded with the two variables and the job’s id, and without the agent’s own', async () => {
    await logOf('x');
    const environment = note('environment').toString().split('\n');
    expect(environment).toContain('SEMAPHORE_ARTIFACT_TOKEN=artifact-token');
    expect(environment).toContain('SEMAPHORE_ORGANIZATION_URL=https://acme.example.com');
    expect(environment).toContain('SEMAPHORE_JOB_ID=job-7');
    expect(environment.filter((line) => line.startsWith('SEMAPHORE_'))).toHaveLength(3);
  });

  it('leaves nothing behind', async () => {
    await logOf('x');
    expect(readdirSync(join(work, 'temp'))).toEqual([]);
  });

  it.each<[UploadCondition, string, boolean]>([
    ['never', 'x'.repeat(400_000), false],
    ['when-trimmed', 'small', false],
    ['when-trimmed', 'x'.repeat(400_000), true],
    ['always', 'small', true],
  ])('is uploaded %s', async (when, output, isExpected) => {
    await logOf(output, { when });
    expect(isUploaded()).toBe(isExpected);
    if (isExpected) expect(note('file').toString()).toBe(`make\nall\n${output}`);
  });

  it.each<[number, boolean]>([
    [100, false],
    [2_000, true],
  ])('of %i bytes, pulled, counts as trimmed from the size on that the request names', async (size, isExpected) => {
    await logOf('x'.repeat(size), { when: 'when-trimmed', method: 'pull' });
    expect(isUploaded()).toBe(isExpected);
  });

  it('of lines of any length is whole, and compressed from the threshold on', async () => {
    const output = `${'long line '.repeat(300_000)}\n${'é'.repeat(100_000)}`;
    await logOf(output, { env: { SEMAPHORE_AGENT_LOGS_COMPRESSION_SIZE: '1048576' } });
    expect(note('arguments').toString()).toMatch(/\/job_logs\.txt\.gz -d agent\/job_logs\.txt\.gz\n$/);
    expect(gunzipSync(note('file')).toString()).toBe(`make\nall\n${output}`);
    expect(note('beside').toString()).not.toMatch(/job_logs\.txt\n/);
    expect(readdirSync(join(work, 'temp')).length).toBeLessThanOrEqual(1);
  });

  it.each(['many', '1048575', '1073741825', '-1', '2e6'])('has its default threshold where %s is set', async (size) => {
    await logOf('x'.repeat(2_000_000), { env: { SEMAPHORE_AGENT_LOGS_COMPRESSION_SIZE: size } });
    expect(note('arguments').toString()).toMatch(/job_logs\.txt\n$/);
    expect(lines.some((line) => /^SEMAPHORE_AGENT_LOGS_COMPRESSION_SIZE is not a number from/.test(line))).toBe(true);
  });

  it.each<[string, Over, RegExp]>([
    ['a token', { variables: VARIABLES.slice(1) }, /the job has no SEMAPHORE_ARTIFACT_TOKEN$/],
    ['an organisation', { variables: VARIABLES.slice(0, 1) }, /the job has no SEMAPHORE_ORGANIZATION_URL$/],
    ['the program', { env: { PATH: '/nowhere::' } }, /no program `artifact` on the PATH$/],
  ])('needs %s', async (_name, over, message) => {
    expect(await logOf('x', over)).toBeUndefined();
    expect(isUploaded()).toBe(false);
    expect(lines.join('\n')).toMatch(message);
  });

  it('that is refused is told in one line, without the token', async () => {
    program('echo "first line"; echo "refused: artifact-token is not valid" >&2; exit 7');
    expect(await logOf('x')).toBeUndefined();
    const told = lines.at(-1);
    expect(told).toBe(
      "The job's log is not uploaded as an artifact: the program failed (exit code 7): refused: [masked] is not valid",
    );
    expect(readdirSync(join(work, 'temp'))).toEqual([]);
  });
});
