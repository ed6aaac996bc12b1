import { describe, expect, it } from 'vitest';
import { agentNameFrom } from './agent-name.ts';
import { parseSnippet } from './snippet.ts';

const found = { endpoint: 'acme.semaphoreci.com', token: 's3cr3t-Tok_en', noHttps: false };

describe('a pasted text', () => {
  const rows: [name: string, text: string][] = [
    [
      'Linux: variables before the installer',
      'sudo -E SEMAPHORE_ORGANIZATION=acme SEMAPHORE_REGISTRATION_TOKEN=s3cr3t-Tok_en ./install.sh',
    ],
    [
      'Linux: exported variables',
      'export SEMAPHORE_ENDPOINT="acme.semaphoreci.com"\nexport SEMAPHORE_REGISTRATION_TOKEN="s3cr3t-Tok_en"\nsudo -E ./install.sh',
    ],
    ['Linux: what the installer asks, answered', 'Enter organization: acme\nEnter registration token: s3cr3t-Tok_en'],
    [
      'macOS: the agent of Homebrew',
      "brew install semaphoreci/tap/agent\nagent start --endpoint 'https://acme.semaphoreci.com/' --token 's3cr3t-Tok_en'",
    ],
    [
      'macOS: flags with equals signs and broken lines',
      'agent start \\\n  --endpoint=acme.semaphoreci.com \\\n  --token=s3cr3t-Tok_en',
    ],
    [
      'Windows: PowerShell',
      '$env:SemaphoreEndpoint = "acme.semaphoreci.com"\r\n$env:SemaphoreRegistrationToken = "s3cr3t-Tok_en"\r\n.\\install.ps1',
    ],
    ['Windows: cmd', 'set SEMAPHORE_AGENT_ENDPOINT=acme.semaphoreci.com\r\nset SEMAPHORE_AGENT_TOKEN=s3cr3t-Tok_en'],
    ['a configuration file', 'endpoint: "acme.semaphoreci.com"\ntoken: "s3cr3t-Tok_en"\n'],
    [
      'Docker',
      'docker run -e SEMAPHORE_AGENT_ENDPOINT=acme.semaphoreci.com -e SEMAPHORE_AGENT_TOKEN=s3cr3t-Tok_en agent',
    ],
  ];
  it.each(rows)('%s', (_name, text) => {
    expect(parseSnippet(text)).toEqual(found);
  });

  it.each([
    ['acme.semaphoreci.com', 'acme.semaphoreci.com'],
    [' https://acme.semaphoreci.com/ ', 'acme.semaphoreci.com'],
    ['hub.example.com:8443', 'hub.example.com:8443'],
    ['see https://acme.semaphoreci.com/self_hosted', 'acme.semaphoreci.com'],
  ])('%j is an address alone', (text, endpoint) => {
    expect(parseSnippet(text)).toEqual({ endpoint, token: '', noHttps: false });
  });

  it('holds nothing where the documentation has placeholders', () => {
    expect(parseSnippet('agent start --endpoint <your-org>.semaphoreci.com --token "[token]"').token).toBe('');
    expect(parseSnippet('export SEMAPHORE_REGISTRATION_TOKEN=$agent_token').token).toBe('');
    expect(parseSnippet('nothing of the kind')).toEqual({ endpoint: '', token: '', noHttps: false });
  });

  it('says where it goes without TLS', () => {
    expect(parseSnippet('agent start --endpoint localhost:4000 --token abc --no-https').noHttps).toBe(true);
    expect(parseSnippet('endpoint: localhost:4000\nno-https: true').noHttps).toBe(true);
  });
});

describe('the name of a machine', () => {
  it.each([
    ['build-machine.local', 'build-machine'],
    ['lap-42', 'lap-42-agent'],
    ["Ada's MacBook Pro", 'Ada-s-MacBook-Pro'],
    ['', 'desktop-agent'],
    ['x'.repeat(100), 'x'.repeat(80)],
  ])('%j becomes %j', (hostName, name) => {
    expect(agentNameFrom(hostName)).toBe(name);
  });
});
