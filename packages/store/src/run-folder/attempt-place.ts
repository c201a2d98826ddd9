import { readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Instance } from '@nightshift/sdk';
import { guarded } from '../errors.ts';
import { JOB_FILE, readJobFile, syncFolder, writeJobFile } from './job-file.ts';
import { attemptFolder } from './layout.ts';
import { makeFolders } from './make-folders.ts';

/**
 * Makes the place of an attempt: its sub-folder and, the first time, the run folder with its identity. Whatever an earlier
 * try left that was cut off is completed: unlike at an insert, the row is there already and the folder can be nobody else's.
 * `family`: the job that get-job lists, then its child. Throws where another job's identity lies there, and `StoreFull` and
 * its like.
 */
export function prepareAttempt(folder: string, family: readonly Instance[], attempt: number, synced: boolean): void {
  guarded(folder, () => {
    const known = readJobFile(folder)?.instances[0];
    if (known !== undefined && known.instanceId !== family[0]?.instanceId) throw new Error(`the folder ${folder} is that of the job ${known.instanceId}`);
    const above = [...makeFolders(folder), ...makeFolders(attemptFolder(folder, attempt))];
    // A first attempt that was cut off may have named another holder.
    if (known === undefined || attempt === 1) writeIdentity(folder, family, synced);
    if (synced) for (const path of new Set([folder, dirname(folder), ...above])) syncFolder(path);
  });
}

/** Two may take it up at the same moment: each writes a file of its own, either is right, and whoever comes first clears away what others have left of theirs. */
function writeIdentity(folder: string, family: readonly Instance[], synced: boolean): void {
  try {
    writeJobFile(folder, family, synced, `.${process.pid}.new`);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT' || readJobFile(folder) === undefined) throw cause;
  }
  for (const name of readdirSync(folder)) if (name.startsWith(`${JOB_FILE}.`) && name.endsWith('.new')) rmSync(join(folder, name), { force: true });
}
