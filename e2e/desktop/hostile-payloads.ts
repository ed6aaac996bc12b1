/** The same ones in every run: a failure can be looked at again. */
const SEED = 20_260_101;

/** The page itself makes requests too, with ids below. */
export const FIRST_ID = 1_000_000;

/** What somebody would try who wants a program run, a file read or the process down. */
const CRAFTED: readonly unknown[] = [
  undefined,
  0,
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  1e308,
  '',
  '\u0000',
  'constructor',
  '__proto__',
  'x'.repeat(100_000),
  true,
  [],
  [null],
  {},
  { kind: 'until-resumed', path: '/bin/sh', args: ['-c', 'id'] },
  { command: '/bin/sh', args: ['-c', 'touch /tmp/owned'], env: { LD_PRELOAD: '/tmp/x.so' } },
  { path: '/etc/passwd' },
  { kind: 'for', minutes: -5 },
  { kind: 'for', minutes: 1e9 },
  { kind: 'for', minutes: 1.5 },
  { kind: 'for' },
  { name: '../../etc/passwd', value: 1 },
  { name: 'pre-job-hook-path', path: '/tmp/evil.sh', run: true },
  { text: { toString: 'x' } },
  JSON.parse('{"__proto__":{"isAdmin":true}}'),
  { constructor: { prototype: { polluted: 1 } } },
  new Date(0),
  new Uint8Array(64 * 1024),
  nested(20),
];

/**
 * Messages for one channel, none of which its contract takes: crafted ones first, random ones behind, then envelopes that are
 * broken themselves. `count` of them.
 */
export function hostilePayloads(channel: string, kind: 'request' | 'command', count: number): readonly unknown[] {
  const random = generator(SEED + channel.length);
  const bodies = [...CRAFTED, ...Array.from({ length: count }, () => randomValue(random, 4))];
  const messages = bodies.map((value, id) =>
    envelope(random, { channel, kind, value: spoil(value), id: FIRST_ID + id }),
  );
  return messages.slice(0, count);
}

interface Wanted {
  readonly channel: string;
  readonly kind: string;
  readonly value: unknown;
  readonly id: number;
}

/** Mostly whole, so that what is looked at is the value; else with one thing wrong. */
function envelope(random: () => number, { channel, kind, value, id }: Wanted): unknown {
  const whole = { kind, id, name: channel, value };
  const wrong: readonly unknown[] = [
    { ...whole, name: `${channel} ` },
    { ...whole, name: channel.toUpperCase() },
    { ...whole, name: [channel] },
    { ...whole, kind: 'event' },
    { ...whole, kind: 'reply' },
    { ...whole, kind: `${kind}s` },
    { kind, name: '__proto__', id, value },
    { kind, name: 'constructor', id, value },
    [whole],
    value,
  ];
  return random() < 0.8 ? whole : wrong[Math.floor(random() * wrong.length)];
}

/** Null is what most channels take, and plain objects some, of texts even: with two more levels none of them does. */
function spoil(value: unknown): unknown {
  return { hostile: { hostile: value } };
}

function randomValue(random: () => number, depth: number): unknown {
  const pick = Math.floor(random() * (depth === 0 ? 5 : 8));
  const size = Math.floor(random() * 6);
  switch (pick) {
    case 0:
      return (random() - 0.5) * 1e12;
    case 1:
      return random() < 0.5;
    case 2:
      return randomText(random);
    case 3:
      return undefined;
    case 4:
      return new Uint8Array(size * 100);
    case 5:
      return Array.from({ length: size }, () => randomValue(random, depth - 1));
    default:
      return Object.fromEntries(
        Array.from({ length: size }, () => [randomText(random), randomValue(random, depth - 1)]),
      );
  }
}

function randomText(random: () => number): string {
  const words = [
    'path',
    'command',
    'value',
    'name',
    'text',
    'kind',
    'token',
    '/bin/sh',
    '$(id)',
    '../',
    '\u202e',
    '💥',
  ];
  return Array.from({ length: Math.floor(random() * 4) }, () => words[Math.floor(random() * words.length)]).join('');
}

function nested(depth: number): unknown {
  return Array.from({ length: depth }).reduce((inner) => ({ inner }), {} as unknown);
}

/** Numbers from 0 to 1, told by the seed alone (a linear congruence). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
