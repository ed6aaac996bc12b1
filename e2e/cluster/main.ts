import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { openCluster } from '../../main/practice/cluster/open-cluster.ts';

/*
 * `node scripts/run.mjs e2e/cluster/main.ts COMMAND…`: runs a command with the stand-in for a cluster, which KUBECONFIG and
 * AGENT_KUBECONFIG lead to, and with a `kubectl` that can do what recorded cases ask of it. A real cluster needs none of this.
 */

export async function main([program = '', ...args]: readonly string[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'cluster-'));
  const { cluster, kubeconfig } = await openCluster(folder);
  try {
    const env = { KUBECONFIG: 'admin', AGENT_KUBECONFIG: 'agent' };
    for (const [name, token] of Object.entries(env)) writeFileSync(join(folder, name), kubeconfig({ token }));
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
