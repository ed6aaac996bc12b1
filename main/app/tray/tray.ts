import { Menu, nativeImage, Tray } from 'electron';
import { type AgentSnapshot, headline } from '../../../shared/agent-snapshot.ts';
import { markOf } from '../../../shared/mark.ts';
import { drawIcon } from './icon.ts';
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
    const notice = snapshot.notice ? `\n${snapshot.notice.text}` : '';
    this.tray.setToolTip(`${first}\n${second}${notice}`);
    this.tray.setContextMenu(Menu.buildFromTemplate(trayMenu(snapshot, now, this.actions)));
    if (snapshot.status.state === this.shown) return;
    this.shown = snapshot.status.state;
    this.tray.setImage(picture(snapshot));
  }
}

function picture({ status }: AgentSnapshot) {
  const mark = markOf(status.state);
  const image = nativeImage.createFromBuffer(drawIcon(mark, 22));
  image.addRepresentation({ scaleFactor: 2, buffer: drawIcon(mark, 44) });
  return image;
}
