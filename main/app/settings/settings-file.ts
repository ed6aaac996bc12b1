import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import writeFileAtomically from 'write-file-atomic';
import { z } from 'zod';

/** Grows when the form of the file changes; a file of a newer form is left alone like a broken one. */
const VERSION = 1;

const sealedSecretSchema = z.object({ kept: z.enum(['encrypted', 'plain']), text: z.string() });

const contentSchema = z.object({
  version: z.literal(VERSION),
  /** By the names of shared/options; checked when they are used. */
  values: z.record(z.string(), z.unknown()),
  token: sealedSecretSchema.optional(),
});

/** What is saved. */
export type SavedSettings = Omit<z.infer<typeof contentSchema>, 'version'>;

export interface OpenedSettings {
  readonly saved: SavedSettings;
  /** One line for people where the file could not be used. */
  readonly notice: string | undefined;
  /** What is in the file is still there, and must not be written over. */
  readonly isFrozen: boolean;
}

/**
 * Reads the file of settings. One that is broken, or of a newer version, is set aside under another name, and nothing in it is
 * lost. Reads at once: it is small, and nothing can begin without it.
 */
export function readSettings(path: string, now: () => Date): OpenedSettings {
  const nothing = { values: {} };
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    if (code === 'ENOENT') return { saved: nothing, notice: undefined, isFrozen: false };
    const notice = `The settings in ${path} cannot be read (${code}): defaults are used, and nothing can be saved`;
    return { saved: nothing, notice, isFrozen: true };
  }
  const content = parse(text);
  return content
    ? { saved: content, notice: undefined, isFrozen: false }
    : { saved: nothing, ...setAside(path, now()) };
}

/** Replaces the file in one step, readable for its owner alone. */
export async function writeSettings(path: string, saved: SavedSettings): Promise<void> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  await writeFileAtomically(path, `${JSON.stringify({ version: VERSION, ...saved }, null, 2)}\n`, { mode: 0o600 });
}

function parse(text: string): SavedSettings | undefined {
  try {
    const { data: content } = contentSchema.safeParse(JSON.parse(text));
    return content && { values: content.values, ...(content.token ? { token: content.token } : {}) };
  } catch {
    return undefined;
  }
}

function setAside(path: string, now: Date): Omit<OpenedSettings, 'saved'> {
  const aside = `${path}.broken-${now.toISOString().replace(/[:.]/g, '-')}`;
  try {
    renameSync(path, aside);
    const notice = `The settings could not be read and were set aside as ${aside}: defaults are used`;
    return { notice, isFrozen: false };
  } catch {
    const notice = `The settings in ${path} could not be read: defaults are used, and nothing can be saved`;
    return { notice, isFrozen: true };
  }
}
