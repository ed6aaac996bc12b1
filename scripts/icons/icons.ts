import { Resvg } from '@resvg/resvg-js';
import { MARK_NAMES, markNamed } from '../../shared/mark.ts';
import { icnsOf, icoOf, type SizedPng } from './containers.ts';
import { appSvg, markSvg, type Paint } from './mark-svg.ts';

/** Legible on light and on dark panels: Linux does not tell which it has. */
const GREY: Paint = { mast: '#8a8f98', arm: '#8a8f98' };
/** macOS takes the shape alone and colours it itself. */
const BLACK: Paint = { mast: '#000000', arm: '#000000' };
/** For the dark taskbar of Windows; the light one gets black. */
const WHITE: Paint = { mast: '#ffffff', arm: '#ffffff' };

const LINUX_SIZES = [16, 22, 32, 44];
const WINDOWS_SIZES = [16, 20, 24, 32, 48];
const APP_SIZES = [16, 32, 64, 128, 256, 512, 1024];
/** The largest that Windows knows. */
const LARGEST_ICO = 256;

/** Every file of icons that is shipped, by its path within resources/. */
export function iconFiles(): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const name of MARK_NAMES) {
    const drawn = (paint: Paint) => markSvg(markNamed(name), paint);
    for (const { size, png } of render(drawn(GREY), LINUX_SIZES)) files.set(`tray/${linuxName(name, size)}`, png);
    for (const { size, png } of render(drawn(BLACK), [16, 32]))
      files.set(`tray/${name}Template${size === 32 ? '@2x' : ''}.png`, png);
    files.set(`tray/${name}-on-dark.ico`, icoOf(render(drawn(WHITE), WINDOWS_SIZES)));
    files.set(`tray/${name}-on-light.ico`, icoOf(render(drawn(BLACK), WINDOWS_SIZES)));
  }
  const app = appSvg(markNamed('running'));
  const images = render(app, APP_SIZES);
  files.set('mark.svg', Buffer.from(markSvg(markNamed('running'), GREY)));
  files.set('icon.svg', Buffer.from(app));
  files.set('icon.png', images.at(-1)?.png ?? Buffer.alloc(0));
  files.set('icon-128.png', images.find(({ size }) => size === 128)?.png ?? Buffer.alloc(0));
  files.set('icon.icns', icnsOf(images));
  files.set('icon.ico', icoOf(images.filter(({ size }) => size <= LARGEST_ICO)));
  return files;
}

/** Electron finds the picture for screens with twice as many pixels by its name. */
function linuxName(name: string, size: number): string {
  const suffixes: Readonly<Record<number, string>> = { 16: '-16', 22: '', 32: '-16@2x', 44: '@2x' };
  return `${name}${suffixes[size]}.png`;
}

function render(svg: string, sizes: readonly number[]): readonly SizedPng[] {
  return sizes.map((size) => {
    const resvg = new Resvg(svg, { fitTo: { mode: 'width', value: size } });
    return { size, png: resvg.render().asPng() };
  });
}
