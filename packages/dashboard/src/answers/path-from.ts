import { relative, sep } from 'node:path';

/** A path as people write it: relative to a folder, where it lies below it. */
export function pathFrom(base: string, path: string): string {
  const shown = relative(base, path);
  return shown === '..' || shown.startsWith(`..${sep}`) ? path : shown;
}
