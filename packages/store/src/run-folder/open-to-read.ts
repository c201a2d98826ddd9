import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { notOurFile } from './unreadable.ts';

/** A file of records; undefined when it is not there. Throws for what is no file: a pipe in its place is not waited for. */
export function openToRead(path: string): number | undefined {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
  if (fstatSync(file).isFile()) return file;
  closeSync(file);
  throw notOurFile(path);
}
