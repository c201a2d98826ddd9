import type { RecordSink } from '@nightshift/core';
import { JobError, type Clock } from '@nightshift/sdk';
import { openRecords } from '@nightshift/store';

const CODES: Readonly<Record<string, string>> = { ENOSPC: 'StoreFull', EDQUOT: 'StoreFull', EROFS: 'ReadOnlyFileSystem' };

/**
 * Records go into their file in the call itself: whoever is cut off in the next moment has lost none that he was told is
 * written, and the disk is the back-pressure. One that could not be written is a failure of the run.
 */
export function createRecordSink(runFolder: string, attempt: number, clock: Clock): RecordSink & Disposable {
  const file = openRecords(runFolder, attempt);
  let lost: JobError | undefined;
  return {
    async write({ stream, json }) {
      try {
        file.append([{ at: clock.now(), stream, json }]);
      } catch (cause) {
        lost ??= trouble(cause);
        throw trouble(cause);
      }
    },
    async drained() {
      file.sync();
      if (lost !== undefined) throw lost;
    },
    [Symbol.dispose]: () => file.close(),
  };
}

function trouble(cause: unknown): JobError {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  return new JobError({ code: CODES[code] ?? 'InputOutputError', message: `a record could not be written: ${message}` }, { cause });
}
