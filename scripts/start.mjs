// `npm start`. With --practice, which package.json passes: a hub of this machine's own gives out one sample job and the agent
// runs it. With a display the app shows that, until it is quit; else its log is shown here as it grows, and the end comes by
// itself, with exit code 0 when the job passed.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildIfNeeded } from './build.mjs';
import { ensure, FOR_START } from './packages.mjs';
import { startProgram } from './program.mjs';
import { startApp } from './start-app.mjs';

const JOB = join('docs', 'examples', 'hello.yml');

/** What a shell calls the end by Ctrl-C. */
const INTERRUPTED = 130;

if (!process.argv.includes('--practice'))
  fail('Say npm start for the practice job, or connect to Semaphore with: npx signalbox start --help');
if (ensure(FOR_START).length > 0) fail('Without them no job can run here.');
buildIfNeeded();
process.exitCode = (await inTheApp()) ?? (await practise());

/** Undefined where the app cannot be shown. */
async function inTheApp() {
  if (process.argv.includes('--terminal')) return undefined;
  const shown = await startApp(environment(), { practice: true });
  if (typeof shown === 'number') return shown;
  say(`No window: ${shown}. The same in the terminal:`);
  return undefined;
}

async function practise() {
  const folder = practiceFolder();
  const programs = [];
  const start = (args, env = {}) => {
    const program = startProgram(args, { ...environment(), ...env });
    programs.unshift(program);
    return program;
  };
  const interrupted = new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => resolve(tellInterrupted()));
    // Who reads no more wants no more: `npm start | head`.
    process.stdout.on('error', () => resolve(INTERRUPTED));
  });
  try {
    return await Promise.race([runSampleJob(start, folder), interrupted]);
  } catch (error) {
    say(error.message);
    return 1;
  } finally {
    // The agent before the hub: it says goodbye there.
    for (const program of programs) await program.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

function practiceFolder() {
  try {
    return mkdtempSync(join(tmpdir(), 'signalbox-practice-'));
  } catch (error) {
    return fail(`Nothing can be kept in ${tmpdir()} (${error.code}); set TMPDIR to a folder that you can write`);
  }
}

async function runSampleJob(start, folder) {
  say('A practice hub on this machine gives out one sample job, and this machine runs it.');
  const hub = start(['practice', '--exit-when-done', JOB]);
  const [endpoint, token] = await Promise.all([hub.line(/^endpoint: (.+)$/), hub.line(/^token: (.+)$/)]);
  const result = hub.line(/^job \S+ (\w+)$/);
  say(`The practice hub is ready on ${endpoint}. Connecting the agent …`);
  const began = performance.now();
  const agent = start(['start', '--endpoint', endpoint, '--no-https', '--name', agentName(), '--job-log-file', '-'], {
    SEMAPHORE_AGENT_TOKEN: token,
    SEMAPHORE_AGENT_LOG_FILE_PATH: join(folder, 'agent_log'),
    HOME: homeFor(folder),
  });
  say('The log of the job, as it grows:\n');
  agent.onLine((line) => console.log(`  │ ${line}`));
  const outcome = await Promise.race([result, agent.ended.then(() => undefined)]);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  return tellEnd(outcome, seconds, await agent.ended);
}

function tellEnd(result, seconds, exitCode) {
  console.log();
  if (result !== 'passed' || exitCode !== 0) {
    say(result ? `The job ${result}; the agent ended with ${exitCode}.` : 'The agent ended before the job did.');
    return 1;
  }
  say(`The job passed, ${seconds} s after the agent was started. The agent has disconnected; nothing is left running.`);
  say('To run jobs of your own organisation, make a self-hosted agent type in Semaphore and start:');
  console.log('    SEMAPHORE_AGENT_TOKEN=… npx signalbox start --endpoint YOUR-ORGANISATION.semaphoreci.com');
  return 0;
}

function tellInterrupted() {
  console.log();
  say('Interrupted: the agent stops the job and leaves.');
  return INTERRUPTED;
}

/** Practice leaves nothing in the user's home, not even when it is interrupted in the middle of the job. */
function homeFor(folder) {
  const home = join(folder, 'home');
  mkdirSync(home);
  return home;
}

/** Ours without what leads to the user's own agent: its settings, and folders in the user's home. */
function environment() {
  const foreign = /^SEMAPHORE_AGENT_|^XDG_\w+_HOME$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
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
