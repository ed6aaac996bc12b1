import { z } from 'zod';
import { snapshotSchema } from '../agent-snapshot.ts';
import type { Contract } from './contract.ts';

/** Between a window and Electron's main process. A window says what its user wants; it never supplies what is run. */
export const mainRendererContract = {
  requests: {
    /** The newest snapshot; events bring those that follow. */
    snapshot: { request: z.null(), reply: snapshotSchema },
  },
  commands: {
    pause: z.null(),
    resume: z.null(),
    stopJob: z.null(),
    disconnect: z.null(),
  },
  events: {
    snapshot: snapshotSchema,
  },
} as const satisfies Contract;
