// `npm start`. With --practice, which package.json passes: a hub of this machine's own gives out one sample job, the agent
// runs it, and its log is shown as it grows. Ends by itself; exit code 0 when the job passed.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildIfNeeded } from './build.mjs';
import { ensure, FOR_START } from './packages.mjs';

const JOB = join('docs', 'examples', 'hello.yml');
const CLI = join('dist', 'cli.cjs');

if (!process.argv.includes('--practice'))
  fail('Say npm start for the practice job, or connect to Semaphore with: npx signalbox start --help');
if (ensure(FOR_START).length > 0) fail('Without them no job can run here.');
buildIfNeeded();
process.exitCode = await practise();

async function practise() {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-practice-'));
  const children = [];
  const stop = () => {
    for (const child of children) child.kill('SIGTERM');
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    say('A practice hub on this machine gives out one sample job, and this machine runs it.');
    const hub = program(['practice', '--exit-when-done', JOB]);
    children.push(hub.child);
    const endpoint = await hub.line(/^endpoint: (.+)$/);
    const token = await hub.line(/^token: (.+)$/);
    say(`The practice hub is ready on ${endpoint}. Connecting the agent …`);
    const began = performance.now();
    const agent = program(
      ['start', '--endpoint', endpoint, '--no-https', '--name', agentName(), '--job-log-file', '-'],
      {
        SEMAPHORE_AGENT_TOKEN: token,
        SEMAPHORE_AGENT_LOG_FILE_PATH: join(folder, 'agent_log'),
      },
    );
    children.push(agent.child);
    say('The log of the job, as it grows:\n');
    agent.onLine((line) => console.log(`  │ ${line}`));
    const result = await Promise.race([hub.line(/^job \S+ (\w+)$/), agent.ended.then(() => undefined)]);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    const codes = await Promise.all([agent.ended, hub.ended]);
    return tellEnd(result, seconds, codes);
  } finally {
    stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function tellEnd(result, seconds, codes) {
  console.log();
  if (result !== 'passed' || codes.some((code) => code !== 0)) {
    say(result ? `The job ${result}.` : 'The agent ended before the job did.');
    return 1;
  }
  say(`The job passed, ${seconds} s after the agent was started. The agent has disconnected; nothing is left running.`);
  say('To run jobs of your own organisation, make a self-hosted agent type in Semaphore and start:');
  console.log('    SEMAPHORE_AGENT_TOKEN=… npx signalbox start --endpoint YOUR-ORGANISATION.semaphoreci.com');
  return 0;
}

/** One of our commands, with its lines: `line` waits for one that matches, `onLine` gets those to come. */
function program(args, env = {}) {
  const child = spawn(process.execPath, [CLI, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const seen = [];
  const listeners = new Set();
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    seen.push(line);
    for (const listener of [...listeners]) listener(line);
  });
  const ended = new Promise((resolve) => {
    child.on('error', () => resolve(1));
    child.on('close', (code) => resolve(code ?? 1));
  });
  return {
    child,
    ended,
    onLine: (listener) => listeners.add(listener),
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (line) => {
          const match = pattern.exec(line);
          if (!match) return;
          listeners.delete(look);
          resolve(match[1]);
        };
        listeners.add(look);
        seen.forEach(look);
        ended.then(() => reject(new Error(`signalbox ${args[0]} ended early`))).catch(() => undefined);
      }),
  };
}

/** Names have 8 to 80 characters of a small alphabet. */
function agentName() {
  return `practice-${hostname().replace(/[^a-zA-Z0-9-]/g, '-')}`.slice(0, 80);
}

function say(text) {
  console.log(`• ${text}`);
}

function fail(text) {
  console.error(text);
  process.exit(1);
}
