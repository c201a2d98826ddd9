import { closeSync, constants, openSync, writeSync } from 'node:fs';
import type { Instance } from '@nightshift/sdk';
import { threadRecords } from '@nightshift/store';

/** The records of one thread: a folder and a file from the first one on. */
export interface ThreadRecords {
  /** Throws what the system says. */
  append(bytes: Uint8Array): void;
  readonly size: number;
  close(): void;
}

export function createThreadRecords(instance: Instance): ThreadRecords {
  let file: number | undefined;
  let size = 0;
  return {
    append(bytes) {
      file ??= openSync(threadRecords(instance), constants.O_CREAT | constants.O_WRONLY | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0), 0o600);
      for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
      size += bytes.length;
    },
    get size() {
      return size;
    },
    close() {
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}
