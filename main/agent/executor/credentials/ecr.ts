import aws4 from 'aws4';
import { type Http, HttpError } from '../../hub/http.ts';
import type { Credential } from './credential.ts';

/** AWS answers within a second, or not at all. In ms. */
const LIMIT_MS = 20_000;
const TARGET = 'AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken';

/**
 * A password for Amazon's registry, got with the AWS variables of a credential. The registry is that of AWS_ACCOUNT_ID, else of
 * the account that the keys belong to; Amazon's answer names its host. Source: ECR's API, `GetAuthorizationToken`. Resolves
 * with one line, that holds no key, where that is refused.
 */
export async function ecrCredential(variables: ReadonlyMap<string, string>, http: Http): Promise<Credential | string> {
  const region = variables.get('AWS_REGION') ?? '';
  const [accessKeyId, secretAccessKey] = [variables.get('AWS_ACCESS_KEY_ID'), variables.get('AWS_SECRET_ACCESS_KEY')];
  if (!/^[a-z0-9-]+$/.test(region)) return 'AWS_REGION is missing, or names no region';
  if (!accessKeyId || !secretAccessKey) return 'AWS_ACCESS_KEY_ID or AWS_SECRET_ACCESS_KEY is missing';
  const account = variables.get('AWS_ACCOUNT_ID') ?? '';
  const sessionToken = variables.get('AWS_SESSION_TOKEN');
  const url = endpointOf(variables, region);
  if (!url) return 'AWS_ENDPOINT_URL is no address';
  const call = signedCall({
    url,
    region,
    body: account === '' ? '{}' : JSON.stringify({ registryIds: [account] }),
    keys: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) },
  });
  try {
    const { status, text } = await http.send({ ...call, timeoutMs: LIMIT_MS });
    return status === 200 ? credentialOf(text, account, region) : refusal(status, text);
  } catch (error) {
    if (error instanceof HttpError) return `Amazon ECR could not be asked: ${error.message}`;
    throw error;
  }
}

/** As the tools of AWS find it: an address of the account's own, else the region's. */
function endpointOf(variables: ReadonlyMap<string, string>, region: string): URL | undefined {
  const own = variables.get('AWS_ENDPOINT_URL_ECR') || variables.get('AWS_ENDPOINT_URL');
  try {
    return new URL(own || `https://api.ecr.${region}.${domainOf(region)}`);
  } catch {
    return undefined;
  }
}

/** China's regions have a domain of their own. */
function domainOf(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}

interface SignedCall {
  readonly url: URL;
  readonly region: string;
  readonly body: string;
  readonly keys: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };
}

function signedCall({ url, region, body, keys }: SignedCall) {
  const wanted = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': TARGET };
  const request = { host: url.host, path: url.pathname, method: 'POST', service: 'ecr', region, headers: wanted, body };
  const { headers = {} } = aws4.sign(request, keys);
  const sent = Object.entries(headers)
    .map(([name, value]): [string, string] => [name.toLowerCase(), String(value)])
    // The client counts the body and names the host itself.
    .filter(([name]) => name !== 'host' && name !== 'content-length');
  return { method: 'POST', url: url.href, headers: Object.fromEntries(sent), body: Buffer.from(body) } as const;
}

interface EcrAnswer {
  readonly authorizationData?: readonly { readonly authorizationToken?: string; readonly proxyEndpoint?: string }[];
  readonly message?: string;
  readonly Message?: string;
}

function credentialOf(text: string, account: string, region: string): Credential | string {
  const first = parsed(text).authorizationData?.[0];
  const token = Buffer.from(first?.authorizationToken ?? '', 'base64').toString('utf8');
  const [username = '', password = ''] = token.split(':');
  const known = account === '' ? '' : `${account}.dkr.ecr.${region}.${domainOf(region)}`;
  const serveraddress = (first?.proxyEndpoint ?? known).replace('https://', '');
  if (password === '' || serveraddress === '') return 'Amazon ECR gave no password, or no registry';
  return { username, password, serveraddress };
}

/** Amazon's own words. They name the keys' owner at most, never a key. */
function refusal(status: number, text: string): string {
  const { message, Message } = parsed(text);
  return `Amazon ECR refused: ${message ?? Message ?? `status ${status}`}`;
}

function parsed(text: string): EcrAnswer {
  try {
    return JSON.parse(text) as EcrAnswer;
  } catch {
    // An answer of something in between; its status says enough.
    return {};
  }
}
