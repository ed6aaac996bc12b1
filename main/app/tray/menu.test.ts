import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import type { AgentSnapshot, AgentStatus } from '../../../shared/agent-snapshot.ts';
import { type MenuActions, type TrayFacts, trayMenu } from './menu.ts';

const NOW = 1_700_000_000_000;
const NO_JOB = '[Stop current job… (no job runs)]';
const job = { id: 'j', name: 'Build & test', startedAt: NOW - 5_000 };

const chosen: unknown[] = [];
const actions: MenuActions = {
  pause: (form) => chosen.push(form.kind),
  resume: () => chosen.push('resume'),
  stopJob: () => chosen.push('stop'),
  keepAwake: (on) => chosen.push(on),
  openOnSemaphore: () => chosen.push('semaphore'),
  copyReport: () => chosen.push('report'),
  openAgentLog: () => chosen.push('agent log'),
  runChecks: () => chosen.push('checks'),
  disconnect: () => chosen.push('disconnect'),
  openWindow: (view) => chosen.push(`window ${view}`),
  openHooks: () => chosen.push('hooks'),
  quit: () => chosen.push('quit'),
};

function menuOf(status: AgentStatus, over: Partial<AgentSnapshot> = {}, facts: Partial<TrayFacts> = {}) {
  const snapshot = { version: 1, agentName: 'lap-42', endpoint: 'acme.example.com', status, ...over };
  const keepAwake = { on: true, locked: '' };
  return trayMenu({ snapshot, keepAwake, hooks: [], noJobPage: '', noChecks: '', ...facts }, NOW, actions);
}

/** Labels as they are shown; brackets around what cannot be chosen. */
function shown(menu: readonly MenuItemConstructorOptions[]): readonly string[] {
  return menu.map(({ type, label = '', enabled }) =>
    type === 'separator' ? '—' : enabled === false ? `[${label}]` : label,
  );
}
/** The items that depend on the state: the third group without its tick box, and the last two. */
const changing = (status: AgentStatus) => {
  const labels = shown(menuOf(status));
  return [labels[4], labels[5], labels.at(-2)];
};

describe("the tray's menu", () => {
  it('has its items in the order of the design', () => {
    expect(shown(menuOf({ state: 'running', job }))).toEqual([
      'Running “Build && test”',
      '5 s',
      'No job has run yet',
      '—',
      'Pause after current job',
      'Stop current job…',
      'Keep awake while a job runs',
      '—',
      'Open log',
      'History',
      'Open on Semaphore',
      '—',
      'Hooks',
      'Settings…',
      'Diagnostics',
      '—',
      'Disconnect…',
      'Quit Signalbox',
    ]);
  });

  it.each<[AgentStatus, string, string, string]>([
    [{ state: 'not-configured' }, '[Connect (not set up yet)]', NO_JOB, '[Disconnect (not connected)]'],
    [{ state: 'connecting', attempt: 0, problem: '', nextTryAt: 0 }, 'Pause', NO_JOB, 'Disconnect'],
    [{ state: 'idle', lastSyncAt: NOW }, 'Pause', NO_JOB, 'Disconnect'],
    [{ state: 'running', job }, 'Pause after current job', 'Stop current job…', 'Disconnect…'],
    [
      { state: 'stopping', job, forcesAt: NOW },
      'Pause after current job',
      '[Stop current job… (it is being stopped)]',
      'Disconnect…',
    ],
    [{ state: 'pausing', job }, 'Cancel pause', 'Stop current job…', 'Disconnect…'],
    [{ state: 'pausing', job, disconnects: true }, 'Stay connected', 'Stop current job…', 'Disconnect…'],
    [{ state: 'paused' }, 'Resume', NO_JOB, 'Disconnect'],
    [{ state: 'offline', since: NOW, problem: 'p' }, 'Pause', NO_JOB, 'Disconnect'],
    [
      { state: 'offline', since: NOW, problem: 'p', job },
      'Pause after current job',
      'Stop current job…',
      'Disconnect…',
    ],
    [{ state: 'needs-attention', cause: 'refused', problem: 'p' }, 'Try again', NO_JOB, '[Disconnect (not connected)]'],
    [{ state: 'stopped', reason: 'DISCONNECTED' }, 'Connect', NO_JOB, '[Disconnect (not connected)]'],
  ])('of %j', (status, come, stop, go) => {
    expect(changing(status)).toEqual([come, stop, go]);
    expect(menuOf(status)).toHaveLength(18);
  });

  it('does not offer to resume what goes to come back with new settings', () => {
    const menu = menuOf({ state: 'pausing', job, disconnects: true }, { afterJob: 'reconnect' });
    expect(shown(menu)[4]).toBe('[Resume (new settings come first)]');
  });

  it('tells how the last job ended, and who refused it', () => {
    const idle: AgentStatus = { state: 'idle', lastSyncAt: NOW };
    const lastJob = { id: 'j', name: 'Lint', result: 'failed', startedAt: NOW, endedAt: NOW };
    expect(menuOf(idle, { lastJob })[2]?.label).toMatch(/^Last: “Lint” failed · \d\d:\d\d$/);
    const refused = { ...lastJob, refusedBy: 'shell-jobs' };
    expect(menuOf(idle, { lastJob: refused })[2]?.label).toMatch(/^Last: “Lint” was refused by shell-jobs · /);
  });

  it('tells hooks and what is wrong with them, and why something is greyed', () => {
    const menu = menuOf(
      { state: 'paused' },
      {},
      {
        hooks: [
          { label: 'Pre-job', path: '~/ci/pre.sh', problem: '' },
          { label: 'Post-job', path: '', problem: '' },
          { label: 'Shutdown', path: '/x', problem: 'missing' },
        ],
        keepAwake: { on: false, locked: 'the variable X decides' },
        noJobPage: 'no job has run yet',
        noChecks: 'under way',
      },
    );
    const hooks = menu.find(({ label }) => label === 'Hooks')?.submenu as MenuItemConstructorOptions[];
    expect(shown(hooks)).toEqual(['Pre-job: ~/ci/pre.sh ✓', 'Post-job: none', 'Shutdown: /x (missing)', 'Change…']);
    expect(shown(menu)).toContain('[Keep awake while a job runs (the variable X decides)]');
    expect(shown(menu)).toContain('[Open on Semaphore (no job has run yet)]');
    const diagnostics = menu.find(({ label }) => label === 'Diagnostics')?.submenu as MenuItemConstructorOptions[];
    expect(shown(diagnostics)).toEqual(['Copy report', 'Open agent log', '[Run checks (under way)]']);
  });

  it('does what it says', () => {
    chosen.length = 0;
    const all = (menu: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
      menu.flatMap((one) => [one, ...all((one.submenu as MenuItemConstructorOptions[] | undefined) ?? [])]);
    for (const { click } of all(menuOf({ state: 'running', job }))) (click as (() => void) | undefined)?.();
    expect(chosen).toEqual([
      ...['window now', 'window now', 'window now'],
      ...['until-resumed', 'for', 'for', 'until-tomorrow', 'while-on-battery', 'stop', false],
      ...['window log', 'window history', 'semaphore', 'hooks', 'window settings', 'report', 'agent log'],
      ...['checks', 'disconnect', 'quit'],
    ]);
  });
});
