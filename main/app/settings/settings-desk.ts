import { readFileSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import writeFileAtomically from 'write-file-atomic';
import type { mainRendererContract } from '../../../shared/contract/main-renderer.ts';
import type { Handlers } from '../../../shared/contract/responder.ts';
import type { HookName, HookRun, SaveOutcome, SettingChanges, Settings } from '../../../shared/contract/settings.ts';
import type { OptionRow } from '../../../shared/options/option.ts';
import type { SecretStore } from '../secrets/secret-store.ts';
import { askForFile, askForPlace, confirmCode, confirmTokenExport, type ParentWindow } from '../windows/questions.ts';
import { lookAtHook } from './hook-file.ts';
import { hookTemplate } from './hook-template.ts';
import type { SettingsStore } from './settings-store.ts';

export interface SettingsDeskOptions {
  readonly store: SettingsStore;
  readonly secretStore: SecretStore['kind'];
  /** Variables that go over what is saved. */
  readonly env: Readonly<Record<string, string>>;
  readonly parent: ParentWindow;
  /** True while what was saved waits for the current job's end. */
  readonly appliesAfterJob: () => boolean;
  readonly runHook: (hook: { readonly path: string; readonly isSourced: boolean }) => Promise<HookRun>;
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
  readonly requests: Pick<
    Requests,
    | 'settings'
    | 'saveSettings'
    | 'importSettings'
    | 'exportSettings'
    | 'pickPath'
    | 'hookFile'
    | 'testHook'
    | 'createHook'
  > = {
    settings: () => this.settings(),
    saveSettings: (changes) => this.save(changes),
    importSettings: () => this.import(),
    exportSettings: (choice) => this.export(choice),
    pickPath: ({ name }) => this.pickPath(name),
    hookFile: async ({ name }) => lookAtHook(String((await this.inForce()).get(name))),
    testHook: ({ name }) => this.testHook(name),
    createHook: ({ name }) => this.createHook(name),
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
    return { path: (await askForFile(name, this.options.parent)) ?? null, problem: '' };
  }

  private async testHook(name: HookName): Promise<HookRun> {
    const values = await this.inForce();
    const path = String(values.get(name));
    const { state } = await lookAtHook(path);
    if (['none', 'missing', 'no-file', 'unreadable'].includes(state))
      return { outcome: 'not-run', exitCode: -1, output: '', tookMs: 0, problem: 'There is no such file to run' };
    return this.options.runHook({
      path,
      isSourced: name === 'pre-job-hook-path' && values.get('source-pre-job-hook') === true,
    });
  }

  private async createHook(name: HookName): ReturnType<Requests['createHook']> {
    const { file, text } = hookTemplate(name, process.platform);
    const path = await askForPlace('New hook', file, this.options.parent);
    if (path === undefined) return { path: null, problem: '' };
    try {
      // What is there stays: a hook that somebody wrote is worth more than a template.
      await writeFile(path, text, { flag: 'wx', mode: 0o700 });
      await chmod(path, 0o700);
    } catch (error) {
      return { path: null, problem: `${path} cannot be written: ${reasonOf(error)}` };
    }
    return { path, problem: '' };
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

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
