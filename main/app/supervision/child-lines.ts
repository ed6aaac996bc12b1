/** What a process that has gone wrote last is read for at most so long: a program of its own may hold the stream. In ms. */
const LIMIT_MS = 1_000;

/** Reads the lines that a utility process writes. */
export class ChildLines {
  /** Behind the last end of a line. */
  private text = '';

  constructor(
    private readonly stream: NodeJS.ReadableStream,
    private readonly take: (line: string) => void,
  ) {
    stream.setEncoding('utf8');
    stream.on('data', this.add);
  }

  /**
   * To be called when the process has gone: Electron has taken every listener off then, though its last words, those that say why,
   * may still be on their way. Resolves when they were read.
   */
  async rest(): Promise<void> {
    const { stream } = this;
    if (stream.readable)
      await new Promise<void>((resolve) => {
        const limit = setTimeout(resolve, LIMIT_MS);
        stream.once('close', () => {
          clearTimeout(limit);
          resolve();
        });
        stream.on('data', this.add);
      });
    if (this.text !== '') this.take(this.text);
    this.text = '';
  }

  private readonly add = (piece: unknown): void => {
    const lines = (this.text + String(piece)).split('\n');
    this.text = lines.pop() ?? '';
    for (const line of lines) this.take(line);
  };
}
