import { FIRST_CREDIT, outputSize, tailBatchSchema } from '../../shared/contract/tail.ts';
import { useView } from '../frame/view-store.ts';
import { useTail } from './tail-store.ts';

/** Where nobody sees it nothing is painted; what was sent is taken all the same, slower, for the sake of what runs. In ms. */
const HIDDEN_MS = 200;

let current: MessagePort | undefined;

/** Shows what comes over a port, in the place of the one before, and grants more as soon as it has been painted. */
export function receiveTail(port: MessagePort): void {
  current?.close();
  current = port;
  useTail.getState().clear();
  port.onmessage = ({ data: message }) => {
    const parsed = tailBatchSchema.safeParse(message);
    if (!parsed.success || port !== current) return;
    useTail.getState().take(parsed.data);
    const credit = outputSize(parsed.data);
    if (credit > 0) afterPaint(() => port.postMessage({ credit }));
  };
  port.postMessage({ credit: FIRST_CREDIT });
}

function afterPaint(callback: () => void): void {
  if (document.hidden || useView.getState().view !== 'now') window.setTimeout(callback, HIDDEN_MS);
  else window.requestAnimationFrame(callback);
}
