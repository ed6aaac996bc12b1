import { readFileSync } from 'node:fs';
import writeFileAtomically from 'write-file-atomic';
import type { mainRendererContract } from '../../../shared/contract/main-renderer.ts';
import type { Handlers } from '../../../shared/contract/responder.ts';
import type { SaveOutcome, SettingChanges, Settings } from '../../../shared/contract/settings.ts';
import type { OptionRow } from '../../../shared/options/option.ts';
import type { SecretStore } from '../secrets/secret-store.ts';
import { askForFile, askForPlace, confirmCode, confirmTokenExport, type ParentWindow } from '../windows/questions.ts';
import { reasonOf } from './reason-of.ts';
import type { SettingsStore } from './settings-store.ts';

export interface SettingsDeskOptions {
  readonly store: SettingsStore;
  readonly secretStore: SecretStore['kind'];
  /** Variables that go over what is saved. */
  readonly env: Readonly<Record<string, string>>;
  readonly parent: ParentWindow;
  /** True while what was saved waits for the current job's end. */
  readonly appliesAfterJob: () => boolean;
  /** These have changed, and are on the disk. */
  readonly onSaved: (changed: readonly OptionRow[]) => void;
}

type Requests = Handlers<typeof mainRendererContract>['requests'];

/** What a window asks about settings, and the only way in which they change. */
export class SettingsDesk {
  private version = 1;
  private readonly readers: ((settings: Settings) => void)[] = [];

  constructor(private readonly options: SettingsDeskOptions) {}

  /** The part of the contract that is answered here. */
  readonly requests: Pick<Requests, 'settings' | 'saveSettings' | 'importSettings' | 'exportSettings' | 'pickPath'> = {
    settings: () => this.settings(),
    saveSettings: (changes) => this.save(changes),
    importSettings: () => this.import(),
    exportSettings: (choice) => this.export(choice),
    pickPath: ({ name }) => this.pickPath(name),
  };

  /** Calls `reader` with the settings whenever something of them has changed, and when an agent has begun with them. */
  onDidChange(reader: (settings: Settings) => void): void {
    this.readers.push(reader);
  }

  /** Tells everybody anew. */
  async refresh(): Promise<void> {
    this.version += 1;
    const settings = await this.settings();
    for (const reader of this.readers) reader(settings);
  }

  /** What is in force, by name, the token among them. */
  async inForce(): Promise<ReadonlyMap<string, unknown>> {
    const { valuesInForce } = await form();
    return valuesInForce(this.sources);
  }

  /** Where each setting comes from that is not at its default. */
  async origins(): Promise<readonly { readonly name: string; readonly where: string }[]> {
    const { settings } = await this.settings();
    return settings
      .filter(({ origin }) => origin.source !== 'default')
      .map(({ name, origin }) => ({ name, where: origin.where }));
  }

  /** Checks, asks where what runs here would be another thing, and saves. */
  async save(changes: SettingChanges): Promise<SaveOutcome> {
    const { changedBy, problemsOf } = await form();
    const problems = [...problemsOf(changes, this.sources)];
    if (problems.length > 0) return { outcome: 'refused', problems };
    const changed = changedBy(changes, this.sources.saved);
    const code = changed.filter(({ runsCode }) => runsCode);
    const isMeant = code.length === 0 || (await confirmCode(code.map(lineOf(changes)), this.options.parent));
    if (!isMeant) return { outcome: 'cancelled', problems: [] };
    try {
      await this.options.store.change(Object.fromEntries(changed.map(({ name }) => [name, changes[name]])));
    } catch (error) {
      return { outcome: 'refused', problems: [{ name: '', problem: `It cannot be saved: ${reasonOf(error)}` }] };
    }
    if (changed.length > 0) this.options.onSaved(changed);
    await this.refresh();
    return { outcome: 'saved', problems: [] };
  }

  private get sources() {
    return { env: this.options.env, saved: this.options.store.values };
  }

  private async settings(): Promise<Settings> {
    const { settingsForm } = await form();
    const { secretStore, appliesAfterJob } = this.options;
    return { version: this.version, ...settingsForm(this.sources), appliesAfterJob: appliesAfterJob(), secretStore };
  }

  private async import(): Promise<SaveOutcome> {
    const path = await askForFile('Import settings', this.options.parent);
    if (path === undefined) return { outcome: 'cancelled', problems: [] };
    const { changesFromYaml } = await import('./settings-yaml.ts');
    const read = changesFromYaml(path, (file) => readFileSync(file, 'utf8'));
    return read.ok ? this.save(read.changes) : { outcome: 'refused', problems: [{ name: '', problem: read.problem }] };
  }

  private async export(choice: Parameters<Requests['exportSettings']>[0]): ReturnType<Requests['exportSettings']> {
    const nothing = { path: '', leftOut: [], problem: '' };
    if (choice.withToken && !(await confirmTokenExport(this.options.parent)))
      return { ...nothing, outcome: 'cancelled' };
    const path = await askForPlace('Export settings', 'signalbox.yaml', this.options.parent);
    if (path === undefined) return { ...nothing, outcome: 'cancelled' };
    const { settingsAsYaml } = await import('./settings-yaml.ts');
    const { text, leftOut } = settingsAsYaml(this.options.store.values, choice);
    try {
      await writeFileAtomically(path, text, { mode: 0o600 });
    } catch (error) {
      return { ...nothing, outcome: 'failed', problem: `${path} cannot be written: ${reasonOf(error)}` };
    }
    return { outcome: 'saved', path, leftOut: [...leftOut], problem: '' };
  }

  private async pickPath(name: string): ReturnType<Requests['pickPath']> {
    const { SETTINGS } = await form();
    const isPath = SETTINGS.some((row) => row.name === name && row.type === 'path');
    if (!isPath) return { path: null, problem: 'There is no such path to pick' };
    const { parent } = this.options;
    // That one is written, and need not be there yet.
    const isWritten = name === 'job-log-file';
    const path = await (isWritten ? askForPlace(name, 'job.log', parent) : askForFile(name, parent));
    return { path: path ?? null, problem: '' };
  }
}

/** Only who opens the settings needs to know what they mean: the agent reads its own. */
function form() {
  return import('./settings-form.ts');
}

/** Paths and choices are shown; of what may be secret, the name alone. */
function lineOf(changes: SettingChanges): (row: OptionRow) => string {
  return ({ name, type }) => {
    const value = changes[name];
    if (value === null) return `${name}: back to the default`;
    if (type === 'path' || type === 'choice' || type === 'flag') return `${name}: ${String(value) || 'none'}`;
    return Array.isArray(value) && type === 'list' && name !== 'env-vars' ? `${name}: ${value.join(', ')}` : name;
  };
}
