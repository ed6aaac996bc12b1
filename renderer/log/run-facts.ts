import { duration } from '../../shared/agent-snapshot.ts';
import type { OpenedLog } from '../../shared/contract/log.ts';
import { counted, dayAndTime, exactTime, fileSize } from '../ui/words.ts';

/** `web-frontend · main · 4f2c1e9 · 13:02 · 2 min 14 s`: what tells a run from others, as far as it is known. */
export function runFacts(log: OpenedLog, now: number): string {
  const { project = '', ref = '', commit = '' } = log.about ?? {};
  return joined([project, ref, commit.slice(0, 7), dayAndTime(log.startedAt, now), took(log, now)]);
}

/** All that is known of it. */
export function runInFull(log: OpenedLog, now: number): string {
  const { project = '', ref = '', commit = '', pipeline = '' } = log.about ?? {};
  const began = `Began ${exactTime(log.startedAt)}`;
  return joined([log.name, pipeline, project, ref, commit, began, took(log, now), logSize(log)]);
}

/** How many lines there are; of a log that nobody has read through only its size is known. */
export function logSize({ indexedBytes, bytes, end, lines }: OpenedLog): string {
  return indexedBytes < bytes && end ? fileSize(bytes) : counted(lines, 'line');
}

/** Of a job whose agent went nobody knows how long it took. */
function took({ startedAt, end }: OpenedLog, now: number): string {
  return end?.result === 'lost' ? '' : duration((end?.at ?? now) - startedAt);
}

function joined(facts: readonly string[]): string {
  return facts.filter(Boolean).join(' · ');
}
