import type { Setting, Settings } from '../../shared/contract/settings.ts';
import { SETTINGS_GROUPS } from '../settings/settings-groups.ts';
import { useSettings } from '../settings/settings-store.ts';
import { IDLE, JOB, type Story, snapshot } from './story.ts';

function settings(over: Readonly<Record<string, Partial<Setting>>> = {}, more: Partial<Settings> = {}): Settings {
  const rows = SETTINGS_GROUPS.flatMap((group) => group.rows);
  const all = rows.map((row): Setting => {
    const plain = {
      name: row.name,
      isSet: false,
      origin: { source: 'default', where: '' },
      locked: false,
    } as const;
    const value = row.type === 'secret' ? {} : { value: row.type === 'list' ? [...row.default] : row.default };
    return { ...plain, ...value, ...over[row.name] };
  });
  return { version: 1, settings: all, problem: '', appliesAfterJob: false, secretStore: 'system', ...more };
}

const saved = (value: Setting['value']): Partial<Setting> => ({
  isSet: true,
  origin: { source: 'saved', where: '' },
  ...(value === undefined ? {} : { value }),
});
const CONNECTED = {
  endpoint: saved('acme.semaphoreci.com'),
  token: saved(undefined),
  name: saved('lap-42-office'),
  'pre-job-hook-path': saved('/home/me/ci/pre-job.sh'),
  'env-vars': saved(['COMPANY=Acme', 'NODE_OPTIONS=--max-old-space-size=4096']),
};
const BY_OTHERS = {
  ...CONNECTED,
  endpoint: {
    ...saved('acme.semaphoreci.com'),
    locked: true,
    origin: { source: 'variable', where: 'SEMAPHORE_AGENT_ENDPOINT' },
  },
  name: { ...saved('lap-42-office'), locked: true, origin: { source: 'file', where: '/etc/signalbox.yaml' } },
} as const;

function page(group: string, of: Settings, more: Partial<Story> = {}): Story {
  return {
    view: 'settings',
    snapshot: snapshot(IDLE),
    prepare: () => useSettings.setState({ group }),
    ...more,
    requests: {
      settings: async () => of,
      saveSettings: async () => ({
        outcome: 'refused',
        problems: [{ name: 'endpoint', problem: 'There is no hub at that address' }],
      }),
      hookFile: async ({ name }) =>
        name === 'pre-job-hook-path'
          ? { path: '/home/me/ci/pre-job.sh', state: 'fine', owner: 'me', writableByOthers: true }
          : name === 'post-job-hook-path'
            ? { path: '/home/me/ci/gone.sh', state: 'missing', owner: '', writableByOthers: false }
            : { path: '', state: 'none', owner: '', writableByOthers: false },
      testHook: async () => ({
        outcome: 'ended',
        exitCode: 3,
        output: 'Looking for the VPN\nno route to vpn.acme.example\n',
        tookMs: 812,
        problem: '',
      }),
      pickPath: async () => ({ path: '/home/me/ci/other.sh', problem: '' }),
      ...more.requests,
    },
  };
}

const pages = SETTINGS_GROUPS.map(({ id }) => [`settings-${id.toLowerCase()}`, page(id, settings(CONNECTED))] as const);

/** Every page of the settings, and what can be wrong with them. */
export const SETTINGS_STORIES: Readonly<Record<string, Story>> = {
  ...Object.fromEntries(pages),
  'settings-set-elsewhere': page('Connection', settings(BY_OTHERS, { secretStore: 'none' })),
  'settings-not-saved': page('Connection', settings(CONNECTED), {
    snapshot: snapshot({ state: 'running', job: JOB }),
    prepare: () =>
      useSettings.setState({ group: 'Connection', draft: { name: 'short', endpoint: 'other.semaphoreci.com' } }),
  }),
  'settings-saved-for-later': page('Jobs', settings(CONNECTED, { appliesAfterJob: true }), {
    snapshot: snapshot({ state: 'running', job: JOB }),
  }),
  'settings-that-make-no-sense': page(
    'Kubernetes',
    settings(
      { ...CONNECTED, 'kubernetes-allowed-images': { ...saved(['(']), problem: '“(” is not a regular expression' } },
      { problem: 'kubernetes-executor needs kubernetes-pod-spec or kubernetes-default-image' },
    ),
  ),
};
