import { networkInterfaces } from 'node:os';

/** An address besides those of the machine's own loop, on an interface that is up: what the system shows to programs is. */
export function hasNetwork(): boolean {
  return Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ internal }) => !internal));
}
