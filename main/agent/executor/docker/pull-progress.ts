/** What the engine says while it pulls. Source: Docker Engine API, `POST /images/create`. */
export interface PullEvent {
  readonly status?: string;
  /** Of a layer, or the tag. */
  readonly id?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
  readonly error?: string;
}

/** Between two lines about one pull, in ms. */
const LINE_EVERY_MS = 1_000;

interface Layer {
  current: number;
  total: number;
  done: boolean;
}

/** Sums the layers of one pull into lines for people, at most one a second. */
export class PullProgress {
  private readonly layers = new Map<string, Layer>();
  private lastLineAt: number;
  private lastLine = '';

  constructor(
    private readonly image: string,
    /** Monotonic, in ms. */
    private readonly now: () => number,
  ) {
    this.lastLineAt = now();
  }

  /** Takes an event and gives the line that is due, if one is. A pull that takes no second has none. */
  take(event: PullEvent): string | undefined {
    this.note(event);
    if (this.layers.size === 0 || this.now() - this.lastLineAt < LINE_EVERY_MS) return undefined;
    const line = this.line();
    if (line === this.lastLine) return undefined;
    this.lastLineAt = this.now();
    this.lastLine = line;
    return line;
  }

  private note({ status, id, progressDetail }: PullEvent): void {
    if (id === undefined || status === undefined) return;
    if (status === 'Pulling fs layer') this.layers.set(id, { current: 0, total: 0, done: false });
    const layer = this.layers.get(id);
    if (!layer) return;
    if (status === 'Downloading' && progressDetail?.total) {
      layer.current = progressDetail.current ?? 0;
      layer.total = progressDetail.total;
    }
    if (status === 'Download complete' || status === 'Pull complete') layer.current = layer.total;
    if (status === 'Pull complete') layer.done = true;
  }

  private line(): string {
    const layers = [...this.layers.values()];
    const sum = (figure: 'current' | 'total') => layers.reduce((all, one) => all + one[figure], 0);
    const done = layers.filter((one) => one.done).length;
    const size = `${megabytes(sum('current'))} of ${megabytes(sum('total'))} MB`;
    return `Pulling ${this.image}: ${size}, ${done} of ${layers.length} layers ready\n`;
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
