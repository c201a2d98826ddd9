/** The values of secrets on their way to the host of a run of JavaScript: through a descriptor that nobody else reads, never through a file, an argument or a variable. */
import { closeSync, readSync } from 'node:fs';
import { JobError } from '@nightshift/sdk';
import type { SecretValues } from '../../secrets/resolve-secrets.ts';

/** Behind standard input, output, the shim's note and standard error. */
const DESCRIPTOR = 4;

export interface ToldSecrets {
  /** Of the run, by their names. */
  readonly secrets: SecretValues;
  /** For references of its children: variables that it does not inherit itself. */
  readonly variables: SecretValues;
}

export const NOTHING_TOLD: ToldSecrets = { secrets: {}, variables: {} };

/** What the launcher has told, once: the descriptor is closed, so that nothing that the run starts has it. Throws `SpawnFailed` when the launcher was cut off before. */
export function hearSecrets(): ToldSecrets {
  try {
    return JSON.parse(readWhole()) as ToldSecrets;
  } catch {
    // The parser's own words would repeat a part of it.
    throw new JobError({ code: 'SpawnFailed', message: 'whoever started the run was cut off before it had told the values of its secrets' });
  }
}

function readWhole(): string {
  const chunks: Buffer[] = [];
  try {
    for (let chunk = read(); chunk.length > 0; chunk = read()) chunks.push(chunk);
  } finally {
    closeSync(DESCRIPTOR);
  }
  return Buffer.concat(chunks).toString();
}

function read(): Buffer {
  const chunk = Buffer.alloc(65_536);
  for (;;) {
    try {
      return chunk.subarray(0, readSync(DESCRIPTOR, chunk));
    } catch (cause) {
      // Somebody made it non-blocking, and nothing has come yet.
      if ((cause as NodeJS.ErrnoException).code !== 'EAGAIN') throw cause;
      Atomics.wait(STILL, 0, 0, 5);
    }
  }
}

const STILL = new Int32Array(new SharedArrayBuffer(4));
