import { readFileSync, rmSync } from 'node:fs';
import writeFileAtomically from 'write-file-atomic';
import { z } from 'zod';
import type { KeptSession } from '../../../shared/contract/main-agent.ts';
import type { SecretStore } from './secret-store.ts';

const sealedSchema = z.object({ kept: z.enum(['encrypted', 'plain']), text: z.string() });
const sessionSchema = z.object({ key: z.string(), name: z.string(), accessToken: z.string(), jobId: z.string() });

/** The agent's session in the profile, encrypted where the system can. What cannot be read tells nothing. */
export class SessionFile {
  /** Writes come one behind the other: an older one never goes over a newer one. */
  private queue: Promise<void> = Promise.resolve();

  constructor(
    private readonly path: string,
    private readonly secrets: SecretStore,
  ) {}

  async read(): Promise<KeptSession | null> {
    await this.queue;
    try {
      const sealed = sealedSchema.parse(JSON.parse(readFileSync(this.path, 'utf8')));
      return sessionSchema.parse(JSON.parse((await this.secrets.open(sealed)) ?? ''));
    } catch {
      return null;
    }
  }

  /** Resolves when it is on the disk; rejects as Node does. */
  keep(session: KeptSession | null): Promise<void> {
    const kept = this.queue.then(() => this.write(session));
    this.queue = kept.catch(() => undefined);
    return kept;
  }

  private async write(session: KeptSession | null): Promise<void> {
    if (!session) return rmSync(this.path, { force: true });
    const sealed = await this.secrets.seal(JSON.stringify(session));
    await writeFileAtomically(this.path, JSON.stringify(sealed), { mode: 0o600 });
  }
}
