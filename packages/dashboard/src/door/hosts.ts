import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';

/** Addresses of this machine that nobody else can reach. */
export const LOOPBACK: readonly string[] = ['127.0.0.1', '::1'];

export function isLoopback(address: string): boolean {
  return address === '::1' || address === 'localhost' || /^127(?:\.\d{1,3}){3}$/.test(address);
}

/** Every way to write us in a Host header, in lower case. */
export function hostNames(addresses: readonly string[], port: number, scheme: 'http' | 'https'): ReadonlySet<string> {
  const all = addresses.flatMap((address) => (address === '0.0.0.0' || address === '::' ? everyAddress() : [address]));
  const names = [...new Set([...all, ...(all.some(isLoopback) ? ['localhost'] : [])])].map((address) => (isIP(address) === 6 ? `[${address}]` : address).toLowerCase());
  const isUsual = port === (scheme === 'http' ? 80 : 443);
  return new Set(names.flatMap((name) => [`${name}:${port}`, ...(isUsual ? [name] : [])]));
}

function everyAddress(): readonly string[] {
  return [hostname(), ...Object.values(networkInterfaces()).flatMap((list = []) => list.map(({ address }) => address))];
}
