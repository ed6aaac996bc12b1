import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { processesWith } from '../desktop/processes.ts';

let work: string;
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'journey-'));
});
afterEach(() => rmSync(work, { recursive: true, force: true, maxRetries: 5 }));

it('is no process of a pod when the stand-in for a cluster is killed', async () => {
  const mark = { name: 'OF_POD', value: work };
  const container = { name: 'main', image: 'conformance-base:1', command: ['sleep', '300'], env: [mark] };
  const pod = { kind: 'Pod', apiVersion: 'v1', metadata: { name: 'lonely' }, spec: { containers: [container] } };
  const script = `kubectl apply -f - <<< '${JSON.stringify({ items: [pod] })}'; echo made; read -r`;
  const cluster = spawn(process.execPath, ['scripts/run.mjs', 'e2e/cluster/main.ts', 'bash', '-c', script], {
    env: { ...process.env, TMPDIR: work },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(cluster.stdout, 'data');
  const ofPod = () => processesWith(`OF_POD=${work}`).length;
  await expect.poll(ofPod).toBeGreaterThan(0);
  cluster.kill('SIGKILL');
  await once(cluster, 'exit');
  await expect.poll(ofPod).toBe(0);
});
