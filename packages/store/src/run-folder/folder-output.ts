import { closeSync, fstatSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { attemptFolder, RUN_FILES } from './layout.ts';
import { openToRead } from './open-to-read.ts';
import type { OutputSource } from './output-source.ts';

/** The files of a run folder. Read synchronously: a piece of a file is there sooner than a thread that would read it. Throws what the system says. */
export const FOLDER_OUTPUT: OutputSource = {
  hasOutput: ({ runFolder }) => runFolder !== undefined,
  async open({ runFolder = '', attempt }, channel) {
    const file = openToRead(join(attemptFolder(runFolder, attempt), RUN_FILES[channel]));
    if (file === undefined) return undefined;
    return {
      async read(position, length) {
        const bytes = Buffer.allocUnsafe(length);
        return bytes.subarray(0, readSync(file, bytes, 0, length, position));
      },
      size: async () => fstatSync(file).size,
      close: () => closeSync(file),
    };
  },
};
