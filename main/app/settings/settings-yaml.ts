import { stringify } from 'yaml';
import type { SettingChanges, SettingValue } from '../../../shared/contract/settings.ts';
import { DESKTOP_DEFAULTS } from '../../../shared/options/desktop-defaults.ts';
import { readConfigFile } from '../../agent/config/config-file.ts';
import { SETTINGS } from './settings-form.ts';

/** What the reference agent's file may hold (`pkg/config/config.go`, `ValidConfigKeys`); it refuses every other key. */
const REFERENCE_KEYS = [
  'name',
  'name-from-env',
  'endpoint',
  'token',
  'no-https',
  'shutdown-hook-path',
  'pre-job-hook-path',
  'post-job-hook-path',
  'fail-on-pre-job-hook-error',
  'source-pre-job-hook',
  'disconnect-after-job',
  'job-id',
  'disconnect-after-idle-timeout',
  'interruption-grace-period',
  'env-vars',
  'files',
  'fail-on-missing-files',
  'upload-job-logs',
  'kubernetes-executor',
  'kubernetes-pod-spec',
  'kubernetes-default-image',
  'kubernetes-allowed-images',
  'kubernetes-labels',
  'kubernetes-pod-start-timeout',
];

export interface ExportChoice {
  readonly withToken: boolean;
  readonly reader: 'signalbox' | 'reference-agent';
}

/**
 * What is saved as a file for `--config-file`, and what its reader would not take. Where the app is stricter than the command
 * line its default stands in the file too: a file that is taken elsewhere must not let more in.
 */
export function settingsAsYaml(
  saved: Readonly<Record<string, unknown>>,
  { withToken, reader }: ExportChoice,
): { readonly text: string; readonly leftOut: readonly string[] } {
  const all: Readonly<Record<string, unknown>> = { ...DESKTOP_DEFAULTS, ...saved };
  const names = SETTINGS.map(({ name }) => name).filter((name) => name in all && (withToken || name !== 'token'));
  const isKnown = (name: string) => reader === 'signalbox' || REFERENCE_KEYS.includes(name);
  const entries = Object.fromEntries(names.filter(isKnown).map((name) => [name, all[name]]));
  const leftOut = names.filter((name) => !isKnown(name));
  const head = withToken ? '# Holds a registration token: keep it secret.\n' : '';
  const tail = leftOut.length > 0 ? `# Not for the reference agent: ${leftOut.join(', ')}\n` : '';
  const body = Object.keys(entries).length > 0 ? stringify(entries, { lineWidth: 0 }) : '';
  return { text: `${head}${body}${tail}`, leftOut };
}

export type ReadChanges =
  | { readonly ok: true; readonly changes: SettingChanges }
  | { readonly ok: false; readonly problem: string };

/** The changes that a file asks for. What they are worth is checked where they are saved. */
export function changesFromYaml(path: string, readFile: (path: string) => string): ReadChanges {
  const file = readConfigFile(path, SETTINGS, readFile);
  if (!file.ok) return file;
  const given = Object.entries(file.entries).filter(([, value]) => value !== null);
  return { ok: true, changes: Object.fromEntries(given) as Record<string, SettingValue> };
}
