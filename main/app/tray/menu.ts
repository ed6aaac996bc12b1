import type { MenuItemConstructorOptions } from 'electron';
import { type AgentSnapshot, headline } from '../../../shared/agent-snapshot.ts';
import type { PauseForm } from '../../../shared/pause.ts';

/** What the menu can do. */
export interface MenuActions {
  pause(form: PauseForm): void;
  resume(): void;
  stopJob(): void;
  disconnect(): void;
  openWindow(): void;
  quit(): void;
}

/** The tray's menu for a snapshot. What cannot be done is greyed with its reason, never missing. */
export function trayMenu(snapshot: AgentSnapshot, now: number, actions: MenuActions): MenuItemConstructorOptions[] {
  const { first, second } = headline(snapshot, now);
  const { state } = snapshot.status;
  const hasJob = 'job' in snapshot.status && snapshot.status.job !== undefined;
  const isAway = ['paused', 'stopped', 'needs-attention', 'not-configured'].includes(state);
  return [
    { label: escapeLabel(first), enabled: false },
    { label: escapeLabel(second), enabled: false },
    ...(snapshot.notice ? [{ label: escapeLabel(snapshot.notice.text), click: actions.openWindow }] : []),
    { type: 'separator' },
    isAway || state === 'pausing'
      ? { label: ['paused', 'pausing'].includes(state) ? 'Resume' : 'Connect', click: actions.resume }
      : { label: hasJob ? 'Pause after current job' : 'Pause', click: () => actions.pause({ kind: 'until-resumed' }) },
    hasJob && state !== 'stopping'
      ? { label: 'Stop current job', click: actions.stopJob }
      : { label: 'Stop current job (no job runs)', enabled: false },
    { type: 'separator' },
    { label: 'Open window', click: actions.openWindow },
    { type: 'separator' },
    ['stopped', 'needs-attention', 'not-configured'].includes(state)
      ? { label: 'Disconnect (not connected)', enabled: false }
      : { label: hasJob ? 'Disconnect…' : 'Disconnect', click: actions.disconnect },
    { label: 'Quit Signalbox', click: actions.quit },
  ];
}

/** In menus an ampersand marks a key; a job may be called “Build & test”. */
function escapeLabel(text: string): string {
  return text.replaceAll('&', '&&');
}
