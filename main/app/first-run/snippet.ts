/** What a pasted text says about a connection; empty where it says nothing. */
export interface FoundConnection {
  readonly endpoint: string;
  readonly token: string;
  readonly noHttps: boolean;
}

/** Words that Semaphore's documentation has in place of the real thing. */
const PLACEHOLDER = /^[<[{(]|^(your|my)[-_ ]|^\.{3}|^x{3,}$/i;

/*
 * Where address and token stand in Semaphore's documentation (self-hosted agents, "Installing"), the dearest first:
 * `sudo -E` with variables and `read -p` on Linux and macOS (Homebrew), `$env:` in PowerShell, `set` in cmd, a YAML file, flags
 * of the agent, and the questions of the install script with their answers.
 */
const ADDRESS_KEYS = ['SEMAPHORE_ENDPOINT', 'SEMAPHORE_AGENT_ENDPOINT', 'SemaphoreEndpoint', 'endpoint'];
const ORGANISATION_KEYS = ['SEMAPHORE_ORGANIZATION', 'SemaphoreOrganization', 'organization'];
const TOKEN_KEYS = [
  'SEMAPHORE_REGISTRATION_TOKEN',
  'SEMAPHORE_AGENT_TOKEN',
  'SEMAPHORE_TOKEN',
  'SemaphoreRegistrationToken',
  'registration[ -]token',
  'token',
];

/** Finds address and registration token in what people paste: an install snippet, a configuration file, or a bare address. */
export function parseSnippet(text: string): FoundConnection {
  const address = valueBehind(text, ADDRESS_KEYS) || fromOrganisation(text) || bareAddress(text);
  const noHttps = /(?:no-https|NO_HTTPS)["']?\s*[=:\s]\s*["']?(?:true|1)\b|--no-https(?!\S)/i.test(text);
  return {
    endpoint: address.replace(/^https:\/\//, '').replace(/\/+$/, ''),
    token: valueBehind(text, TOKEN_KEYS),
    noHttps,
  };
}

/** What stands behind the first of these keys that has something: `KEY=v`, `$env:KEY = "v"`, `--key v`, `-Key v`, `key: v`. */
function valueBehind(text: string, keys: readonly string[]): string {
  for (const key of keys) {
    const found = new RegExp(
      `(?:^|[^\\w-]|--?)(?:${key})["']?(?:\\s*[=:]\\s*|\\s+)(?:"([^"\\n]*)"|'([^'\\n]*)'|([^\\s"';\\\\]+))`,
      'gim',
    );
    for (const [, double, single, plain] of text.matchAll(found)) {
      const value = (double ?? single ?? plain ?? '').trim();
      if (value !== '' && !value.startsWith('$') && !PLACEHOLDER.test(value)) return value;
    }
  }
  return '';
}

/** The install scripts ask for the organisation alone; its agents are at its own host. */
function fromOrganisation(text: string): string {
  const organisation = valueBehind(text, ORGANISATION_KEYS);
  if (organisation === '') return '';
  return organisation.includes('.') ? organisation : `${organisation}.semaphoreci.com`;
}

/** A text that is nothing but an address, or the first address of an organisation in it. */
function bareAddress(text: string): string {
  const trimmed = text.trim();
  if (/^(https?:\/\/)?[a-z0-9-]+(\.[a-z0-9-]+)*\.?[a-z]+(:\d+)?\/?$/i.test(trimmed)) return trimmed;
  const [, host = ''] = /(?:https:\/\/)?\b([a-z0-9-]+\.semaphoreci\.com)\b/i.exec(text) ?? [];
  return host;
}
