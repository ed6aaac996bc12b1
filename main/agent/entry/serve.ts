import { readFileSync } from 'node:fs';
import { variableName } from '../../../shared/options/option.ts';
import { type Config, loadConfig } from '../config/config.ts';
import { logSettings } from '../config/log-settings.ts';
import { type AgentLog, openAgentLog } from '../platform/agent-log.ts';
import { systemProcesses } from '../platform/system-processes.ts';
import { createServerAgent } from '../serve/server-agent.ts';
import { readTlsFiles } from '../serve/tls-files.ts';
import { onAskedToGo } from './asked-to-go.ts';
import type { CommandEnd, RunCommand } from './command-end.ts';

/** `signalbox serve`: an HTTPS server that runs the one job it is given, until it is told to go. */
export const serve: RunCommand = async ({ flags }) => {
  const { env } = process;
  const readFile = (path: string) => readFileSync(path, 'utf8');
  const loaded = loadConfig({ command: 'serve', flags, env, readFile });
  if (!loaded.ok) return { exitCode: 1, problem: loaded.problem };
  const { values, warnings } = loaded.config;
  const tls = readTlsFiles({ certPath: values['tls-cert-path'], keyPath: values['tls-key-path'] }, readFile);
  if (!tls.ok) return { exitCode: 1, problem: tls.problem };
  const forLog = logSettings(env);
  if (!forLog.ok) return { exitCode: 1, problem: forLog.problem };
  const log = openAgentLog({ ...forLog.settings, processes: systemProcesses, toConsole: true });
  for (const warning of warnings) log.warn(warning);
  const end = await serveUntilTold(values, { cert: tls.cert, key: tls.key }, log);
  log.close();
  return end;
};

async function serveUntilTold(
  values: Config['values'],
  tls: { readonly cert: string; readonly key: string },
  log: AgentLog,
): Promise<CommandEnd> {
  const agent = createServerAgent({ values, tls, log });
  await agent.tidy();
  const { host, port } = values;
  const failed = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    agent.server.once('error', resolve);
    agent.server.listen(port, host, () => resolve(undefined));
  });
  if (failed) {
    await agent.end();
    return { exitCode: 1, problem: `host ${host}, port ${port}: the server cannot listen there (${failed.code})` };
  }
  agent.server.on('error', (error) => log.error(`The server reports ${(error as NodeJS.ErrnoException).code}`));
  const address = agent.server.address();
  const listening = typeof address === 'object' && address ? address.port : port;
  log.info(
    `Agent listening on https://${host}:${listening}; callers need tokens of ${variableName('auth-token-secret')}`,
  );
  await told();
  log.info('Asked to go: the job is stopped, if there is one');
  await agent.end();
  return { exitCode: 0 };
}

/** Resolves at the first signal. At the second nobody waits any more. */
function told(): Promise<void> {
  return new Promise((resolve) => {
    let signals = 0;
    onAskedToGo(() => {
      signals += 1;
      if (signals > 1) process.exit(1);
      resolve();
    });
  });
}
