import type { MenuItemConstructorOptions } from 'electron';
import { type AgentSnapshot, clockTime, headline } from '../../../shared/agent-snapshot.ts';
import { comeBackLabel } from '../../../shared/come-back.ts';
import type { View } from '../../../shared/contract/views.ts';
import { PAUSE_CHOICES, type PauseForm } from '../../../shared/pause.ts';

type Item = MenuItemConstructorOptions;

/** What the menu can do. */
export interface MenuActions {
  pause(form: PauseForm): void;
  resume(): void;
  stopJob(): void;
  keepAwake(on: boolean): void;
  openOnSemaphore(): void;
  copyReport(): void;
  openAgentLog(): void;
  runChecks(): void;
  disconnect(): void;
  /** Without a view it shows whatever it showed last. */
  openWindow(view?: View): void;
  /** Shows the page of hooks in the settings. */
  openHooks(): void;
  quit(): void;
}

/** A hook that is configured, or none where the path is empty. `problem`: why it will not run; empty for a good one. */
export interface TrayHook {
  readonly label: 'Pre-job' | 'Post-job' | 'Shutdown';
  readonly path: string;
  readonly problem: string;
}

/** All that the menu shows. */
export interface TrayFacts {
  readonly snapshot: AgentSnapshot;
  /** `locked`: why it cannot be changed here; empty where it can. */
  readonly keepAwake: { readonly on: boolean; readonly locked: string };
  readonly hooks: readonly TrayHook[];
  /** Why no page of a job can be opened; empty where it can. */
  readonly noJobPage: string;
  /** Why checks cannot be run; empty where they can. */
  readonly noChecks: string;
}

const SEPARATOR: Item = { type: 'separator' };

/** The tray's menu: the same items in the same order, whatever happens. What cannot be done is greyed with its reason. */
export function trayMenu(facts: TrayFacts, now: number, actions: MenuActions): Item[] {
  const { snapshot, keepAwake, hooks, noJobPage, noChecks } = facts;
  return [
    ...statusItems(snapshot, now, actions),
    SEPARATOR,
    comeOrGo(snapshot, actions),
    stopItem(snapshot, actions),
    {
      ...item('Keep awake while a job runs', keepAwake.locked, () => actions.keepAwake(!keepAwake.on)),
      type: 'checkbox',
      checked: keepAwake.on,
    },
    SEPARATOR,
    item('Open log', '', () => actions.openWindow('log')),
    item('History', '', () => actions.openWindow('history')),
    item('Open on Semaphore', noJobPage, actions.openOnSemaphore),
    SEPARATOR,
    { label: 'Hooks', submenu: hookItems(hooks, actions) },
    item('Settings…', '', () => actions.openWindow('settings')),
    {
      label: 'Diagnostics',
      submenu: [
        item('Copy report', '', actions.copyReport),
        item('Open agent log', '', actions.openAgentLog),
        item('Run checks', noChecks, actions.runChecks),
      ],
    },
    SEPARATOR,
    disconnectItem(snapshot, actions),
    item('Quit Signalbox', '', actions.quit),
  ];
}

/** What is, what it means, how the last job ended; and what went wrong and was mended. All of it opens the window. */
function statusItems(snapshot: AgentSnapshot, now: number, actions: MenuActions): Item[] {
  const { first, second } = headline(snapshot, now);
  const lines = [first, second, lastResult(snapshot), ...(snapshot.notice ? [snapshot.notice.text] : [])];
  return lines.map((line) => item(line, '', () => actions.openWindow('now')));
}

function lastResult({ lastJob }: AgentSnapshot): string {
  if (!lastJob) return 'No job has run yet';
  const end = lastJob.refusedBy ? `was refused by ${lastJob.refusedBy}` : lastJob.result;
  return `Last: “${lastJob.name}” ${end} · ${clockTime(lastJob.endedAt)}`;
}

function comeOrGo(snapshot: AgentSnapshot, actions: MenuActions): Item {
  const comeBack = comeBackLabel(snapshot);
  if (comeBack !== undefined) return item(comeBack, '', actions.resume);
  switch (snapshot.status.state) {
    case 'not-configured':
      return item('Connect', 'not set up yet', actions.resume);
    case 'pausing':
      return item('Resume', 'new settings come first', actions.resume);
    default: {
      const submenu = PAUSE_CHOICES.map(({ label, form }) => item(label, '', () => actions.pause(form)));
      return { label: hasJob(snapshot) ? 'Pause after current job' : 'Pause', submenu };
    }
  }
}

function stopItem(snapshot: AgentSnapshot, actions: MenuActions): Item {
  const stops = snapshot.status.state === 'stopping';
  const reason = stops ? 'it is being stopped' : hasJob(snapshot) ? '' : 'no job runs';
  return item('Stop current job…', reason, actions.stopJob);
}

function hookItems(hooks: readonly TrayHook[], actions: MenuActions): Item[] {
  const shown = hooks.map(({ label, path, problem }) => {
    const state = path === '' ? 'none' : problem === '' ? `${path} ✓` : `${path} (${problem})`;
    return item(`${label}: ${state}`, '', actions.openHooks);
  });
  return [...shown, item('Change…', '', actions.openHooks)];
}

function disconnectItem(snapshot: AgentSnapshot, actions: MenuActions): Item {
  const isAway = ['stopped', 'needs-attention', 'not-configured'].includes(snapshot.status.state);
  return item(hasJob(snapshot) ? 'Disconnect…' : 'Disconnect', isAway ? 'not connected' : '', actions.disconnect);
}

function hasJob({ status }: AgentSnapshot): boolean {
  return 'job' in status && status.job !== undefined;
}

/** `reason`: why it cannot be chosen; empty where it can. In menus an ampersand marks a key; a job may be called “Build & test”. */
function item(label: string, reason: string, click: () => void): Item {
  const shown = (reason === '' ? label : `${label} (${reason})`).replaceAll('&', '&&');
  return { label: shown, enabled: reason === '', click };
}
