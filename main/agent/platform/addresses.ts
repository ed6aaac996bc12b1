import { networkInterfaces } from 'node:os';

/** The addresses that this machine has towards others, as one text that is the same as long as they are. */
export function outsideAddresses(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const outside = all.filter(({ internal }) => !internal).map(({ address }) => address);
  return outside.sort().join(' ');
}
