import { read } from 'node:fs';
import { promisify } from 'node:util';
import { createResponder } from '../../../shared/contract/responder.ts';
import { searchContract } from '../log/search/search-contract.ts';
import { createSearchSession } from '../log/search/search-session.ts';
import { systemClock } from '../platform/clock.ts';
import { wireOfThread } from '../platform/thread.ts';

/*
 * The thread in which the agent searches a log: a regular expression may take its time there. The files are the agent's: a
 * descriptor is good in all threads of a process.
 */

/** Between two signs of life, in ms. */
const ALIVE_MS = 200;

const readFrom = promisify(read);
let lastSign = systemClock.monotonic();

const responder = createResponder(
  searchContract,
  wireOfThread(),
  createSearchSession({
    async readAt(descriptor, offset, length) {
      const buffer = Buffer.allocUnsafe(length);
      const { bytesRead } = await readFrom(descriptor, buffer, 0, length, offset);
      return buffer.subarray(0, bytesRead);
    },
    onProgress: (progress) => responder.emit('searched', progress),
    onAlive() {
      if (systemClock.monotonic() - lastSign < ALIVE_MS) return;
      lastSign = systemClock.monotonic();
      responder.emit('alive', null);
    },
  }),
  () => undefined,
);
