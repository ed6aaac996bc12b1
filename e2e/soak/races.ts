import type { PracticeHub } from '../../main/practice/practice-hub.ts';

/** Chance that can be repeated: numbers from 0 up to 1. */
export type Chance = () => number;

/** One race: a job in which something happens at an unlucky moment. Resolves with what went wrong, if anything did. */
export interface Race {
  readonly name: string;
  run(hub: PracticeHub, chance: Chance): Promise<string | undefined>;
}

/** How a shell can die behind its last output. Whether that arrives is a race with the end of its terminal. */
const DEATHS = ['exit 3', 'kill -9 $$', 'exec true', 'set -e; false', "trap 'exec /bin/false' EXIT; exit 0"];
const NUMBERS = Array.from({ length: 3_000 }, (_, index) => `${index + 1}\n`).join('');

const dyingShell: Race = {
  name: 'dying shells',
  async run(hub, chance) {
    const death = DEATHS[Math.floor(chance() * DEATHS.length)] ?? '';
    const id = hub.addJob({
      commands: [{ directive: `seq 1 3000; ${death}` }],
      epilogue_always_commands: [{ directive: 'echo "epilogue $SEMAPHORE_JOB_RESULT"' }],
    });
    await hub.waitFor(() => hub.resultOf(id) !== undefined);
    const expected = `${NUMBERS}Exporting SEMAPHORE_JOB_RESULT\nepilogue failed\n`;
    return problemOf(hub, id, { result: 'failed', expected, text: hub.log(id).text, told: death });
  },
};

/** The longest that a stop waits behind the moment in which the job was given out, in ms: a shell starts and runs within it. */
const LATEST_STOP_MS = 200;
const stopped: Race = {
  name: 'stops',
  async run(hub, chance) {
    const id = hub.addJob({
      commands: [
        { directive: '(setsid sleep 300 &); nohup sleep 300 >/dev/null 2>&1 & echo begun' },
        { directive: "trap 'exit 0' TERM; while :; do sleep 0.05; done" },
      ],
    });
    await hub.waitFor(() => hub.calls.some(({ kind, path }) => kind === 'job' && path.endsWith(id)));
    const delay = Math.floor(chance() * LATEST_STOP_MS);
    await new Promise((resolve) => setTimeout(resolve, delay));
    hub.stopJob(id);
    await hub.waitFor(() => hub.resultOf(id) !== undefined);
    return problemOf(hub, id, { result: 'stopped', expected: '', text: '', told: `after ${delay} ms` });
  },
};

/** Imitated marks and output without newlines, while something in the background prints as fast as it can. */
const IMITATION = '\\e]735;0123456789ABCDEF0123456789ABCDEF;E;0\\a';
const marksUnderLoad: Race = {
  name: 'marks under load',
  async run(hub) {
    const numbers = [0, 1, 2, 3, 4, 5, 6, 7];
    const id = hub.addJob({
      commands: [
        { directive: 'yes z & true' },
        ...numbers.map((number) => ({ directive: `printf '<${number}${IMITATION}>'` })),
        { directive: "kill %1; wait; printf '<end>'; (exit 7)" },
      ],
    });
    await hub.waitFor(() => hub.resultOf(id) !== undefined);
    const marks = numbers.map((number) => `<${number}\u001b]735;0123456789ABCDEF0123456789ABCDEF;E;0\u0007>`);
    const text = hub
      .log(id)
      .text.replace(/[z\n]/g, '')
      .replace(/\[1\][^<]*/, '');
    const expected = `${marks.join('')}<end>Exporting SEMAPHORE_JOB_RESULT`;
    return problemOf(hub, id, { result: 'failed', expected, text, told: '' });
  },
};

export const RACES: readonly Race[] = [dyingShell, stopped, marksUnderLoad];

interface Outcome {
  readonly result: string;
  readonly expected: string;
  readonly text: string;
  /** What chance had chosen. */
  readonly told: string;
}

function problemOf(hub: PracticeHub, id: string, { result, expected, text, told }: Outcome): string | undefined {
  const seen = hub.resultOf(id);
  if (seen !== result) return `${told}: ${seen} instead of ${result}`;
  if (text === expected) return undefined;
  const at = [...expected].findIndex((character, index) => text[index] !== character);
  return `${told}: the log differs at ${at}: ${JSON.stringify(text.slice(Math.max(0, at - 40), at + 40))}`;
}
