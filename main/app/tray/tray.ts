import { Menu, nativeImage, Tray } from 'electron';
import { type AgentSnapshot, headline } from '../../../shared/agent-snapshot.ts';
import { drawIcon, figureOf } from './icon.ts';
import { type MenuActions, trayMenu } from './menu.ts';

/** The icon in the tray. Made once and never again: its picture, text and menu are set anew with every snapshot. */
export class AgentTray {
  private readonly tray: Tray;
  private shown = '';

  constructor(
    snapshot: AgentSnapshot,
    private readonly actions: MenuActions,
  ) {
    this.tray = new Tray(picture(snapshot));
    this.tray.on('click', actions.openWindow);
    this.show(snapshot);
  }

  show(snapshot: AgentSnapshot): void {
    const now = Date.now();
    const { first, second } = headline(snapshot, now);
    this.tray.setToolTip(`${first}\n${second}`);
    this.tray.setContextMenu(Menu.buildFromTemplate(trayMenu(snapshot, now, this.actions)));
    if (snapshot.status.state === this.shown) return;
    this.shown = snapshot.status.state;
    this.tray.setImage(picture(snapshot));
  }
}

function picture(snapshot: AgentSnapshot) {
  const image = nativeImage.createFromBuffer(drawIcon(figureOf(snapshot), 22));
  image.addRepresentation({ scaleFactor: 2, buffer: drawIcon(figureOf(snapshot), 44) });
  return image;
}
