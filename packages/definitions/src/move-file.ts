/** Files of definitions get another name, or go: in one step each, and lasting. */
import { link, lstat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { explained, syncFolder } from './replace-file.ts';

/**
 * The file at `from` is at `to`, which must not be there: `existsCode`. Where a call was cut off between both names, both are
 * one file, and the next call goes on. Throws what `replaceFile` throws.
 */
export async function moveFile(from: string, to: string, existsCode: string): Promise<void> {
  try {
    // Unlike a rename, a link fails where something is.
    if (!(await isSameFile(from, to))) await link(from, to);
    await unlink(from);
    for (const folder of new Set([dirname(to), dirname(from)])) await syncFolder(folder);
  } catch (cause) {
    throw explained(to, cause, { existsCode });
  }
}

/** Throws what `replaceFile` throws; a file that is not there is gone as well. */
export async function removeFile(path: string): Promise<void> {
  try {
    await unlink(path).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'ENOENT') throw cause;
    });
    await syncFolder(dirname(path));
  } catch (cause) {
    throw explained(path, cause, {});
  }
}

/** Whether two names are one file: a move that was cut off leaves it so. */
export async function isSameFile(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map((path) => lstat(path).catch(() => undefined)));
  return a !== undefined && b !== undefined && a.ino === b.ino && a.dev === b.dev;
}
