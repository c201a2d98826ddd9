import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { currentFolder } from '@nightshift/host';
import { readSource, type Source } from '../source-file.ts';
import type { Beside } from './units.ts';

/** The folder of a file that was given. Nothing is beside standard input. Names have no path in them. */
export function besideOf({ file }: Source): Beside {
  const pathOf = (name: string): string => join(dirname(file), name);
  const kindOf = (name: string): 'file' | 'folder' | undefined => {
    const facts = file === '-' ? undefined : statSync(resolve(currentFolder(), pathOf(name)), { throwIfNoEntry: false });
    return facts?.isFile() === true ? 'file' : facts?.isDirectory() === true ? 'folder' : undefined;
  };
  return { read: (name) => (kindOf(name) === 'file' ? readSource(pathOf(name)) : undefined), hasFolder: (name) => kindOf(name) === 'folder' };
}
