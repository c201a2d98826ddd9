import { isAbsolute, relative, resolve, sep } from 'node:path';

/** Whether one real path is another or lies below it. */
export function isInside(folder: string, path: string): boolean {
  return !leadsOut(relative(folder, path));
}

/** As people read a path: relative where it lies below the current folder, else absolute. */
export function shownPath(path: string): string {
  const absolute = resolve(path);
  const shown = relative(process.cwd(), absolute);
  return shown === '' || leadsOut(shown) ? absolute : shown;
}

function leadsOut(path: string): boolean {
  return path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path);
}
