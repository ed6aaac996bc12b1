import type { Duplex } from 'node:stream';
import { HOLDER_NAME } from '../session/container-holder.ts';

/*
 * Puts files into a container by a command of our own that waits there and takes a name and a text at a time, with what bash
 * itself can do, as an image may have nothing else. Into a pod there is no other way, and in a container of an engine it takes
 * a millisecond where the engine's archive takes tens.
 */
const TAKE_FILES = `
LC_ALL=C
umask 077
folder=\${TMPDIR:-/tmp}/$1
mkdir -p "$folder" 2>/dev/null || folder=$HOME/$1
mkdir -p "$folder" 2>/dev/null
echo "$folder"
while IFS= read -r -d '' name && IFS= read -r -d '' text; do
  if printf %s "$text" 2>/dev/null >"$folder/$name"; then echo ok; else echo no; fi
done
`;

/** The command that takes files, into a folder of that name. It ends with its input. */
export function takeFilesCommand(folderName: string): readonly string[] {
  return ['bash', '--noprofile', '--norc', '-c', TAKE_FILES, 'signalbox', folderName, HOLDER_NAME];
}

/** The folder of a job's own in its container, readable by the container's user only. One file at a time. */
export class TakenFolder {
  private rest = '';
  private path: string | undefined;
  private isOver = false;
  private news: () => void = () => undefined;

  /** `stream`: of a running `takeFilesCommand`. `lost`: what is said where it is over. */
  constructor(
    private readonly stream: Duplex,
    private readonly lost: string,
  ) {
    stream.on('data', (chunk: Buffer) => {
      this.rest += chunk.toString('latin1');
      this.news();
    });
    const over = () => {
      this.isOver = true;
      this.news();
    };
    stream.once('end', over);
    stream.once('close', over);
    stream.on('error', () => undefined);
  }

  get alive(): boolean {
    return !this.isOver;
  }

  /** Writes a file and tells its path there. Rejects where the container is gone or its disk is full. */
  async write(name: string, content: string | Uint8Array): Promise<string> {
    this.path ??= await this.nextLine();
    // Bash keeps no zero bytes, neither in a script nor in a variable.
    const bytes = Buffer.from(content).filter((byte) => byte !== 0);
    this.stream.write(Buffer.concat([Buffer.from(`${name}\0`), bytes, Buffer.of(0)]));
    const answer = await this.nextLine();
    if (answer !== 'ok') throw new Error('it cannot be written in the container');
    return `${this.path}/${name}`;
  }

  close(): void {
    this.stream.destroy();
  }

  private async nextLine(): Promise<string> {
    for (;;) {
      const end = this.rest.indexOf('\n');
      if (end >= 0) {
        const line = this.rest.slice(0, end);
        this.rest = this.rest.slice(end + 1);
        return line;
      }
      if (this.isOver) throw new Error(this.lost);
      await new Promise<void>((resolve) => {
        this.news = resolve;
      });
    }
  }
}
