import type { EngineAddress } from './engine-address.ts';

/** Where engines in a virtual machine or on another host have their socket. */
const USUAL = '/var/run/docker.sock';

/**
 * The path of an engine's socket as the engine itself sees it: what is mounted is a file of its machine. On Linux an engine
 * that we reach by a socket is on this one, unless the socket leads into a virtual machine.
 */
export function engineSocketOf({ at }: EngineAddress, platform: NodeJS.Platform): string {
  const isHere = platform === 'linux' && 'socketPath' in at && !/\/\.(docker|colima|rd)\//.test(at.socketPath);
  return isHere ? at.socketPath : USUAL;
}
