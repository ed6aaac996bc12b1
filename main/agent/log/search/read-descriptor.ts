import { read } from 'node:fs';
import { promisify } from 'node:util';

const readFrom = promisify(read);

/** Up to so many bytes of a file that another thread has open: a descriptor is good in all threads of a process. */
export async function readDescriptor(descriptor: number, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  const { bytesRead } = await readFrom(descriptor, buffer, 0, length, offset);
  return buffer.subarray(0, bytesRead);
}
