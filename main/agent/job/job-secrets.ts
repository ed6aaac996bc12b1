import type { JobRequest } from './job-request.ts';
import { decodeBase64 } from './variables.ts';

/** What the name of a variable says when its value is a secret. */
const SECRET_NAME = /SECRET|TOKEN|PASSWORD|PRIVATE_KEY/i;

interface NamedValue {
  readonly name: string;
  readonly value: string;
}

/** Where the agent's own secrets are, besides those in the request. */
export interface AgentSecrets {
  /** The agent's own variables for every job. */
  readonly variables: readonly NamedValue[];
  /** Its tokens; none of them is for a job to know. */
  readonly tokens: readonly string[];
}

/** The values that must not stand in a job's log: of variables whose names say so, wherever they come from, and all tokens. */
export function secretsOf(request: JobRequest, agent: AgentSecrets): readonly Uint8Array[] {
  const { compose, logger, callbacks } = request;
  const encoded = [
    ...request.env_vars,
    ...compose.containers.flatMap(({ env_vars: variables }) => variables),
    ...compose.image_pull_credentials.flatMap(({ env_vars: variables }) => variables),
  ];
  const values = encoded.filter(isSecret).map(({ value }) => decodeBase64(value) ?? Buffer.alloc(0));
  const plain = [...agent.variables.filter(isSecret).map(({ value }) => value), ...agent.tokens];
  return [...values, ...[...plain, logger.token, callbacks.token].map((text) => Buffer.from(text))];
}

function isSecret({ name }: NamedValue): boolean {
  return SECRET_NAME.test(name);
}
