import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** What went to the two descriptors of output. */
export interface Printed<T> {
  readonly result: T;
  readonly out: string;
  readonly error: string;
}

/** Runs `act` and keeps what it writes to standard output and error: they are pipes here, never a terminal, whatever the caller's variables say of colour. */
export async function printed<T>(act: () => T | Promise<T>, { colour = false } = {}): Promise<Printed<T>> {
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
  const { NO_COLOR: no, FORCE_COLOR: force } = process.env;
  setColour(undefined, colour ? '1' : undefined);
  try {
    const result = await act();
    return { result, out: textOf(seen[1]), error: textOf(seen[2]) };
  } finally {
    setColour(no, force);
    put(writeSync);
  }
}

function setColour(no: string | undefined, force: string | undefined): void {
  for (const [name, value] of Object.entries({ NO_COLOR: no, FORCE_COLOR: force })) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

function textOf(bytes: readonly Buffer[] | undefined): string {
  return Buffer.concat(bytes ?? []).toString();
}
