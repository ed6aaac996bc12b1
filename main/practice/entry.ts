import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
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
  const hub = await PracticeHub.start({ port, ...(values.token ? { registrationToken: values.token } : {}) });
  process.stdout.write(`endpoint: ${hub.endpoint}\ntoken: ${hub.registrationToken}\n`);
  const ids = requests.map((request) => hub.addJob(request));
  for (const id of ids) {
    await hub.waitFor(() => hub.resultOf(id) !== undefined);
    if (values['log-folder']) keepLog(values['log-folder'], id, hub.log(id).rawLines);
    process.stdout.write(`job ${id} ${hub.resultOf(id)}\n`);
  }
  if (!values['exit-when-done']) return new Promise(() => undefined);
  hub.requestShutdown('requested');
  await hub.waitFor(() => hub.connectedAgents === 0);
  await hub.close();
  return 0;
}

/** What the real hub tells of every job: where its code comes from. A job policy asks for that. */
const FROM_THE_HUB: Readonly<Record<string, string>> = {
  SEMAPHORE_PROJECT_NAME: 'practice',
  SEMAPHORE_GIT_REF_TYPE: 'branch',
  SEMAPHORE_GIT_BRANCH: 'main',
};

/** A job request from a file. What it says itself stays as it is. */
function readRequest(path: string): Readonly<Record<string, unknown>> {
  const request: unknown = parse(readFileSync(path, 'utf8'));
  if (typeof request !== 'object' || request === null || Array.isArray(request))
    throw new Error(`${path} holds no job request`);
  const { env_vars: given, ...rest } = request as { readonly env_vars?: unknown };
  const variables = Array.isArray(given) ? (given as readonly { readonly name?: unknown }[]) : [];
  const added = Object.entries(FROM_THE_HUB)
    .filter(([name]) => !variables.some((variable) => variable?.name === name))
    .map(([name, value]) => ({ name, value: Buffer.from(value).toString('base64') }));
  return { ...rest, env_vars: Array.isArray(given) || given == null ? [...added, ...variables] : given };
}

/** The stored events of a job, one a line. */
function keepLog(folder: string, id: string, lines: readonly string[]): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${basename(id)}.jsonl`), lines.map((line) => `${line}\n`).join(''));
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(0));
main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`signalbox practice: ${error instanceof Error ? error.message.split('\n')[0] : 'failed'}\n`);
    process.exit(1);
  },
);
