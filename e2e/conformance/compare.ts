import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import type { Case, Expectation } from './case.ts';
import { normaliseExpected } from './normalise.ts';
import { lastingStates } from './observe.ts';

/** One key in which an agent differs from what a case expects. */
export interface Difference {
  readonly key: string;
  readonly expected: unknown;
  readonly seen: unknown;
}

/**
 * Compares what was seen with the expectation, and with each of those that are as good: they are laid over it key by key.
 * Empty where one fits; else the differences to the one that is nearest.
 */
export function compare(one: Case, seen: Required<Expectation>): readonly Difference[] {
  const wanted = [one.expect, ...one.expectAlso.map((also) => ({ ...one.expect, ...also }))];
  const all = wanted.map((expected) => differences(one, expected, seen));
  return all.reduce((best, next) => (next.length < best.length ? next : best));
}

function differences(one: Case, expected: Expectation, seen: Required<Expectation>): readonly Difference[] {
  const keys = (Object.keys(expected) as (keyof Expectation)[]).filter((key) => one.compare?.includes(key) ?? true);
  return keys
    .map((key) => ({ key, expected: form(one, key, expected[key]), seen: form(one, key, seen[key]) }))
    .filter((pair) => !isDeepStrictEqual(pair.expected, pair.seen));
}

function form(one: Case, key: keyof Expectation, value: Expectation[keyof Expectation]): unknown {
  switch (key) {
    case 'states':
      return lastingStates(value as readonly string[]);
    case 'events':
      return normaliseExpected(value as NonNullable<Expectation['events']>, one);
    case 'jobs':
      return (value as NonNullable<Expectation['jobs']>).map(({ result, events }) => ({
        result,
        events: normaliseExpected(events, one),
      }));
    case 'register':
      return withPlaceholders(value as Record<string, unknown>);
    default:
      return value;
  }
}

/** What differs from machine to machine and from run to run. */
function withPlaceholders(register: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const isRandom = /^[\w-]{20}$/.test(String(register.name));
  return {
    ...register,
    pid: '{{PID}}',
    version: '{{VERSION}}',
    hostname: register.hostname === hostname() ? '{{HOSTNAME}}' : register.hostname,
    os: register.os === prettyName() ? '{{PRETTY_NAME}}' : register.os,
    name: isRandom ? '{{RANDOM_NAME}}' : register.name,
  };
}

/** What this system calls itself, read here by itself: the agent is what is tested. */
function prettyName(): string {
  const [, value = ''] = /^PRETTY_NAME="?(.*?)"?$/m.exec(readFileSync('/etc/os-release', 'utf8')) ?? [];
  return value;
}
