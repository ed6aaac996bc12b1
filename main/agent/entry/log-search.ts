import { createResponder } from '../../../shared/contract/responder.ts';
import { readDescriptor } from '../log/search/read-descriptor.ts';
import { searchContract } from '../log/search/search-contract.ts';
import { createSearchSession } from '../log/search/search-session.ts';
import { systemClock } from '../platform/clock.ts';
import { wireOfThread } from '../platform/thread.ts';

/*
 * The thread in which the agent searches a log: a regular expression may take its time there. The files are the agent's.
 */

/** Between two signs of life, in ms. */
const ALIVE_MS = 200;

let lastSign = Number.NEGATIVE_INFINITY;

const responder = createResponder(
  searchContract,
  wireOfThread(),
  createSearchSession({
    readAt: readDescriptor,
    onProgress: (progress) => responder.emit('searched', progress),
    onAlive() {
      if (systemClock.monotonic() - lastSign < ALIVE_MS) return;
      lastSign = systemClock.monotonic();
      responder.emit('alive', null);
    },
  }),
  () => undefined,
);
