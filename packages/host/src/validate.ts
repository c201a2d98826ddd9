import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { checkDefinition, checkDescription, complaintsAbout, type DefinitionFiles, type Registry } from '@nightshift/core';
import type { createYamlDefinitions } from '@nightshift/definitions';
import { isBroken, isJobError, JobError, type BrokenDefinition, type Definition, type JobErrorFacts } from '@nightshift/sdk';

/** What was found out about one file. */
export interface CheckedFile {
  readonly file: string;
  readonly errors: readonly JobErrorFacts[];
  readonly warnings: readonly JobErrorFacts[];
}

/** Checks files and folders, by default the definition path. `problems` are about paths, not about a file's content. Runs nothing. */
export type Validator = (paths: readonly string[]) => Promise<{ readonly files: readonly CheckedFile[]; readonly problems: readonly JobError[] }>;

export interface ValidatorParts {
  readonly types: Registry;
  readonly files: DefinitionFiles;
  readonly yaml: ReturnType<typeof createYamlDefinitions>;
  readonly workingDirectory: string;
}

export function createValidator(parts: ValidatorParts): Validator {
  return async (paths) => {
    const files: CheckedFile[] = [];
    const problems: JobError[] = [];
    for (const path of paths.length === 0 ? [undefined] : paths) {
      try {
        for await (const found of definitionsAt(parts, path)) files.push(await check(parts, found));
      } catch (cause) {
        if (!isJobError(cause)) throw cause;
        problems.push(cause as JobError);
      }
    }
    return { files, problems };
  };
}

async function* definitionsAt({ yaml, workingDirectory }: ValidatorParts, path: string | undefined): AsyncGenerator<Definition | BrokenDefinition> {
  if (path === undefined) return yield* yaml.list(undefined);
  const place = resolve(workingDirectory, path);
  const facts = statSync(place, { throwIfNoEntry: false });
  if (facts === undefined) throw new JobError({ code: 'FilePathNotFound', message: `nothing is at "${path}"` });
  if (facts.isDirectory()) yield* yaml.list(place);
  else yield await yaml.check(place);
}

async function check({ types, files }: ValidatorParts, found: Definition | BrokenDefinition): Promise<CheckedFile> {
  const warnings = found.warnings ?? [];
  if (isBroken(found)) return { file: found.location, errors: await complaintsAbout(types, found), warnings };
  const subject = await checkDefinition(types, found);
  if ('length' in subject) return { file: found.location, errors: subject, warnings };
  const complaint = await checkDescription(files, subject, found);
  if (complaint === undefined) return { file: found.location, errors: [], warnings };
  // What only this version cannot do yet is right as a file.
  return OF_THE_FILE.includes(complaint.code) ? { file: found.location, errors: [complaint], warnings } : { file: found.location, errors: [], warnings: [...warnings, complaint] };
}

/** Complaints of a description that no version of Nightshift could be indulgent about. */
const OF_THE_FILE = ['InvalidFilePathParameter', 'DefinitionUnsafe', 'RunAs32NotSupported', 'AuthenticationNotSupported'];
