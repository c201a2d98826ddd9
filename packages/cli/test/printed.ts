import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** What went to the two descriptors of output. */
export interface Printed<T> {
  readonly result: T;
  readonly out: string;
  readonly error: string;
}

/** Runs `act` and keeps what it writes to standard output and error: they are pipes here, never a terminal. */
export async function printed<T>(act: () => T | Promise<T>): Promise<Printed<T>> {
  const seen: Record<number, Buffer[]> = { 1: [], 2: [] };
  const { writeSync } = fs;
  const keep = (descriptor: number, data: Uint8Array, offset = 0): number => {
    const bytes = Buffer.from(data).subarray(offset);
    (seen[descriptor] as Buffer[]).push(bytes);
    return bytes.length;
  };
  const put = (to: unknown): void => {
    (fs as { writeSync: unknown }).writeSync = to;
    syncBuiltinESMExports();
  };
  put((descriptor: number, ...rest: [Uint8Array]) => (descriptor === 1 || descriptor === 2 ? keep(descriptor, ...rest) : writeSync(descriptor, ...rest)));
  try {
    const result = await act();
    return { result, out: textOf(seen[1]), error: textOf(seen[2]) };
  } finally {
    put(writeSync);
  }
}

function textOf(bytes: readonly Buffer[] | undefined): string {
  return Buffer.concat(bytes ?? []).toString();
}
