import type { Fault } from './faults.ts';

type Nasty = Omit<Fault, 'on' | 'skip' | 'times'>;

const head = (length: number) =>
  `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;

/** What can come back instead of an answer: from a hub that is ill, and from everything that stands between. By name. */
export const NASTY_ANSWERS: Readonly<Record<string, Nasty>> = {
  'closed without a word': { reset: true },
  'an empty 200': { status: 200, body: '' },
  'a page of a gateway': { status: 200, body: '<html><body>Sign in to the network</body></html>' },
  'JSON that is cut off': { status: 200, body: '{"action":"run-job","job_' },
  'a list': { status: 200, body: '[]' },
  'a text': { status: 200, body: '"ok"' },
  nothing: { status: 200, body: 'null' },
  'wrong types': { status: 200, body: '{"action":{},"token":7,"name":[],"job_id":{}}' },
  'deep nesting': { status: 200, body: '['.repeat(200_000) },
  'more than anybody reads': { status: 200, body: `{"action":"${'x'.repeat(3 * 1024 * 1024)}"}` },
  'a reset within the body': { raw: `${head(100)}{"action":"con` },
  'a reset within the head': { raw: 'HTTP/1.1 200 OK\r\nContent-Le' },
  'no HTTP': { raw: 'SSH-2.0-OpenSSH_9.2\r\n' },
  'another place': { status: 302, body: '', headers: { location: 'https://elsewhere.example.com/login?next=1' } },
  'another place for good': { status: 308, body: '', headers: { location: '/nowhere' } },
  'no change': { status: 304, body: '' },
  'a bad request': { status: 400 },
  'a proxy that wants a password': { status: 407 },
  forbidden: { status: 403 },
  conflict: { status: 409 },
  gone: { status: 410 },
  'too many requests': { status: 429, headers: { 'retry-after': '1' } },
  'too many requests, in nonsense': { status: 429, headers: { 'retry-after': 'soon' } },
  'a fault of its own': { status: 500, body: 'panic: \u001b[2J\nruntime error' },
  'a bad gateway': { status: 502, body: '<html>502 Bad Gateway</html>' },
  maintenance: { status: 503, headers: { 'retry-after': '2' } },
};
