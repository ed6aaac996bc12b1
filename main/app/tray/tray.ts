import { Menu, Tray } from 'electron';
import { type AgentSnapshot, headline } from '../../../shared/agent-snapshot.ts';
import { markImage } from './mark-image.ts';
import { type MenuActions, trayMenu } from './menu.ts';

/** The times of a running job go on in the tray as well, this often. In ms. */
const TICK_MS = 10_000;

/**
 * The icon in the tray. Made once and never again: its picture, text and menu are set anew when something in them has
 * changed, and only then, as each costs a round over the desktop's bus.
 */
export class AgentTray {
  private readonly tray: Tray;
  private ticking: NodeJS.Timeout | undefined;
  private state = '';
  private text = '';

  constructor(
    snapshot: AgentSnapshot,
    private readonly actions: MenuActions,
  ) {
    this.tray = new Tray(markImage(snapshot.status.state, 22));
    this.tray.on('click', actions.openWindow);
    this.show(snapshot);
  }

  show(snapshot: AgentSnapshot): void {
    clearTimeout(this.ticking);
    this.setPicture(snapshot);
    this.setText(snapshot, Date.now());
    const hasJob = 'job' in snapshot.status && snapshot.status.job !== undefined;
    if (hasJob) this.ticking = setTimeout(() => this.show(snapshot), TICK_MS);
  }

  private setPicture({ status: { state } }: AgentSnapshot): void {
    if (state !== this.state) this.tray.setImage(markImage(state, 22));
    this.state = state;
  }

  private setText(snapshot: AgentSnapshot, now: number): void {
    const { first, second } = headline(snapshot, now);
    const menu = trayMenu(snapshot, now, this.actions);
    const toolTip = [first, second, snapshot.notice?.text].filter(Boolean).join('\n');
    const text = JSON.stringify([toolTip, menu]);
    if (text === this.text) return;
    this.text = text;
    this.tray.setToolTip(toolTip);
    this.tray.setContextMenu(Menu.buildFromTemplate(menu));
  }
}
