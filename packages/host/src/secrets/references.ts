import { isUtf8 } from 'node:buffer';
import { resolve } from 'node:path';
import { isReference, readDefinitionFile } from '@nightshift/definitions';
import { JobError } from '@nightshift/sdk';

/** Where references of the configuration and of jobs lead. */
export interface References {
  /** The value that a text stands for: its own, of a variable, or of a file without its last line end. Throws a `JobError` that never holds the value. Source: S25. */
  valueOf(text: string): Promise<string>;
}

/** `folder`: where relative paths begin. Files are read by the rules of definitions (S4), each time anew: secrets are changed. */
export function createReferences(environment: NodeJS.ProcessEnv, folder: string, safeOwners: readonly number[]): References {
  const read = async (path: string): Promise<string> => {
    const bytes = await readDefinitionFile(resolve(folder, path), { roots: [], safeOwners });
    // A variable and a header hold text: anything else would be another secret.
    if (!isUtf8(bytes)) throw invalid(`file:${path} is not UTF-8`);
    return Buffer.from(bytes).toString('utf8').replace(/\r?\n$/, '');
  };
  return {
    async valueOf(text) {
      if (!isReference(text)) return text;
      const name = text.slice(text.indexOf(':') + 1);
      if (!/^(?:env|file):/.test(text)) throw invalid(`${text} is a reference of a kind that this version does not resolve`);
      // Every environment has a "constructor" that nobody has set.
      const value = text.startsWith('env:') ? (Object.hasOwn(environment, name) ? environment[name] : undefined) : await read(name);
      if (value === undefined || value === '') throw invalid(`${text} is empty or not there`);
      if (value.includes('\0')) throw invalid(`${text} holds a NUL byte`);
      return value;
    },
  };
}

function invalid(message: string): JobError {
  return new JobError({ code: 'DefinitionValueInvalid', message });
}
