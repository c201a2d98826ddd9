import { hasWildcard, matchesWildcard } from '@nightshift/core';
import type { YamlDefinitions } from '@nightshift/definitions';
import { asciiLower, JobError, suggest, type BrokenDefinition, type Definition, type DefinitionSource } from '@nightshift/sdk';

type OwnFiles = Pick<YamlDefinitions, 'find' | 'list' | 'places'>;

/** What is there under a name: a definition, a broken one, or the complaint that there is none. */
export type Named = Definition | BrokenDefinition | JobError;

/**
 * The definitions that names mean, in the order of the names, each once. A pattern that fits none is quiet; an exact name is
 * strict: `ScheduledJobDefinitionNotFoundByName`, with the command of the verb for the nearest one. No name means all.
 * Throws `InvalidDefinitionName`, and what keeps a folder from being read. Source: scheduled-jobs.md section 11.
 */
export async function namedDefinitions(source: OwnFiles, names: readonly string[], path: string | undefined, verb: string): Promise<readonly Named[]> {
  const found = new Map<string, Named>();
  for (const name of names.length === 0 ? ['*'] : names) {
    const matches = hasWildcard(name) ? await matching(source, name, path) : await source.find(name, path);
    for (const definition of matches) found.set(asciiLower(definition.name), definition);
    if (matches.length === 0 && !hasWildcard(name)) found.set(asciiLower(name), await noSuchDefinition(source, name, path, verb));
  }
  return [...found.values()];
}

async function matching(source: OwnFiles, pattern: string, path: string | undefined): Promise<readonly (Definition | BrokenDefinition)[]> {
  const found: (Definition | BrokenDefinition)[] = [];
  for await (const definition of source.list(path)) if (matchesWildcard(pattern, definition.name)) found.push(definition);
  return found;
}

async function noSuchDefinition(source: OwnFiles, name: string, path: string | undefined, verb: string): Promise<JobError> {
  const known = await matching(source, '*', path);
  return notFoundByName(name, known.map((definition) => definition.name), placesOf(source, path), verb);
}

/** Where definitions are looked for, in a sentence. */
export function placesOf({ places = [] }: Pick<DefinitionSource, 'places'>, path: string | undefined): string {
  return path ?? places.join(', ');
}

/** `ScheduledJobDefinitionNotFoundByName`, with the command of the verb for the nearest name that is known. */
export function notFoundByName(name: string, known: readonly string[], where: string, verb: string): JobError {
  const near = suggest(name, known);
  return new JobError({
    code: 'ScheduledJobDefinitionNotFoundByName',
    message: `no definition is named "${name}"${where === '' ? '' : ` (${where})`}`,
    ...(near === undefined ? {} : { hint: `did you mean ${near}? ${verb} ${near}` }),
  });
}
