import { createHash } from 'node:crypto';
import type { LogEvent } from '../../main/agent/hub/wire.ts';
import type { Case, CaseEvent } from './case.ts';

/** Names in braces and what they stand for in this run. */
export type Places = Readonly<Record<'HOME' | 'TMP' | 'CASE' | 'WORK' | 'HUB' | 'HOST', string>>;

const LONG = 3_000;
const LONG_START = 80;

/** Puts the run's own paths and addresses in. */
export function fillIn(text: string, places: Places): string {
  return text.replace(/\{\{(HOME|TMP|CASE|WORK|HUB|HOST)\}\}/g, (_, name: keyof Places) => places[name]);
}

/** Takes them out again, the longest first. */
export function takeOut(text: string, places: Places): string {
  const byLength = Object.entries(places).sort(([, a], [, b]) => b.length - a.length);
  return byLength.reduce((rest, [name, value]) => rest.replaceAll(value, `{{${name}}}`), text);
}

/** Replaces what differs from run to run by what the case calls it. */
export function applyMasks(text: string, masks: Case['masks']): string {
  return masks.reduce((rest, [pattern, replacement]) => rest.replace(new RegExp(pattern, 'gs'), replacement), text);
}

/** A log in the form in which two are compared: no times, output joined, own paths named, long texts as their hash. */
export function normaliseLog(
  events: readonly LogEvent[],
  places: Places,
  of: Pick<Case, 'masks' | 'ignore_output_of'>,
): CaseEvent[] {
  const joined: CaseEvent[] = [];
  for (const event of events) {
    const last = joined.at(-1);
    if (event.event === 'cmd_output' && last?.event === 'cmd_output') last.output = (last.output ?? '') + event.output;
    else joined.push(withoutTimes(event));
  }
  const named = joined.map((event) => mapTexts(event, (text) => takeOut(text, places)));
  const masked = named.map((event) =>
    event.output === undefined ? event : { ...event, output: applyMasks(event.output, of.masks) },
  );
  return ignoreOutput(masked, of.ignore_output_of)
    .filter((event) => event.output !== '')
    .map((event) => mapTexts(event, shorten));
}

/** The same for what a case expects: its outputs may be masked or ignored as well. */
export function normaliseExpected(events: readonly CaseEvent[], of: Pick<Case, 'ignore_output_of'>): CaseEvent[] {
  return ignoreOutput(events, of.ignore_output_of).filter((event) => event.output !== '');
}

/** Keeps the begin of a long text, with length and hash of all of it. */
export function shorten(text: string): string {
  if (text.length <= LONG) return text;
  const hash = createHash('sha256').update(text).digest('hex');
  return `${text.slice(0, LONG_START)}{{… ${Buffer.byteLength(text)} bytes, sha256 ${hash}}}`;
}

function withoutTimes(event: LogEvent): CaseEvent {
  switch (event.event) {
    case 'job_started':
      return { event: event.event };
    case 'cmd_started':
      return { event: event.event, directive: event.directive };
    case 'cmd_output':
      return { event: event.event, output: event.output };
    case 'cmd_finished':
      return { event: event.event, directive: event.directive, exit_code: event.exit_code };
    case 'job_finished':
      return { event: event.event, result: event.result };
  }
}

function mapTexts(event: CaseEvent, change: (text: string) => string): CaseEvent {
  return {
    ...event,
    ...(event.directive === undefined ? {} : { directive: change(event.directive) }),
    ...(event.output === undefined ? {} : { output: change(event.output) }),
  };
}

function ignoreOutput(events: readonly CaseEvent[], directives: readonly string[]): CaseEvent[] {
  let ignored = false;
  return events.filter((event) => {
    if (event.event === 'cmd_started') ignored = directives.includes(event.directive ?? '');
    return !(ignored && event.event === 'cmd_output');
  });
}
