/** Secrets in what a job has written: taken out where it is shown, never where it is kept (security S28). Loaded by who reads a job that has some. */
import { isJobError, type CommandLine } from '@nightshift/sdk';
import { maskOf } from './mask.ts';
import { createReferences, type References } from './references.ts';

/** The values behind references as they are now, undefined where one is not to be had here. One that has changed since the job ran cannot be looked for. */
export async function valuesNow(secrets: CommandLine['secrets'], references: References): Promise<readonly (string | undefined)[]> {
  return Promise.all(Object.values(secrets ?? {}).map(async (reference) => {
    try {
      return await references.valueOf(reference);
    } catch (cause) {
      if (isJobError(cause)) return undefined;
      throw cause;
    }
  }));
}

/** Undefined: there is nothing to look for. `configured`: loaded for a file that is not the caller's own. */
export async function maskingOf(secrets: CommandLine['secrets'], environment: NodeJS.ProcessEnv, configured: () => Promise<References>): Promise<((text: string) => string) | undefined> {
  const plain = createReferences(environment, '/', []);
  const values = (await valuesNow(secrets, {
    valueOf: (reference) => plain.valueOf(reference).catch(async (cause: unknown) => {
      if (!isJobError(cause) || cause.code !== 'DefinitionUnsafe') throw cause;
      // A configuration with mistakes keeps nobody from reading.
      return (await configured().catch(() => plain)).valueOf(reference);
    }),
  })).filter((value) => value !== undefined);
  return values.length === 0 ? undefined : maskOf(values);
}
