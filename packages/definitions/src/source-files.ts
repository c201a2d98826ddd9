import { dirname } from 'node:path';
import { JobError, type SourceFiles } from '@nightshift/sdk';
import { LIMITS } from './limits.ts';
import { readDefinitionFile } from './read-definition-file.ts';
import { shownPath } from './inside.ts';

/** What job types read the files with that their definitions stand in: as definition files are read. `safeOwners`: user ids besides the user and root. */
export function sourceFiles(safeOwners: readonly number[] = []): SourceFiles {
  return {
    async read(file) {
      const bytes = await readDefinitionFile(file, { roots: [dirname(file)], safeOwners });
      if (bytes.length > LIMITS.bytes) throw new JobError({ code: 'DefinitionTooLarge', message: `the file has more than ${LIMITS.bytes / 1024} KiB`, file: shownPath(file) });
      return bytes;
    },
  };
}
