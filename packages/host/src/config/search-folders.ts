import { type Stats } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { projectRoot } from '@nightshift/definitions';

/** Where a project's configuration is looked for. */
export interface SearchFolders {
  /** Real paths, nearest first. Empty: nothing around here is ours to read. */
  readonly folders: readonly string[];
  /** The nearest folder upward with `package.json` or `.git`. */
  readonly root?: string;
  /** Why not even the first folder is looked into. */
  readonly refused?: string;
}

/**
 * The folders from `from` up to the project's root; `from` alone where there is no project; none where `from` itself belongs
 * to somebody else or can be written by everybody: who can plant a file there must not say what runs. Source: S2.
 */
export async function searchFolders(from: string): Promise<SearchFolders> {
  const start = await realpath(from).catch(() => undefined);
  if (start === undefined) return { folders: [], refused: 'it cannot be entered' };
  const root = await projectRoot(start);
  if (root !== undefined) return { folders: foldersUp(start, root), root };
  const refused = strangenessOf(await stat(start));
  return refused === undefined ? { folders: [start] } : { folders: [], refused };
}

function foldersUp(from: string, root: string): readonly string[] {
  return from === root ? [from] : [from, ...foldersUp(dirname(from), root)];
}

/** What about a folder makes it not ours; undefined when nothing does. Windows has no such owners and modes. */
export function strangenessOf({ uid, mode }: Pick<Stats, 'uid' | 'mode'>): string | undefined {
  if (process.geteuid === undefined) return undefined;
  if (uid !== process.geteuid() && uid !== 0) return `it belongs to user ${uid}`;
  return (mode & 0o002) === 0 ? undefined : 'everybody can write it';
}
