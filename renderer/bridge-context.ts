import { createContext, useContext } from 'react';
import type { Bridge } from './bridge.ts';

export const BridgeContext = createContext<Bridge | undefined>(undefined);

/** The way to the main process. */
export function useBridge(): Bridge {
  const bridge = useContext(BridgeContext);
  if (!bridge) throw new Error('a view stands outside of the window');
  return bridge;
}
