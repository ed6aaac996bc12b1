import type { Connection, ConnectionTest } from '../../../shared/contract/first-run.ts';
import { parseEndpoint } from '../config/endpoint.ts';
import type { Clock } from '../platform/clock.ts';
import { connectionProblem } from './connection-problem.ts';
import type { Network } from './dispatchers.ts';
import { HubClient, HubError } from './hub-client.ts';
import { queueOf } from './queue.ts';
import { createHttp } from './undici-http.ts';

/** Asks a hub for the queue of a token's agent type (`GET /metrics`), which registers nothing. Never rejects for what a hub does. */
export async function testConnection(
  { endpoint, token, noHttps }: Connection & { readonly token: string },
  clock: Clock,
  network: Network,
): Promise<ConnectionTest> {
  const parsed = parseEndpoint(endpoint, noHttps);
  if (!parsed.ok) return { ok: false, problem: parsed.problem, about: 'endpoint' };
  const http = createHttp(clock, network);
  const hub = new HubClient({ http, endpoint: parsed.endpoint, noHttps, registrationToken: token });
  try {
    return { ok: true, problem: '', queue: queueOf(await hub.queue()) };
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    return { ok: false, ...connectionProblem(error, parsed.endpoint) };
  } finally {
    await http.close();
  }
}
