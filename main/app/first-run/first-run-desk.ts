import { hostname } from 'node:os';
import type { Connection, ConnectionTest, FirstRun, FirstRunChoice } from '../../../shared/contract/first-run.ts';
import type { mainRendererContract } from '../../../shared/contract/main-renderer.ts';
import type { Handlers } from '../../../shared/contract/responder.ts';
import type { SaveOutcome, SettingChanges } from '../../../shared/contract/settings.ts';
import type { SecretStore } from '../secrets/secret-store.ts';
import { agentNameFrom } from './agent-name.ts';
import { parseSnippet } from './snippet.ts';

export interface FirstRunDeskOptions {
  readonly isNeeded: () => boolean;
  readonly secretStore: SecretStore['kind'];
  /** What is in force, by name, the token among it. */
  readonly inForce: () => Promise<ReadonlyMap<string, unknown>>;
  readonly save: (changes: SettingChanges) => Promise<SaveOutcome>;
  readonly testConnection: (connection: {
    readonly endpoint: string;
    readonly token: string;
    readonly noHttps: boolean;
    readonly caFile: string;
  }) => Promise<ConnectionTest>;
}

type Requests = Handlers<typeof mainRendererContract>['requests'];

/** The first run: nothing connects and nothing runs before its owner has made the choice. */
export class FirstRunDesk {
  /** Out of a pasted snippet; it need not go to the window and back. */
  private pastedToken = '';

  constructor(private readonly options: FirstRunDeskOptions) {}

  /** The part of the contract that is answered here. */
  readonly requests: Pick<Requests, 'firstRun' | 'parseSnippet' | 'testConnection' | 'finishFirstRun'> = {
    firstRun: () => this.state(),
    parseSnippet: async ({ text }) => {
      const { token, ...found } = parseSnippet(text);
      if (token !== '') this.pastedToken = token;
      return { ...found, hasToken: token !== '' };
    },
    testConnection: async (connection) => {
      const token = await this.tokenOf(connection);
      if (token === '') return { ok: false, problem: 'Enter the registration token of an agent type', about: 'token' };
      const caFile = String((await this.options.inForce()).get('ca-file'));
      return this.options.testConnection({ ...connection, token, caFile });
    },
    finishFirstRun: (choice) => this.finish(choice),
  };

  private async state(): Promise<FirstRun> {
    const { isNeeded, inForce, secretStore } = this.options;
    const values = await inForce();
    return {
      needed: isNeeded(),
      endpoint: String(values.get('endpoint')),
      hasToken: this.pastedToken !== '' || values.get('token') !== '',
      noHttps: values.get('no-https') === true,
      suggestedName: String(values.get('name')) || agentNameFrom(hostname()),
      secretStore,
    };
  }

  private async finish(choice: FirstRunChoice): Promise<SaveOutcome> {
    const token = await this.tokenOf(choice);
    const missing = [
      ...(choice.endpoint === '' ? [{ name: 'endpoint', problem: 'Enter the address of your organisation' }] : []),
      ...(token === '' ? [{ name: 'token', problem: 'Enter the registration token of an agent type' }] : []),
    ];
    if (missing.length > 0) return { outcome: 'refused', problems: missing };
    const outcome = await this.options.save({
      endpoint: choice.endpoint,
      token,
      'no-https': choice.noHttps,
      name: choice.name,
      'shell-jobs': choice.jobs === 'shell-too' ? 'allow' : 'refuse',
      'start-at-login': choice.startAtLogin,
    });
    if (outcome.outcome === 'saved') this.pastedToken = '';
    return outcome;
  }

  private async tokenOf({ token }: Connection): Promise<string> {
    return token?.trim() || this.pastedToken || String((await this.options.inForce()).get('token'));
  }
}
