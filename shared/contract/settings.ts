import { z } from 'zod';

/*
 * Settings between a window and the main process. A setting is an option of shared/options, by its name. The token goes one
 * way only: into main. Limits are there so that no window fills the profile.
 */

const MOST_ENTRIES = 1_000;
const LONGEST_TEXT = 64 * 1024;
const text = z.string().max(LONGEST_TEXT);

export const settingValueSchema = z.union([text, z.number(), z.boolean(), z.array(text).max(MOST_ENTRIES)]);
export type SettingValue = z.infer<typeof settingValueSchema>;

/** Where a value comes from, the strongest first. `where`: the flag, the variable or the file, for people to read. */
export const originSchema = z.object({
  source: z.enum(['flag', 'variable', 'file', 'saved', 'default']),
  where: z.string(),
});

export const settingSchema = z.object({
  name: z.string(),
  /** What is in force; absent for a secret, and where it makes no sense. */
  value: settingValueSchema.optional(),
  /** A secret is there or it is not; more is never said of it. */
  isSet: z.boolean(),
  origin: originSchema,
  /** A flag, a variable or a file goes over what is saved here: saving changes nothing as long as that is so. */
  locked: z.boolean(),
  /** What is wrong with it, in one line with what is allowed. */
  problem: z.string().optional(),
});
export type Setting = z.infer<typeof settingSchema>;

/** All settings as they are now. `version` grows with every change. */
export const settingsSchema = z.object({
  version: z.number().int(),
  /** Those of shared/options for `start` and `app`, in the order of the table. */
  settings: z.array(settingSchema),
  /** One line about what is wrong with them together; empty if they make sense. */
  problem: z.string(),
  /** Saved, but in force only when the current job has ended. */
  appliesAfterJob: z.boolean(),
  /** `none`: this system keeps no secrets; the token is in the profile, readable for programs of the same user. */
  secretStore: z.enum(['system', 'none']),
});
export type Settings = z.infer<typeof settingsSchema>;

/** What is to change, by name; null takes a saved value back. What is not named stays, so that two saves lose nothing. */
export const settingChangesSchema = z.record(z.string().max(100), settingValueSchema.nullable());
export type SettingChanges = z.infer<typeof settingChangesSchema>;

export const settingProblemSchema = z.object({ name: z.string(), problem: z.string() });

/**
 * What became of a save. `cancelled`: the owner said no in a dialog of main's. `refused`: nothing was saved; every problem
 * names its setting, or nothing where it is about several together.
 */
export const saveOutcomeSchema = z.object({
  outcome: z.enum(['saved', 'cancelled', 'refused']),
  problems: z.array(settingProblemSchema),
});
export type SaveOutcome = z.infer<typeof saveOutcomeSchema>;

/** `withToken`: the file is then a secret itself, which a dialog says. `reader`: the reference agent refuses keys that are ours. */
export const exportRequestSchema = z.object({
  withToken: z.boolean(),
  reader: z.enum(['signalbox', 'reference-agent']),
});

/** `path` is where the owner put the file, in a dialog of main's. `leftOut`: settings that its reader does not know. */
export const exportOutcomeSchema = z.object({
  outcome: z.enum(['saved', 'cancelled', 'failed']),
  path: z.string(),
  leftOut: z.array(z.string()),
  problem: z.string(),
});

/** A path that the owner picked or made in a dialog of main's; null where it was cancelled. It is not saved by that. */
export const pickedPathSchema = z.object({ path: z.string().nullable(), problem: z.string() });
