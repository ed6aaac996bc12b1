import { OPTIONS, optionsOf } from '../../../shared/options/index.ts';
import { type OptionRow, variableName } from '../../../shared/options/option.ts';
import { certificatesIn } from '../hub/authorities.ts';
import type { Config, ConfigSources, LoadedConfig } from './config.ts';
import { parseEndpoint } from './endpoint.ts';

/** What the hub takes as a name, besides a URL that it follows (hub: `self_hosted_hub`). */
const NAME = /^[a-zA-Z0-9\-_/+]{8,80}$/;

/** What can only be judged when all values are there: required ones, those that need each other, names and addresses. */
export function checkTogether(config: Config, sources: ConfigSources): LoadedConfig {
  const missing = missingRow(config, sources);
  if (missing) return problem(howToGive(missing, sources));
  const { values, origins } = config;
  if (sources.command === 'run') return { ok: true, config };
  if (!isPort(values['statsd-port'])) {
    return problem(
      `statsd-port (from ${origins['statsd-port'].where}) is not understood; allowed is a number from 1 to 65535`,
    );
  }
  return sources.command === 'start' ? checkAgent(config, sources) : { ok: true, config: withServeWarnings(config) };
}

function withServeWarnings(config: Config): Config {
  if (config.origins['auth-token-secret'].source !== 'flag') return config;
  return { ...config, warnings: [seenByOthers('secret', 'auth-token-secret')] };
}

function seenByOthers(what: string, name: string): string {
  return (
    `The ${what} stands on the command line, where other users of this machine can see it: ` +
    `better give it as ${variableName(name)}`
  );
}

function isPort(text: string): boolean {
  return text === '' || (/^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535);
}

function missingRow({ values }: Config, { command }: ConfigSources): OptionRow | undefined {
  const rows: readonly OptionRow[] = OPTIONS;
  const given: Readonly<Record<string, unknown>> = values;
  return rows.find((row) => row.required && row.commands.includes(command) && given[row.name] === '');
}

function howToGive({ name, help }: OptionRow, { command }: ConfigSources): string {
  const ways = [`as --${name}`, `as ${variableName(name)}`];
  const takesFile = optionsOf(command).some((row) => row.name === 'config-file');
  const given = takesFile ? [...ways, 'in the file of --config-file'] : ways;
  return `${name} is missing (${help}): give it ${given.join(', or ')}`;
}

function checkAgent(config: Config, { env, readFile }: ConfigSources): LoadedConfig {
  const { values, origins } = config;
  const parsed = parseEndpoint(values.endpoint, values['no-https']);
  if (!parsed.ok) return problem(`endpoint (from ${origins.endpoint.where}): ${parsed.problem}`);
  const named = agentName(config, env);
  if (!named.ok) return problem(named.problem);
  if (values['job-id'] !== '' && !values['disconnect-after-job']) {
    return problem(`job-id (from ${origins['job-id'].where}) is only allowed together with disconnect-after-job`);
  }
  const untrusted = authoritiesProblem(values['ca-file'], readFile);
  if (untrusted !== undefined) return problem(`ca-file (from ${origins['ca-file'].where}): ${untrusted}`);
  const checked = { ...values, endpoint: parsed.endpoint, name: named.name };
  return { ok: true, config: { ...config, values: checked, warnings: warnings(config) } };
}

function authoritiesProblem(path: string, readFile: ConfigSources['readFile']): string | undefined {
  if (path === '') return undefined;
  try {
    return certificatesIn(readFile(path)) ? undefined : `${path} holds no certificates; allowed is a PEM file of them`;
  } catch (error) {
    return `${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`;
  }
}

type AgentName = { readonly ok: true; readonly name: string } | { readonly ok: false; readonly problem: string };

/** The name as configured, or out of the variable that `name-from-env` names; empty for one that is made up. */
function agentName({ values, origins }: Config, env: ConfigSources['env']): AgentName {
  const variable = values['name-from-env'];
  const name = values.name !== '' || variable === '' ? values.name : (env[variable] ?? '');
  if (name === '' && variable !== '')
    return { ok: false, problem: `name-from-env: the variable ${variable} is not set or empty` };
  if (name === '' || NAME.test(name) || isUrl(name)) return { ok: true, name };
  const where = values.name !== '' ? origins.name.where : `the variable ${variable}`;
  const allowed = 'allowed are 8 to 80 of the characters a-z A-Z 0-9 - _ / +, or a URL';
  return { ok: false, problem: `name (from ${where}) is not one that the hub takes; ${allowed}` };
}

function isUrl(text: string): boolean {
  return /^https?:\/\/[^\s]+$/.test(text);
}

function warnings({ values, origins }: Config): readonly string[] {
  const found: string[] = [];
  if (origins.token.source === 'flag') {
    found.push(`${seenByOthers('token', 'token')} or in the file of --config-file`);
  }
  if (values['name-from-env'] !== '') found.push('name-from-env is deprecated: use the variable SEMAPHORE_AGENT_NAME');
  return found;
}

function problem(text: string): LoadedConfig {
  return { ok: false, problem: text };
}
