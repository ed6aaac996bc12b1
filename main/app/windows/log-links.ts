import { SCHEME } from '../../../shared/contract/channel.ts';
import type { History } from '../../../shared/contract/history.ts';
import type { Destination } from '../../../shared/contract/views.ts';
import { parsePermalink } from '../../../shared/permalink.ts';

/** A link that started the app waits so long for the agent, which knows what is kept. In ms. */
const PATIENCE_MS = 60_000;

export interface LogLinksOptions {
  /** Past jobs on this machine; null while there is no agent. */
  readonly history: () => Promise<History | null>;
  readonly show: (destination: Destination) => void;
  /** ms since some moment; never goes back. */
  readonly now: () => number;
}

/**
 * Links from outside of the app, which any page of a browser can open. One that names a line of a log that is kept here shows
 * it; anything else does nothing at all, not even show the window.
 */
export class LogLinks {
  private waiting: { readonly url: string; readonly since: number } | undefined;

  constructor(private readonly options: LogLinksOptions) {}

  /** Resolves when it was shown, or is known to be none. */
  async open(url: string): Promise<void> {
    await this.follow({ url, since: this.options.now() });
  }

  /** An agent has begun. */
  async agentStarted(): Promise<void> {
    const { waiting } = this;
    this.waiting = undefined;
    if (waiting && this.options.now() - waiting.since < PATIENCE_MS) await this.follow(waiting);
  }

  private async follow(followed: { readonly url: string; readonly since: number }): Promise<void> {
    const link = parsePermalink(followed.url);
    if (!link) return;
    const history = await this.options.history();
    if (!history) this.waiting = followed;
    else if (history.jobs.some(({ id }) => id === link.job)) this.options.show({ view: 'log', log: link });
  }
}

/** What of a command line claims to be a link of ours; undefined where nothing does. More than one are none. */
export function linkIn(args: readonly string[]): string | undefined {
  const links = args.filter((arg) => arg.toLowerCase().startsWith(`${SCHEME}:`));
  return links.length > 1 ? '' : links[0];
}
