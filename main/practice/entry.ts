import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseDocument } from 'yaml';
import { PracticeHub } from './practice-hub.ts';

/*
 * The practice hub as a process of its own: `practice.cjs job.yml…`. It prints endpoint and token, then the end of each job
 * as it is reported, so that any agent can be connected to it.
 */

const OPTIONS = {
  port: { type: 'string' },
  token: { type: 'string' },
  'log-folder': { type: 'string' },
  'exit-when-done': { type: 'boolean' },
} as const;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const port = Number(values.port ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('--port must be a number from 0 to 65535');
  const requests = positionals.map(readRequest);
  const logFolder = values['log-folder'];
  if (logFolder) makeFolder(logFolder);
  const hub = await startHub(port, values.token);
  process.stdout.write(`endpoint: ${hub.endpoint}\ntoken: ${hub.registrationToken}\n`);
  const ids = requests.map((request) => hub.addJob(request));
  for (const id of ids) {
    await hub.waitFor(() => hub.resultOf(id) !== undefined);
    if (logFolder) keepLog(logFolder, id, hub.log(id).rawLines);
    process.stdout.write(`job ${id} ${hub.resultOf(id)}\n`);
  }
  if (!values['exit-when-done']) return new Promise(() => undefined);
  hub.requestShutdown('requested');
  await hub.waitFor(() => hub.connectedAgents === 0);
  await hub.close();
  return 0;
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new Error(`--log-folder: ${path} cannot be made (${codeOf(error)})`);
  }
}

async function startHub(port: number, token: string | undefined): Promise<PracticeHub> {
  try {
    return await PracticeHub.start({ port, ...(token ? { registrationToken: token } : {}) });
  } catch (error) {
    throw new Error(
      `--port ${port}: the hub cannot listen there (${codeOf(error)}); without the flag it takes a free one`,
    );
  }
}

/** What the real hub tells of every job: where its code comes from. A job policy asks for that. */
const FROM_THE_HUB: Readonly<Record<string, string>> = {
  SEMAPHORE_PROJECT_NAME: 'practice',
  SEMAPHORE_GIT_REF_TYPE: 'branch',
  SEMAPHORE_GIT_BRANCH: 'main',
};

/** A job request from a file. What it says itself stays as it is. */
function readRequest(path: string): Readonly<Record<string, unknown>> {
  const request = readYaml(path);
  if (typeof request !== 'object' || request === null || Array.isArray(request))
    throw new Error(`${path}: holds no job request`);
  const { env_vars: given, ...rest } = request as { readonly env_vars?: unknown };
  const variables = Array.isArray(given) ? (given as readonly { readonly name?: unknown }[]) : [];
  const added = Object.entries(FROM_THE_HUB)
    .filter(([name]) => !variables.some((variable) => variable?.name === name))
    .map(([name, value]) => ({ name, value: Buffer.from(value).toString('base64') }));
  return { ...rest, env_vars: Array.isArray(given) || given == null ? [...added, ...variables] : given };
}

function readYaml(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`${path}: cannot be read (${codeOf(error)})`);
  }
  const document = parseDocument(text);
  const [broken] = document.errors;
  if (!broken) return document.toJS();
  const [{ line, col } = { line: 1, col: 1 }] = broken.linePos ?? [];
  throw new Error(`${path}: is not YAML at line ${line}, column ${col}`);
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error';
}

/** The stored events of a job, one a line. */
function keepLog(folder: string, id: string, lines: readonly string[]): void {
  writeFileSync(join(folder, `${basename(id)}.jsonl`), lines.map((line) => `${line}\n`).join(''));
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(0));
// Agents are served whether somebody reads of it or not.
process.stdout.on('error', () => undefined);
main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`signalbox: ${error instanceof Error ? error.message.split('\n')[0] : 'failed'}\n`);
    process.exit(1);
  },
);
