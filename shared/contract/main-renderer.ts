import { z } from 'zod';
import { snapshotSchema } from '../agent-snapshot.ts';
import type { Contract } from './contract.ts';

/** Between a window and Electron's main process. A window says what its user wants; it never supplies what is run. */
export const mainRendererContract = {
  requests: {
    /** The newest snapshot; events bring those that follow. */
    snapshot: { request: z.null(), reply: snapshotSchema },
    /** What the desktop offers. `hasTray`: false where closing the window quits the app, as nothing would be left of it. */
    desktop: { request: z.null(), reply: z.object({ hasTray: z.boolean() }) },
  },
  commands: {
    pause: z.null(),
    resume: z.null(),
    stopJob: z.null(),
    disconnect: z.null(),
    /** The notice of the snapshot has been read. */
    dismissNotice: z.null(),
    /** Asks for a port to the running job's log; it comes by itself, and again when the agent is another one. */
    tail: z.null(),
  },
  events: {
    snapshot: snapshotSchema,
  },
} as const satisfies Contract;
