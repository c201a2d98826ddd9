import { lstatSync, type Stats } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { currentFolder } from '@nightshift/host';
import { JobError } from '@nightshift/sdk';
import { readSource, type Source } from '../source-file.ts';
import type { Beside } from './units.ts';

/**
 * The folder of a file that was given. Nothing is beside standard input. Names have no path in them. Nobody has named the
 * files that lie there: one that is a link, or that somebody else could have written, is `DefinitionUnsafe` (S4).
 */
export function besideOf({ file }: Source): Beside {
  const pathOf = (name: string): string => join(dirname(file), name);
  const factsOf = (name: string): Stats | undefined => (file === '-' ? undefined : lstatSync(resolve(currentFolder(), pathOf(name)), { throwIfNoEntry: false }));
  return {
    read(name) {
      const facts = factsOf(name);
      if (facts === undefined || facts.isDirectory()) return undefined;
      const fault = faultOf(facts);
      if (fault !== undefined) throw new JobError({ code: 'DefinitionUnsafe', message: `"${pathOf(name)}" lies beside it and ${fault}`, file: pathOf(name), hint: 'copy both files into a folder of your own' });
      return readSource(pathOf(name));
    },
    hasFolder: (name) => factsOf(name)?.isDirectory() === true,
  };
}

function faultOf(facts: Stats): string | undefined {
  if (facts.isSymbolicLink()) return 'is a symbolic link';
  if (!facts.isFile()) return 'is no regular file';
  if (facts.uid !== 0 && facts.uid !== process.getuid?.()) return `belongs to user ${facts.uid}`;
  return (facts.mode & 0o002) === 0 ? undefined : 'may be written by everybody';
}
