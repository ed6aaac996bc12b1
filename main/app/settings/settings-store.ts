import type { SealedSecret, SecretStore } from '../secrets/secret-store.ts';
import { type OpenedSettings, readSettings, type SavedSettings, writeSettings } from './settings-file.ts';

/** New values by name; null takes a saved one back. */
export type Changes = Readonly<Record<string, unknown>>;

export interface SettingsStoreOptions {
  readonly path: string;
  readonly secrets: SecretStore;
  readonly now: () => Date;
}

/**
 * The saved settings, the token among them. Changes are made one behind the other, each on what the one before left: none is
 * lost, however fast they come. Nothing is in force before it is on the disk.
 */
export class SettingsStore {
  /** One line for people where what was saved could not be used. */
  readonly notice: string | undefined;
  private queue: Promise<void> = Promise.resolve();
  private saved: SavedSettings;

  private constructor(
    private readonly options: SettingsStoreOptions,
    private readonly opened: OpenedSettings,
    private token: string | undefined,
  ) {
    this.saved = opened.saved;
    this.notice = opened.notice ?? (opened.saved.token && token === undefined ? LOCKED : undefined);
  }

  static async open(options: SettingsStoreOptions): Promise<SettingsStore> {
    const opened = readSettings(options.path, options.now);
    const { token } = opened.saved;
    return new SettingsStore(options, opened, token && (await options.secrets.open(token)));
  }

  /** All that is saved, by name. Holds the token: for the agent alone. */
  get values(): Readonly<Record<string, unknown>> {
    return this.token === undefined ? this.saved.values : { ...this.saved.values, token: this.token };
  }

  /** Saves; rejects where the disk does not take it, and then nothing has changed. */
  change(changes: Changes): Promise<void> {
    const made = this.queue.then(() => this.make(changes));
    this.queue = made.catch(() => undefined);
    return made;
  }

  private async make({ token, ...changes }: Changes): Promise<void> {
    if (this.opened.isFrozen) throw new Error(this.opened.notice);
    const values = withoutNulls({ ...this.saved.values, ...changes });
    const kept = await this.sealed(token);
    const saved = { values, ...(kept ? { token: kept } : {}) };
    await writeSettings(this.options.path, saved);
    this.saved = saved;
    if (token !== undefined) this.token = typeof token === 'string' && token !== '' ? token : undefined;
  }

  /** The token as it is to be kept: as it was where nothing is said of it. */
  private async sealed(token: unknown): Promise<SealedSecret | undefined> {
    if (token === undefined) return this.saved.token;
    return typeof token === 'string' && token !== '' ? this.options.secrets.seal(token) : undefined;
  }
}

const LOCKED =
  "The saved token cannot be opened by the system's key store: unlock that and start again, or enter the token anew";

function withoutNulls(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}
