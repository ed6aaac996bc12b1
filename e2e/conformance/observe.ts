import type { PracticeHub, RecordedCall } from '../../main/practice/practice-hub.ts';
import type { Case, Expectation } from './case.ts';
import { normaliseLog, type Places, takeOut } from './normalise.ts';

/** What is left out of the states before they are compared: a short job may never show them. */
const FLEETING = ['starting-job', 'running-job', 'stopping-job'];

/** Everything that was seen of an agent, in the form of `expect`. */
export function observe(
  hub: PracticeHub,
  one: Case,
  places: Places,
  ended: { readonly exit: number | string; readonly probes: Readonly<Record<string, string>> },
): Required<Expectation> {
  const jobs = hub.jobIds.map((id) => ({
    result: hub.resultOf(id) ?? null,
    events: normaliseLog(hub.log(id).events, places, one),
  }));
  const [first] = jobs;
  return {
    exit: ended.exit,
    states: withoutRepeats(syncs(hub).map(({ state }) => state)),
    calls: withoutRepeats(hub.calls.filter(isTold).map(({ kind, status }) => `${kind} ${status}`)),
    result: first?.result ?? null,
    events: first?.events ?? [],
    jobs,
    register: registration(hub),
    callbacks: hub.calls.filter(({ kind }) => kind === 'callback').map((call) => callbackOf(call)),
    probes: Object.fromEntries(Object.entries(ended.probes).map(([name, text]) => [name, takeOut(text, places)])),
  };
}

/** States as they can be compared. */
export function lastingStates(states: readonly string[]): readonly string[] {
  return withoutRepeats(states.filter((state) => !FLEETING.includes(state)));
}

/** What the agent told by the syncs that the hub took, in their order. */
export function syncs(hub: PracticeHub): readonly { readonly state: string; readonly jobId: string }[] {
  return hub.calls
    .filter(({ kind, status }) => kind === 'sync' && status === 200)
    .map(({ body }) => JSON.parse(body) as { state: string; job_id: string })
    .map(({ state, job_id }) => ({ state, jobId: job_id }));
}

/** Good syncs and good pushes come as often as they come. */
function isTold({ kind, status }: RecordedCall): boolean {
  return !((kind === 'sync' || kind === 'push') && status === 200);
}

function withoutRepeats(texts: readonly string[]): string[] {
  return texts.filter((text, index) => text !== texts[index - 1]);
}

function registration(hub: PracticeHub): Record<string, unknown> {
  const call = hub.calls.find(({ kind }) => kind === 'register');
  return call ? (JSON.parse(call.body) as Record<string, unknown>) : {};
}

/** A callback's name is the end of its path. */
export function callbackOf({ path, body, authorization }: RecordedCall): Record<string, string> {
  return { name: path.split('/').at(-1) ?? '', body, authorization };
}
