import { type NativeImage, nativeImage } from 'electron';
import type { AgentStatus } from '../../../shared/agent-snapshot.ts';
import { markOf } from '../../../shared/mark.ts';
import { drawIcon } from './icon.ts';

/** The mark of a state, `size` pixels square, and twice that for screens with twice as many. */
export function markImage(state: AgentStatus['state'], size: number): NativeImage {
  const mark = markOf(state);
  const image = nativeImage.createFromBuffer(drawIcon(mark, size));
  image.addRepresentation({ scaleFactor: 2, buffer: drawIcon(mark, 2 * size) });
  return image;
}
