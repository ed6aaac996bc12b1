import { shell } from 'electron';
import { placeOf } from './hook-file.ts';

/** Files that open as text on every system. Elsewhere than on Linux others may be started by being opened. */
const TEXT = /\.(?:sh|bash|zsh|ps1|txt)$/i;

/** Opens a hook in its owner's editor, or shows where it is. Resolves with what went wrong, or an empty text. */
export async function openHook(path: string): Promise<string> {
  const place = placeOf(path);
  if (process.platform !== 'linux' && !TEXT.test(place)) {
    shell.showItemInFolder(place);
    return '';
  }
  const problem = await shell.openPath(place);
  return problem === '' ? '' : `${path} cannot be opened: ${problem}`;
}
