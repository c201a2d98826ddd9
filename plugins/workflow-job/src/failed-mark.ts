/**
 * A file in the job's own folder that says: an attempt of it has failed, and that is in the books. The next attempt runs again
 * what was not Completed. Without the file it is the rest of the one before, which was cut off, and its failures count.
 */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobContext } from '@nightshift/sdk';

type Place = Pick<JobContext<unknown>, 'folder'>;

/** No name of a step begins so. */
const NAME = '.failed';

export function markFailed({ folder }: Place): void {
  if (folder !== undefined) writeFileSync(join(folder, NAME), '');
}

export function isMarkedFailed({ folder }: Place): boolean {
  return folder !== undefined && existsSync(join(folder, NAME));
}

export function unmark({ folder }: Place): void {
  if (folder !== undefined) rmSync(join(folder, NAME), { force: true });
}
