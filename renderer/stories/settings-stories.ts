import type { HookFile, HookName } from '../../shared/contract/hooks.ts';
import type { Setting, Settings } from '../../shared/contract/settings.ts';
import { useHookTests } from '../settings/hook-tests-store.ts';
import { defaultOf, SETTINGS_GROUPS } from '../settings/settings-groups.ts';
import { useSettings } from '../settings/settings-store.ts';
import { IDLE, JOB, NOW, type Story, snapshot } from './story.ts';

function settings(over: Readonly<Record<string, Partial<Setting>>> = {}, more: Partial<Settings> = {}): Settings {
  const rows = SETTINGS_GROUPS.flatMap((group) => group.rows);
  const all = rows.map((row): Setting => {
    const plain = {
      name: row.name,
      isSet: false,
      origin: { source: 'default', where: '' },
      locked: false,
    } as const;
    const value = defaultOf(row);
    const shown = row.type === 'secret' ? {} : { value: typeof value === 'object' ? [...value] : value };
    return { ...plain, ...shown, ...over[row.name] };
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
  'post-job-hook-path': saved('/home/me/ci/post-job.sh'),
  'shutdown-hook-path': saved('/home/me/ci/gone.sh'),
  'kubernetes-executor': saved(true),
  'forked-pull-requests': saved('containers-only'),
  'env-vars': saved(['COMPANY=Acme', 'NODE_OPTIONS=--max-old-space-size=4096']),
};
const BY_OTHERS = {
  ...CONNECTED,
  endpoint: {
    ...saved('acme.semaphoreci.com'),
    locked: true,
    origin: { source: 'variable', where: 'the variable SEMAPHORE_AGENT_ENDPOINT' },
  },
  name: { ...saved('lap-42-office'), locked: true, origin: { source: 'file', where: '/etc/signalbox.yaml' } },
} as const;

const NONE: HookFile = { path: '', state: 'none', owner: '', writableByOthers: false, sinceLastJob: 'unknown' };
const PRE_JOB: HookFile = {
  path: '/home/me/ci/pre-job.sh',
  state: 'fine',
  owner: 'me',
  writableByOthers: true,
  sinceLastJob: 'changed',
};
const HOOK_FILES: Readonly<Record<HookName, HookFile>> = {
  'pre-job-hook-path': PRE_JOB,
  'post-job-hook-path': {
    ...NONE,
    path: '/home/me/ci/post-job.sh',
    state: 'not-executable',
    owner: 'me',
    sinceLastJob: 'same',
  },
  'shutdown-hook-path': { ...NONE, path: '/home/me/ci/gone.sh', state: 'missing' },
};

/** A hook that writes two lines and fails, or goes on until it is stopped where it is the one after the job. */
const triedHook: NonNullable<Story['fakes']> = (emit) => {
  let stop: () => void = () => undefined;
  return {
    requests: {
      async testHook({ name }) {
        emit('hookOutput', { name, text: 'Looking for the VPN\nno route to \u001b[1mvpn.acme', skipped: 0 });
        if (name === 'post-job-hook-path') {
          await new Promise<void>((resolve) => {
            stop = resolve;
          });
          return { outcome: 'stopped', exitCode: -1, tookMs: 2_400, problem: '' };
        }
        emit('hookOutput', { name, text: '.example\u001b[0m\n', skipped: 0 });
        return { outcome: 'ended', exitCode: 3, tookMs: 812, problem: '' };
      },
    },
    commands: { stopHookTest: () => stop() },
  };
};

function page(group: string, of: Settings, more: Partial<Story> = {}): Story {
  return {
    view: 'settings',
    snapshot: snapshot(IDLE),
    prepare: () => useSettings.setState({ group }),
    fakes: triedHook,
    ...more,
    requests: {
      settings: async () => of,
      saveSettings: async () => ({
        outcome: 'refused',
        problems: [{ name: 'endpoint', problem: 'There is no hub at that address' }],
      }),
      hookFile: async ({ name }) => HOOK_FILES[name],
      openHook: async () => ({ problem: '' }),
      checkCluster: async () => ({
        canRunJobs: false,
        findings: [
          {
            check: 'kubernetes',
            state: 'problem',
            found:
              'the agent may not delete pods, get pods/exec (namespace ci, /home/me/.kube/config, context kind-ci)',
            advice: 'give the agent the role of docs/kubernetes.md',
          },
        ],
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
  'settings-hook-tried': page('Hooks', settings(CONNECTED), {
    prepare: () => {
      useSettings.setState({ group: 'Hooks' });
      const { begin, take, end } = useHookTests.getState();
      begin('pre-job-hook-path', NOW - 3_000);
      take({ name: 'pre-job-hook-path', text: 'Looking for the VPN\nFound it\n'.repeat(9), skipped: 41_207 });
      end('pre-job-hook-path', { outcome: 'ended', exitCode: 0, tookMs: 2_210, problem: '' });
      begin('post-job-hook-path', NOW - 3_000);
      take({ name: 'post-job-hook-path', text: 'Waiting for the other end', skipped: 0 });
    },
  }),
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
    settings({
      ...CONNECTED,
      'kubernetes-allowed-images': { ...saved(['(']), problem: '“(” is not a regular expression' },
    }),
  ),
  'settings-that-fit-not-together': page(
    'Advanced',
    settings(
      { ...CONNECTED, 'job-id': saved(JOB.id) },
      { problem: 'job-id (from the settings) is only allowed together with disconnect-after-job' },
    ),
  ),
};
