import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { StandInCluster } from '../../main/practice/cluster/api-server.ts';
import { makeCertificates } from '../../main/practice/cluster/certificates.ts';

/*
 * `node scripts/run.mjs e2e/cluster/main.ts COMMAND…`: runs a command with the stand-in for a cluster, which KUBECONFIG and
 * AGENT_KUBECONFIG lead to, and with a `kubectl` that can do what recorded cases ask of it. A real cluster needs none of this.
 */

export async function main([program = '', ...args]: readonly string[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'cluster-'));
  const certificates = makeCertificates(folder, 'admin');
  mkdirSync(join(folder, 'pods'));
  const tls = { ...certificates.server, ca: certificates.ca };
  const cluster = await StandInCluster.start({ tls, folder: join(folder, 'pods') });
  try {
    const env = { KUBECONFIG: 'admin', AGENT_KUBECONFIG: 'agent' };
    for (const [name, token] of Object.entries(env))
      writeConfig(join(folder, name), { cluster, token, ca: certificates.ca });
    const paths = Object.fromEntries(Object.keys(env).map((name) => [name, join(folder, name)]));
    const kubectl = join(folder, 'kubectl');
    writeFileSync(kubectl, `#!/bin/sh\nexec '${process.execPath}' '${resolve('e2e/cluster/kubectl.mjs')}' "$@"\n`);
    chmodSync(kubectl, 0o755);
    const PATH = `${folder}${delimiter}${process.env.PATH}`;
    const child = spawn(program, args, { env: { ...process.env, ...paths, PATH }, stdio: 'inherit' });
    return await new Promise<number>((done, fail) => {
      child.once('error', fail);
      child.once('exit', (code) => done(code ?? 1));
    });
  } finally {
    await cluster.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

interface Access {
  readonly cluster: StandInCluster;
  readonly token: string;
  readonly ca: string;
}

/** JSON is YAML. */
function writeConfig(path: string, { cluster, token, ca }: Access): void {
  const authority = Buffer.from(ca).toString('base64');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server: cluster.url, 'certificate-authority-data': authority } }],
    users: [{ name: 'u', user: { token } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  writeFileSync(path, JSON.stringify(config));
}
