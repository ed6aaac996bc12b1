import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import writeFileAtomically from 'write-file-atomic';
import { z } from 'zod';
import { type HookFile, type HookName, hookNameSchema } from '../../../shared/contract/hooks.ts';
import { placeOf } from './hook-file.ts';

const useSchema = z.object({ path: z.string(), hash: z.string() });
const contentSchema = z.object({ version: z.literal(1), uses: z.partialRecord(hookNameSchema, useSchema) });
type Uses = z.infer<typeof contentSchema>['uses'];

/** What runs when a job begins, and what has run when it has ended or runs later. */
const AT_BEGIN: readonly HookName[] = ['pre-job-hook-path'];
const AT_END: readonly HookName[] = ['post-job-hook-path', 'shutdown-hook-path'];

export interface HookUsesOptions {
  /** Where it is kept over restarts. */
  readonly file: string;
  readonly inForce: () => Promise<ReadonlyMap<string, unknown>>;
}

/** Remembers what was in the hooks when jobs ran, so that their owner sees when somebody has changed one since. */
export class HookUses {
  private job: string | undefined;
  private uses: Promise<Uses> | undefined;

  constructor(private readonly options: HookUsesOptions) {}

  /** The job that is here now, by its id; undefined for none. */
  showJob(id: string | undefined): void {
    if (id === this.job) return;
    const names = [...(this.job === undefined ? [] : AT_END), ...(id === undefined ? [] : AT_BEGIN)];
    this.job = id;
    this.uses = this.remember(this.known(), names);
  }

  async sinceLastJob(name: HookName, path: string): Promise<HookFile['sinceLastJob']> {
    const use = (await this.known())[name];
    if (path === '' || use?.path !== path) return 'unknown';
    return use.hash === (await hashOf(path)) ? 'same' : 'changed';
  }

  private known(): Promise<Uses> {
    this.uses ??= read(this.options.file);
    return this.uses;
  }

  private async remember(before: Promise<Uses>, names: readonly HookName[]): Promise<Uses> {
    const values = await this.options.inForce();
    const uses = { ...(await before) };
    for (const name of names) {
      const path = String(values.get(name) ?? '');
      const hash = path === '' ? undefined : await hashOf(path);
      delete uses[name];
      if (hash !== undefined) uses[name] = { path, hash };
    }
    if (JSON.stringify(uses) !== JSON.stringify(await before)) await this.keep(uses);
    return uses;
  }

  /** Known until the app ends where it cannot be written. */
  private async keep(uses: Uses): Promise<void> {
    const { file } = this.options;
    await writeFileAtomically(file, `${JSON.stringify({ version: 1, uses })}\n`, { mode: 0o600 }).catch(
      (error: NodeJS.ErrnoException) => console.error(`${file} cannot be written (${error.code})`),
    );
  }
}

async function read(file: string): Promise<Uses> {
  try {
    return contentSchema.parse(JSON.parse(await readFile(file, 'utf8'))).uses;
  } catch {
    // Nothing is known then, as before the first job.
    return {};
  }
}

/** Undefined where it cannot be read. */
async function hashOf(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(placeOf(path)), hash);
    return hash.digest('hex');
  } catch {
    return undefined;
  }
}
