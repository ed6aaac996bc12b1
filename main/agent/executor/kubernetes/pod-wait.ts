import type { Clock } from '../../platform/clock.ts';
import { type ClusterClient, ClusterError, type WatchEvent } from './cluster-client.ts';
import { type PodState, type PodView, readPodState } from './pod-state.ts';

/** A watch is begun anew after so long: the server ends it. In s. */
const WATCH_SECONDS = 50;
/** One that is not over so much later never will be: the connection died without a word. In ms. */
const WATCH_LATE_MS = 10_000;
/** Between a watch that failed and the next, in ms. */
const AGAIN_MS = 1_000;
/** A pod that shows nothing new for so long may have told an event why. In ms. */
const QUIET_MS = 5_000;

export interface PodWaitOptions {
  readonly client: ClusterClient;
  readonly clock: Clock;
  readonly name: string;
  /** In ms. */
  readonly limitMs: number;
  /** Ends the wait. */
  readonly signal: AbortSignal;
  /** Takes each change of state once, a line without its end. */
  readonly onChange: (line: string) => void;
}

/**
 * Waits until a pod is ready, by watching it. A watch that ends, is cut, or is too old is begun anew where the pod is now.
 * Resolves with what went wrong, in a line, where it will not be ready.
 */
export async function waitForPod(options: PodWaitOptions): Promise<string | undefined> {
  const { clock, limitMs, signal } = options;
  const over = new AbortController();
  const stop = () => over.abort();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const limit = clock.startTimer(limitMs, stop);
  const waiting = new PodWait(options, over);
  try {
    const end = await waiting.run();
    if (end?.kind === 'ready') return undefined;
    if (end) return end.reason;
    if (signal.aborted) return 'the job was stopped';
    return `the pod was not ready within ${limitMs / 1_000} s: ${waiting.lastLine}`;
  } finally {
    stop();
    limit.cancel();
    signal.removeEventListener('abort', stop);
  }
}

type PodEnd = Exclude<PodState, { kind: 'waiting' }>;

class PodWait {
  private end: PodEnd | undefined;
  private version = '';
  private told = new Set<string>();
  private attempt = new AbortController();
  lastLine = 'nothing was heard of it';

  constructor(
    private readonly options: PodWaitOptions,
    private readonly over: AbortController,
  ) {}

  /** Resolves with the end of the wait; with nothing where it was given up. */
  async run(): Promise<PodEnd | undefined> {
    void this.lookForEvents();
    while (!this.end && !this.over.signal.aborted) {
      try {
        if (this.version === '') await this.look();
        if (!this.end) await this.follow();
      } catch (error) {
        if (error instanceof ClusterError && error.code >= 400 && error.code < 500 && error.code !== 410)
          return { kind: 'failed', reason: error.message };
        this.version = '';
        await this.options.clock.sleep(AGAIN_MS, this.over.signal);
      }
    }
    return this.end;
  }

  private async look(): Promise<void> {
    const { client, name } = this.options;
    this.take((await client.until(this.over.signal).call('GET', `pods/${name}`)) as PodView);
  }

  private async follow(): Promise<void> {
    const { client, clock } = this.options;
    const { signal } = this.over;
    const before = this.version;
    this.attempt = new AbortController();
    const stop = () => this.attempt.abort();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    const limit = clock.startTimer(WATCH_SECONDS * 1_000 + WATCH_LATE_MS, stop);
    try {
      await client.watch(this.watched(), this.attempt.signal, (event) => this.hear(event));
    } finally {
      limit.cancel();
      signal.removeEventListener('abort', stop);
    }
    // A server that ends every watch at once is not asked in a hurry.
    if (!this.end && this.version === before) await clock.sleep(AGAIN_MS, signal);
  }

  private watched(): string {
    const query = new URLSearchParams({
      watch: 'true',
      fieldSelector: `metadata.name=${this.options.name}`,
      resourceVersion: this.version,
      allowWatchBookmarks: 'true',
      timeoutSeconds: String(WATCH_SECONDS),
    });
    return `pods?${query.toString()}`;
  }

  private hear({ type, object }: WatchEvent): void {
    if (type === 'ERROR') this.version = '';
    else if (type === 'DELETED') this.finish({ kind: 'failed', reason: 'the pod was deleted by somebody else' });
    else if (type === 'BOOKMARK') this.version = (object as PodView).metadata?.resourceVersion ?? this.version;
    else this.take(object as PodView);
  }

  private take(pod: PodView): void {
    this.version = pod.metadata?.resourceVersion ?? this.version;
    const state = readPodState(pod);
    if (state.kind === 'waiting') this.tell(state.line);
    else this.finish(state);
  }

  private tell(line: string): void {
    this.lastLine = line;
    if (this.told.has(line)) return;
    this.told.add(line);
    this.options.onChange(line);
  }

  private finish(end: PodEnd): void {
    this.end ??= end;
    this.attempt.abort();
  }

  /** Some reasons stand in an event only. Who may not list events does without. */
  private async lookForEvents(): Promise<void> {
    const { client, clock, name } = this.options;
    for (;;) {
      const before = this.lastLine;
      await clock.sleep(QUIET_MS, this.over.signal);
      if (this.over.signal.aborted || this.end) return;
      if (this.lastLine !== before) continue;
      const query = new URLSearchParams({ fieldSelector: `involvedObject.name=${name},type=Warning` });
      const list = await client
        .until(this.over.signal)
        .call('GET', `events?${query.toString()}`)
        .catch(() => undefined);
      if (!list || this.over.signal.aborted) return;
      for (const { reason = '', message = '' } of (list.items ?? []) as readonly EventView[])
        if (reason.startsWith('Failed')) this.tell(`pod in pending state - statuses: [${reason}: ${message.trim()}]`);
    }
  }
}

interface EventView {
  readonly reason?: string;
  readonly message?: string;
}
