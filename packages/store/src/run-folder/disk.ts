import type { Stats } from 'node:fs';
import type * as FsExtra from 'fs-extra';

type FewOfIt = Pick<typeof FsExtra, 'lstat' | 'move' | 'pathExists' | 'readdir' | 'remove'>;

/**
 * The one user of fs-extra. Loaded when a folder goes or moves, never on the way of a start or a listing: it costs as
 * much as a fifth of an empty Node process.
 */
async function fsExtra(): Promise<FewOfIt> {
  return (await import('fs-extra')).default;
}

/** The folder and everything in it; nothing when it is not there. */
export async function removeFolder(folder: string): Promise<void> {
  await (await fsExtra()).remove(folder);
}

/** Moves a file or folder aside under a name of its own; never overwrites. */
export async function setAside(path: string, target: string): Promise<void> {
  await (await fsExtra()).move(path, target, { overwrite: false });
}

/** The folders below `folder`, at any depth up to `depth`, for which `wanted` says yes; it does not look into those. */
export async function foldersBelow(folder: string, depth: number, wanted: (path: string) => boolean): Promise<string[]> {
  const { pathExists, readdir, lstat } = await fsExtra();
  if (!(await pathExists(folder))) return [];
  const found: string[] = [];
  for (const name of (await readdir(folder)).toSorted()) {
    const path = `${folder}/${name}`;
    const facts: Stats = await lstat(path);
    if (!facts.isDirectory()) continue;
    if (wanted(path)) found.push(path);
    else if (depth > 1) found.push(...(await foldersBelow(path, depth - 1, wanted)));
  }
  return found;
}
