import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import type { TestDesktop } from './test-desktop.ts';

/** Kept for people who want to see what a journey saw; not in the repository. */
const FOLDER = join('e2e', 'pictures');

/** Saves the window, where there is one, and the tray: its icon, and its text with the menu. */
export async function savePictures(
  name: string,
  desktop: TestDesktop,
  page?: { screenshot(): Promise<Buffer> },
): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  if (page) writeFileSync(join(FOLDER, `${name}.png`), await page.screenshot());
  if (desktop.trayItems === 0) return;
  const { tooltip, icon } = await desktop.tray();
  const menu = (await desktop.menu()).map(({ label, enabled }) => (enabled ? label : `(${label})`));
  writeFileSync(join(FOLDER, `${name}-tray.txt`), `${tooltip}\n\n${menu.join('\n')}\n`);
  writeFileSync(join(FOLDER, `${name}-tray.png`), PNG.sync.write(pictureOf(icon)));
}

/** The bus has pixels as alpha, red, green, blue. */
function pictureOf({ width, height, argb }: { width: number; height: number; argb: Uint8Array }): PNG {
  const png = new PNG({ width, height });
  for (let at = 0; at < argb.length; at += 4) {
    const [alpha = 0, red = 0, green = 0, blue = 0] = argb.subarray(at, at + 4);
    png.data.set([red, green, blue, alpha], at);
  }
  return png;
}
