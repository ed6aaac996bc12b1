import { Menu, nativeTheme, Tray } from 'electron';
import { type AgentStatus, headline } from '../../../shared/agent-snapshot.ts';
import { type MenuActions, type TrayFacts, trayMenu } from './menu.ts';
import { trayImage } from './tray-image.ts';

/** The times of a running job go on in the tray as well, this often. In ms. */
const TICK_MS = 10_000;

/**
 * The icon in the tray. Made once and never again: its picture, text and menu are set anew when something in them has
 * changed, and only then, as each costs a round over the desktop's bus.
 */
export class AgentTray {
  private readonly tray: Tray;
  private ticking: NodeJS.Timeout | undefined;
  private state: AgentStatus['state'];
  private text = '';

  constructor(
    facts: TrayFacts,
    private readonly actions: MenuActions,
  ) {
    this.state = facts.snapshot.status.state;
    this.tray = new Tray(trayImage(this.state));
    // On macOS a click opens the menu; on Linux it is not dependable, so that nothing rests on it.
    if (process.platform !== 'darwin') this.tray.on('click', () => actions.openWindow());
    nativeTheme.on('updated', () => this.tray.setImage(trayImage(this.state)));
    this.show(facts);
  }

  show(facts: TrayFacts): void {
    clearTimeout(this.ticking);
    const { status } = facts.snapshot;
    if (status.state !== this.state) this.tray.setImage(trayImage(status.state));
    this.state = status.state;
    this.setText(facts, Date.now());
    const hasJob = 'job' in status && status.job !== undefined;
    if (hasJob) this.ticking = setTimeout(() => this.show(facts), TICK_MS);
  }

  private setText(facts: TrayFacts, now: number): void {
    const { first, second } = headline(facts.snapshot, now);
    const menu = trayMenu(facts, now, this.actions);
    const toolTip = [first, second, facts.snapshot.notice?.text].filter(Boolean).join('\n');
    const text = JSON.stringify([toolTip, menu]);
    if (text === this.text) return;
    this.text = text;
    this.tray.setToolTip(toolTip);
    this.tray.setContextMenu(Menu.buildFromTemplate(menu));
  }
}
