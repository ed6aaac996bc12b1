import { z } from 'zod';
import { snapshotSchema } from '../agent-snapshot.ts';
import { examinationSchema } from '../examination.ts';
import { pauseFormSchema } from '../pause.ts';
import type { Contract } from './contract.ts';
import {
  connectionSchema,
  connectionTestSchema,
  firstRunChoiceSchema,
  firstRunSchema,
  snippetSchema,
} from './first-run.ts';
import { historySchema, pastJobKeysSchema } from './history.ts';
import { hookFileSchema, hookNameSchema, hookOutputSchema, hookRunSchema } from './hooks.ts';
import { queueSchema } from './queue.ts';
import {
  exportOutcomeSchema,
  exportRequestSchema,
  pickedPathSchema,
  saveOutcomeSchema,
  settingChangesSchema,
  settingsSchema,
} from './settings.ts';
import { destinationSchema } from './views.ts';

/** More is not put on the clipboard, in UTF-16 code units: a log of that size is saved as a file. */
export const MAX_COPY = 32 * 1024 * 1024;

/** Between a window and Electron's main process. A window says what its user wants; it never supplies what is run. */
export const mainRendererContract = {
  requests: {
    /** The newest snapshot; events bring those that follow. */
    snapshot: { request: z.null(), reply: snapshotSchema },
    /** What the desktop offers. `hasTray`: false where closing the window quits the app, as nothing would be left of it. */
    desktop: { request: z.null(), reply: z.object({ hasTray: z.boolean() }) },
    /** Asks the hub how many jobs wait for agents of this type; null where it does not say, or is not connected. */
    queue: { request: z.null(), reply: queueSchema.nullable() },
    /** What to begin with, as the tray's menu or a link wants it. */
    destination: { request: z.null(), reply: destinationSchema },
    /** Past jobs on this machine; null while there is no agent. */
    history: { request: z.null(), reply: historySchema.nullable() },
    /** For a minute they can be had back; the running one stays. */
    deletePastJobs: { request: pastJobKeysSchema, reply: historySchema.nullable() },
    restorePastJobs: { request: pastJobKeysSchema, reply: historySchema.nullable() },

    /** The settings as they are; events bring those that follow. */
    settings: { request: z.null(), reply: settingsSchema },
    /** Checks and saves. A change of what code runs is confirmed in a dialog of main's first, so this may take minutes. */
    saveSettings: { request: settingChangesSchema, reply: saveOutcomeSchema },
    /** Reads a YAML file that the owner picks in a dialog, and saves what is in it. */
    importSettings: { request: z.null(), reply: saveOutcomeSchema },
    exportSettings: { request: exportRequestSchema, reply: exportOutcomeSchema },
    /** Asks for the path of an option that is one, in a dialog of main's. */
    pickPath: { request: z.object({ name: z.string().max(100) }), reply: pickedPathSchema },

    /** Of the hook in force. */
    hookFile: { request: z.object({ name: hookNameSchema }), reply: hookFileSchema },
    /** Runs the hook in force, outside of any job, for at most a minute; `hookOutput` tells what it writes meanwhile. */
    testHook: { request: z.object({ name: hookNameSchema }), reply: hookRunSchema },
    /** Opens the file of the hook in force in its owner's editor. Answers with what went wrong, or an empty text. */
    openHook: { request: z.object({ name: hookNameSchema }), reply: z.object({ problem: z.string() }) },
    /** Writes a new hook from a template to where the owner says, and opens it in their editor. */
    createHook: { request: z.object({ name: hookNameSchema }), reply: pickedPathSchema },

    /** Looks whether jobs could run in pods, with the settings in force. Rejects where that cannot be looked at. */
    checkCluster: { request: z.null(), reply: examinationSchema },

    firstRun: { request: z.null(), reply: firstRunSchema },
    parseSnippet: { request: z.object({ text: z.string().max(64 * 1024) }), reply: snippetSchema },
    /** Asks the hub for the queue of the token's agent type; registers nothing. */
    testConnection: { request: connectionSchema, reply: connectionTestSchema },
    /** The choice is made: saved like any other settings, and the agent begins. */
    finishFirstRun: { request: firstRunChoiceSchema, reply: saveOutcomeSchema },
    /** Asks the user for a file and writes the log of a job into it as text. Answers with what went wrong, or an empty text. */
    saveLog: {
      request: z.object({ job: z.string().max(200), name: z.string().max(200) }),
      reply: z.object({ problem: z.string() }),
    },
  },
  commands: {
    pause: pauseFormSchema,
    resume: z.null(),
    stopJob: z.null(),
    disconnect: z.null(),
    /** Ends the test run of a hook. */
    stopHookTest: z.object({ name: hookNameSchema }),
    /** The notice of the snapshot has been read. */
    dismissNotice: z.null(),
    /** Opens the page of the running job, or of the last one, in the browser; only as https at the endpoint's own host. */
    openOnSemaphore: z.null(),
    /** Asks for a port to the running job's log; it comes by itself, and again when the agent is another one. */
    tail: z.null(),
    /** Connects to a practice hub on this machine, which gives out the sample job; nothing of it is saved. */
    startPractice: z.null(),
    /** Ends that, and goes back to what is set up. */
    leavePractice: z.null(),
    /** Asks for a port over which logs are read; it comes by itself, and again when the agent is another one. */
    readLogs: z.null(),
    /** Opens a link of a log in the user's browser; web addresses only. */
    openLink: z.object({ url: z.string().max(8_000) }),
    /** Puts what was selected in a log on the clipboard. */
    copyText: z.object({ text: z.string().max(MAX_COPY) }),
  },
  events: {
    snapshot: snapshotSchema,
    settings: settingsSchema,
    hookOutput: hookOutputSchema.extend({ name: hookNameSchema }),
    /** The tray's menu, or a link, wants this to be seen. */
    showDestination: destinationSchema,
  },
} as const satisfies Contract;
