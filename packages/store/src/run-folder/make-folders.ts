import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * A folder with its parents, private to the user. Answers with the folders that have a new name in them: until these are synced,
 * a power cut may take away what was made. By hand: where a folder can never be made (/proc), Node's own recursive form tries
 * for ever.
 */
export function makeFolders(path: string): readonly string[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return [];
  const above = dirname(path) === path ? [] : makeFolders(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (cause) {
    // Another process was first, and may not have come to its sync yet.
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST' || statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) throw cause;
  }
  return [...above, dirname(path)];
}
