import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeAwsOptions {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** What it gives out for the registry. */
  readonly password: string;
  /** The registry of the keys' own account, and how that of another one is called. */
  readonly registryOf: (account: string | undefined) => string;
}

/** Amazon's ECR on the loopback interface: gives a password to calls that are signed as AWS wants it (Signature Version 4). */
export class FakeAws {
  private constructor(
    private readonly server: Server,
    readonly endpoint: string,
  ) {}

  static start(options: FakeAwsOptions): Promise<FakeAws> {
    const server = createServer((request, response) => {
      void readBody(request).then((body) => {
        const { status, answer } = answerTo(request, body, options);
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer));
      });
    });
    return new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        resolve(new FakeAws(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`));
      });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}

function answerTo(request: IncomingMessage, body: string, options: FakeAwsOptions) {
  if (!isSigned(request, body, options)) {
    const message = 'The security token included in the request is invalid.';
    return { status: 400, answer: { __type: 'UnrecognizedClientException', message } };
  }
  const { registryIds } = JSON.parse(body) as { registryIds?: readonly string[] };
  const authorizationToken = Buffer.from(`AWS:${options.password}`).toString('base64');
  const proxyEndpoint = options.registryOf(registryIds?.[0]);
  return { status: 200, answer: { authorizationData: [{ authorizationToken, proxyEndpoint }] } };
}

/** Source: AWS, "Create a signed request": the canonical request, the string to sign, the derived key. */
function isSigned(request: IncomingMessage, body: string, { accessKeyId, secretAccessKey }: FakeAwsOptions): boolean {
  const { headers, method = '', url = '' } = request;
  const pattern =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/((\d+)\/([^/]+)\/ecr\/aws4_request), SignedHeaders=([^,]+), Signature=(\w+)$/;
  const [, key, scope = '', day = '', region = '', names = '', signature] =
    pattern.exec(headers.authorization ?? '') ?? [];
  if (key !== accessKeyId || headers['x-amz-target'] !== `AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken`)
    return false;
  const signed = names.split(';').map((name) => `${name}:${String(headers[name])}\n`);
  const canonical = [method, url, '', signed.join(''), names, sha256(body)].join('\n');
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const derived = [day, region, 'ecr', 'aws4_request'].reduce<string | Buffer>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    `AWS4${secretAccessKey}`,
  );
  return createHmac('sha256', derived).update(text).digest('hex') === signature;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
