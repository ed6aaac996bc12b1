/** A full line of ordinary output fits: 16 KiB of it, and what JSON makes of its newlines and quotes. In bytes. */
const PLACE_BYTES = 20 * 1024;
/** More places than this are not kept: 2.5 MB. */
const MOST_PLACES = 128;

/** Room for lines that wait for the disk, used again and again: new room for each would be as much garbage as there is output. */
export class LineRoom {
  private readonly free: Buffer[] = [];

  /** A copy of a line, good until it is given back. */
  keep(line: Buffer): Buffer {
    const place = line.length > PLACE_BYTES ? undefined : this.free.pop();
    const room = place ?? Buffer.allocUnsafeSlow(Math.max(PLACE_BYTES, line.length));
    line.copy(room);
    return room.subarray(0, line.length);
  }

  /** Nobody reads this copy any more. */
  giveBack(copy: Buffer): void {
    const isPlace = copy.buffer.byteLength === PLACE_BYTES;
    if (isPlace && this.free.length < MOST_PLACES) this.free.push(Buffer.from(copy.buffer));
  }
}
