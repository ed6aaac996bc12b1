import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import WebSocket from 'ws';
import { measureJob, measureOutput } from '../contained-runs.ts';
import { median } from '../measure.ts';
import { describeHost, row, seconds, times } from '../table.ts';

/*
 * `npm run bench:pods`: figures of jobs in pods on the stand-in for a cluster, medians of one run, beside a client that only
 * reads what a command in a pod prints. Nothing here passes or fails.
 */

const RUNS = 5;
const BYTES = 50_000_000;
const PRINT = `yes ${'0123456789'.repeat(10).slice(0, 99)} | head -c ${BYTES}`;
const REQUEST = { compose: { containers: [{ name: 'main', image: 'conformance-base:1' }] } };

export async function main(): Promise<number> {
  describeHost();
  process.stdout.write('| measure | figure | bare client | ratio |\n| --- | --- | --- | --- |\n');
  const short = await times(RUNS, () => measureJob('echo "h""i"', '"hi\\n', REQUEST));
  row('`echo hi` in a pod: job given out → output stored', seconds(median(short.map((job) => job.untilStored))));
  row('`echo hi` in a pod: job given out → result reported', seconds(median(short.map((job) => job.untilReported))));
  const bare = median(await withPod(() => times(RUNS, readBare)));
  const ours = median(await times(RUNS, () => measureOutput(PRINT, REQUEST)));
  row('50 MB from a pod: command begun → stored', seconds(ours), seconds(bare), (ours / bare).toFixed(2));
  const jobs = await times(3, () => measureJob(PRINT, '"cmd_output"', REQUEST));
  row('50 MB: CPU of the agent', seconds(median(jobs.map(({ cpu }) => cpu))));
  row('50 MB: peak memory over idle', `${median(jobs.map(({ memory }) => memory)).toFixed(0)} MB`);
  return 0;
}

const POD = 'bench';
const PODS = '/api/v1/namespaces/default/pods';

interface Access {
  readonly server: string;
  readonly ca: Buffer;
  readonly token: string;
}

function access(): Access {
  const config = JSON.parse(readFileSync(process.env.AGENT_KUBECONFIG ?? '', 'utf8'));
  const { server, 'certificate-authority-data': ca } = config.clusters[0].cluster;
  return { server, ca: Buffer.from(ca, 'base64'), token: config.users[0].user.token };
}

async function withPod<T>(body: () => Promise<T>): Promise<T> {
  const spec = {
    restartPolicy: 'Never',
    containers: [{ name: 'main', image: 'conformance-base:1', command: ['sleep', '600'] }],
  };
  await call('POST', PODS, { metadata: { name: POD }, spec });
  while (!(await call('GET', `${PODS}/${POD}`)).includes('"phase":"Running"'));
  try {
    return await body();
  } finally {
    await call('DELETE', `${PODS}/${POD}`, { gracePeriodSeconds: 0 });
  }
}

/** From the handshake until the command's end, in s. */
function readBare(): Promise<number> {
  const { server, ca, token } = access();
  const query = new URLSearchParams({ container: 'main', stdin: 'true', stdout: 'true', tty: 'true' });
  for (const word of ['bash', '-c', PRINT]) query.append('command', word);
  const began = performance.now();
  const socket = new WebSocket(`${server.replace('https', 'wss')}${PODS}/${POD}/exec?${query}`, ['v5.channel.k8s.io'], {
    ca,
    headers: { authorization: `Bearer ${token}` },
  });
  return new Promise((resolve, reject) => {
    socket.on('message', () => undefined);
    socket.once('error', reject);
    socket.once('close', () => resolve((performance.now() - began) / 1000));
  });
}

function call(method: string, path: string, body?: unknown): Promise<string> {
  const { server, ca, token } = access();
  const content = body === undefined ? '' : JSON.stringify(body);
  const headers = { authorization: `Bearer ${token}`, 'content-length': String(Buffer.byteLength(content)) };
  return new Promise((resolve, reject) => {
    const sent = request(`${server}${path}`, { method, ca, headers }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      resolve(Buffer.concat(chunks).toString());
    });
    sent.once('error', reject);
    sent.end(content);
  });
}
