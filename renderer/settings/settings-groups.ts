import { DESKTOP_DEFAULTS } from '../../shared/options/desktop-defaults.ts';
import { OPTIONS, type OptionName } from '../../shared/options/index.ts';
import type { OptionCommand, OptionRow } from '../../shared/options/option.ts';

export type SettingRow = OptionRow & { readonly name: OptionName };

/** A page of settings. */
export interface SettingsGroup {
  readonly id: string;
  readonly rows: readonly SettingRow[];
}

/** What each page has, in this order. What is named nowhere comes under Advanced, so that no option is ever missing. */
const PLACES: readonly (readonly [string, readonly OptionName[]])[] = [
  ['Connection', ['endpoint', 'token', 'name', 'no-https']],
  [
    'Jobs',
    [
      'shell-jobs',
      'forked-pull-requests',
      'allowed-projects',
      'allowed-branches',
      'env-vars',
      'mask-secrets',
      'upload-job-logs',
      'interruption-grace-period',
    ],
  ],
  [
    'Hooks',
    [
      'pre-job-hook-path',
      'fail-on-pre-job-hook-error',
      'source-pre-job-hook',
      'post-job-hook-path',
      'shutdown-hook-path',
    ],
  ],
  ['Containers', ['files', 'fail-on-missing-files', 'mount-engine-socket']],
  [
    'Kubernetes',
    [
      'kubernetes-executor',
      'kubernetes-default-image',
      'kubernetes-allowed-images',
      'kubernetes-pod-spec',
      'kubernetes-labels',
      'kubernetes-pod-start-timeout',
    ],
  ],
  ['Power', ['keep-awake', 'keep-awake-battery-level', 'pause-on-battery', 'quiet-hours']],
  ['App', ['start-at-login', 'history-budget']],
];

/** They say where other settings are, or are there for old installations: not for a window. */
const LEFT_OUT: readonly OptionName[] = ['config-file', 'name-from-env'];

const ROWS = OPTIONS.filter(
  ({ name, commands }) =>
    !LEFT_OUT.includes(name) && (commands as readonly OptionCommand[]).some((one) => one === 'start' || one === 'app'),
) as readonly SettingRow[];

export const SETTINGS_GROUPS: readonly SettingsGroup[] = [
  ...PLACES.map(([id, names]) => ({ id, rows: names.flatMap((name) => ROWS.filter((row) => row.name === name)) })),
  { id: 'Advanced', rows: ROWS.filter(({ name }) => !PLACES.some(([, names]) => names.includes(name))) },
];

/** The row of an option that has a place in the window. */
export function rowOf(name: string): SettingRow | undefined {
  return ROWS.find((row) => row.name === name);
}

/** What an option is in the app where nobody has set it. */
export function defaultOf(row: SettingRow): SettingRow['default'] {
  const defaults: Readonly<Partial<Record<OptionName, string | boolean>>> = DESKTOP_DEFAULTS;
  return defaults[row.name] ?? row.default;
}

/** What an option does, in the words of the window. */
export function helpOf({ help, windowHelp }: OptionRow): string {
  return windowHelp ?? `${help}.`;
}

/** Names of options for people; the others are called by the words of their name. */
const LABELS: Readonly<Partial<Record<OptionName, string>>> = {
  endpoint: 'Hub address',
  token: 'Registration token',
  name: 'Name of this agent',
  'no-https': 'Connect without TLS',
  'env-vars': 'Variables for every job',
  'forked-pull-requests': 'Pull requests from forks',
  'pre-job-hook-path': 'Pre-job hook',
  'post-job-hook-path': 'Post-job hook',
  'shutdown-hook-path': 'Shutdown hook',
  'fail-on-pre-job-hook-error': 'Fail the job when this hook fails',
  'source-pre-job-hook': 'Run it in the job’s own shell',
  files: 'Files for containers',
  'kubernetes-executor': 'Run jobs in Kubernetes pods',
  'kubernetes-default-image': 'Default image',
  'kubernetes-allowed-images': 'Allowed images',
  'kubernetes-pod-spec': 'Pod spec',
  'kubernetes-labels': 'Labels',
  'kubernetes-pod-start-timeout': 'Time limit for pods to start',
  'history-budget': 'Disk space for past jobs',
  'ca-file': 'Certificate authorities',
  'shell-jobs': 'Jobs in a shell',
  'mount-engine-socket': 'Give jobs the container engine’s socket',
  'interruption-grace-period': 'Grace for an interrupted job',
  'disconnect-after-job': 'Disconnect after one job',
  'job-id': 'Only the job with this id',
  'disconnect-after-idle-timeout': 'Disconnect when idle',
  'statsd-host': 'StatsD host',
  'statsd-port': 'StatsD port',
  'statsd-namespace': 'StatsD namespace',
  'keep-awake': 'Keep awake while a job runs',
  'keep-awake-battery-level': 'Let it sleep below this charge',
};

/** What the window calls an option. */
export function labelOf(name: OptionName): string {
  const words = name.replaceAll('-', ' ');
  return LABELS[name] ?? `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
