import type { Finding } from '../../../shared/examination.ts';
import { type HttpAnswer, HttpError } from '../hub/http.ts';
import { routeTo } from '../hub/proxy.ts';
import { systemNetwork } from '../hub/system-network.ts';
import { createHttp } from '../hub/undici-http.ts';
import { API_PATH, metricsResponseSchema } from '../hub/wire.ts';
import { type Check, type Examined, fine, problem, warning } from './finding.ts';

const TIMEOUT_MS = 30_000;
/** Tokens and certificates have times in them; so much is none of their business. In ms. */
const SKEW_MS = 60_000;

/** Asks the hub how full its queue is: it is reached, trusted and takes the token where it says. */
export const checkHub: Check = async ({ config, env, clock }) => {
  if (!config) return [];
  const { values } = config;
  const url = `${values['no-https'] ? 'http' : 'https'}://${values.endpoint}${API_PATH}/metrics`;
  const http = createHttp(clock, systemNetwork(values['ca-file'], env));
  try {
    const headers = { authorization: `Token ${values.token}` };
    const answer = await http.send({ method: 'GET', url, headers, timeoutMs: TIMEOUT_MS });
    return [...routeFindings(url, env), judge(answer, values.endpoint), ...judgeClock(answer, clock.now())];
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    const route = routeFindings(url, env);
    return [
      ...route,
      unreached(
        error,
        values.endpoint,
        route.some(({ check }) => check === 'proxy'),
      ),
    ];
  } finally {
    await http.close();
  }
};

function judge({ status, text }: HttpAnswer, endpoint: string): Finding {
  if (status === 200) return queue(text, endpoint);
  const what = status === 401 ? 'refuses the token: status 401' : `answers with status ${status}`;
  const found = `${endpoint} ${what}${text === '' ? '' : `, ${JSON.stringify(text.slice(0, 200))}`}`;
  if (status === 401 || status === 404)
    return problem(
      'hub',
      found,
      'check endpoint and token: in Semaphore, under Self-hosted agents, the type shows both',
    );
  if (status === 422)
    return problem('hub', found, 'look in Semaphore whether self-hosted agents are on for this organisation');
  return problem('hub', found, 'try again later, or check that the endpoint is that of your organisation');
}

function queue(text: string, endpoint: string): Finding {
  try {
    const { jobs } = metricsResponseSchema.parse(JSON.parse(text));
    const waiting = jobs.queued === 1 ? '1 job waits' : `${jobs.queued} jobs wait`;
    return fine('hub', `${endpoint} takes the token; ${waiting} for agents of this type`);
  } catch {
    return problem(
      'hub',
      `${endpoint} does not answer as Semaphore does`,
      'check the endpoint: it is ORGANISATION.semaphoreci.com',
    );
  }
}

function unreached({ message }: HttpError, endpoint: string, hasProxy: boolean): Finding {
  const found = `${endpoint} cannot be reached: ${message}`;
  if (/certificate|authority/.test(message))
    return problem('hub', found, "give the authority's certificate by ca-file, or NODE_EXTRA_CA_CERTS");
  if (/does not speak TLS/.test(message))
    return problem('hub', found, 'check the endpoint and its port; no-https is for one without TLS');
  if (hasProxy) return problem('hub', found, 'check the proxy of HTTPS_PROXY, the endpoint and the network');
  return problem('hub', found, 'check the endpoint and the network; behind a proxy set HTTPS_PROXY');
}

function judgeClock({ date }: HttpAnswer, now: number): readonly Finding[] {
  if (date === undefined) return [];
  const behind = date - now;
  if (Math.abs(behind) < SKEW_MS) return [fine('clock', 'it agrees with the hub')];
  const off = `${Math.round(Math.abs(behind) / 1_000)} s ${behind > 0 ? 'behind' : 'ahead of'} the hub`;
  return [
    warning(
      'clock',
      `this machine is ${off}`,
      'set the clock: turn on time synchronisation (timedatectl set-ntp true)',
    ),
  ];
}

/** Where calls to the hub go through; without what may be a password. */
function routeFindings(url: string, env: Examined['env']): readonly Finding[] {
  const route = routeTo(new URL(url), env);
  const authorities = env.NODE_EXTRA_CA_CERTS;
  const more = authorities
    ? [fine('authorities', `those in ${authorities} are trusted besides the well-known ones`)]
    : [];
  switch (route.kind) {
    case 'direct':
      return more;
    case 'proxy':
      return [fine('proxy', `calls to the hub go through ${route.url}`), ...more];
    case 'unusable':
      return [problem('proxy', route.problem, 'mend the variable, or take it away'), ...more];
  }
}
