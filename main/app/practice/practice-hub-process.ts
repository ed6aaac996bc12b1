import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { app, type UtilityProcess, utilityProcess } from 'electron';

/** What the agent needs to connect to a practice hub. */
export interface PracticeHubProcess {
  readonly endpoint: string;
  readonly token: string;
  stop(): void;
}

/** Starts a practice hub on this machine, in a process of its own, that gives out the sample job. Rejects when it ends early. */
export function startPracticeHub(): Promise<PracticeHubProcess> {
  const job = join(app.getAppPath(), 'docs', 'examples', 'hello.yml');
  const child = utilityProcess.fork(join(__dirname, 'practice.cjs'), [job], {
    serviceName: 'Signalbox practice hub',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the practice hub ended with ${code}`)));
    readAddress(child, (endpoint, token) => resolve({ endpoint, token, stop: () => void child.kill() }));
  });
}

/** Its first two lines say where it is and what it takes. */
function readAddress(child: UtilityProcess, onAddress: (endpoint: string, token: string) => void): void {
  let endpoint = '';
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
    const [key, value] = line.split(': ', 2);
    if (key === 'endpoint' && value) endpoint = value;
    if (key === 'token' && value) onAddress(endpoint, value);
  });
}
