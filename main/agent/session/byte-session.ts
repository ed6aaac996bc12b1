/**
 * A terminal somewhere: what a session of bash needs of its transport. A local pty, an exec in a container and one in a pod
 * are three small adapters; marks, scanner, variables and files are written once, above this.
 */
export interface ByteSession {
  /** Types text into the terminal. A line may be at most 1,000 bytes: macOS cuts at 1,024, Linux at 4,095. */
  write(text: string): void;
  /** The one receiver of everything the terminal shows, cut anywhere. Set before the first byte can come. */
  onBytes(receiver: (bytes: Uint8Array) => void): void;
  /** Flow control: while paused the terminal's writers block. Never while a child may be ending: its last output is lost. */
  pause(): void;
  resume(): void;
  /** Resolves when the stream is over, however that came. Never rejects. */
  readonly closed: Promise<void>;
  /** Ends the far side at once and closes the stream. Idempotent. */
  kill(): void;
}
