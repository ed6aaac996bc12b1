import { type NativeImage, nativeImage, nativeTheme } from 'electron';
import type { AgentStatus } from '../../../shared/agent-snapshot.ts';
import { type MarkName, markNameOf } from '../../../shared/mark.ts';
import { resourcePath } from '../resources.ts';

/** The tray's picture of a state. The file for screens with twice as many pixels is found by its name. */
export function trayImage(state: AgentStatus['state']): NativeImage {
  return nativeImage.createFromPath(resourcePath('tray', fileOf(markNameOf(state))));
}

function fileOf(mark: MarkName): string {
  switch (process.platform) {
    case 'darwin':
      return `${mark}Template.png`;
    case 'win32':
      return `${mark}-on-${nativeTheme.shouldUseDarkColors ? 'dark' : 'light'}.ico`;
    default:
      return `${mark}.png`;
  }
}
