import { resolve } from 'node:path';
import { isReference, readDefinitionFile } from '@nightshift/definitions';
import { JobError } from '@nightshift/sdk';

/** Where references of the configuration lead. */
export interface References {
  /** The value that a text stands for: its own, of a variable, or of a file without its last line end. Throws a `JobError` that never holds the value. Source: S25. */
  valueOf(text: string): Promise<string>;
}

/** `folder`: where relative paths begin. Files are read by the rules of definitions (S4), each time anew: secrets are changed. */
export function createReferences(environment: NodeJS.ProcessEnv, folder: string, safeOwners: readonly number[]): References {
  return {
    async valueOf(text) {
      if (!isReference(text)) return text;
      const name = text.slice(text.indexOf(':') + 1);
      const value = text.startsWith('env:') ? environment[name] : Buffer.from(await readDefinitionFile(resolve(folder, name), { roots: [], safeOwners })).toString('utf8').replace(/\r?\n$/, '');
      if (value === undefined || value === '') throw new JobError({ code: 'DefinitionValueInvalid', message: `${text} is empty or not there` });
      return value;
    },
  };
}
