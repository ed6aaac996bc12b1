import type { ConnectionTest } from '../../../shared/contract/first-run.ts';
import type { HubError } from './hub-client.ts';

type Problem = Required<Pick<ConnectionTest, 'problem' | 'detail'>> & Pick<ConnectionTest, 'about'>;

/** Why a hub could not be asked with somebody's address and token: what they do about it, and what happened in detail. */
export function connectionProblem(error: HubError, endpoint: string): Problem {
  return { ...wordsFor(error, endpoint), detail: error.message };
}

function wordsFor({ code, status }: HubError, endpoint: string): Omit<Problem, 'detail'> {
  if (code === 'no-answer') {
    return {
      problem: `No answer from ${endpoint}. Check the address, and this computer’s network.`,
      about: 'endpoint',
    };
  }
  if (status === 401 || status === 403) {
    return {
      problem:
        'Semaphore does not know this token. Copy the registration token of your agent type again, or reset it there: Settings → Self-hosted agents.',
      about: 'token',
    };
  }
  if (status === 429 || status >= 500) {
    return { problem: `The hub at ${endpoint} cannot answer at the moment. Try again in a minute.` };
  }
  return {
    problem: `The server at ${endpoint} does not answer as Semaphore does. Use the address at which you open your organisation in a browser.`,
    about: 'endpoint',
  };
}
