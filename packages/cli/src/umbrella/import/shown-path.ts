import { isAbsolute, relative } from 'node:path';
import { currentFolder } from '@nightshift/host';

/** A path as people would type it: relative to where they are when it lies below, else absolute. */
export function shownPath(path: string): string {
  const short = relative(currentFolder(), path);
  return short.startsWith('..') || isAbsolute(short) ? path : short;
}
