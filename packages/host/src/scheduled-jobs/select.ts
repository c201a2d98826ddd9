/** Which definitions a verb means. Source: scheduled-jobs.md 1.5 and section 11. */
import { resolve } from 'node:path';
import { hasWildcard, matchesWildcard } from '@nightshift/core';
import { definitionKey, namespaceOf, type YamlDefinitions } from '@nightshift/definitions';
import { asciiLower, checkName, isBroken, isJobError, JobError, type BrokenDefinition, type Definition } from '@nightshift/sdk';
import { notFoundByName, placesOf } from '../named-definitions.ts';

/** Both together mean either. None of them: all definitions; an empty list means nothing. */
export interface DefinitionSelector {
  /** Positions in the listing, from 1. */
  readonly ids?: readonly number[];
  /** Names, with the wildcards `* ? [ ]`, compared without case. */
  readonly names?: readonly string[];
}

/** A definition that is meant: a file, whatever can be made of it. */
export interface SelectedDefinition {
  /** Position of its name in the listing: not stable. */
  readonly id: number;
  readonly name: string;
  readonly key: string;
  /** Absolute. */
  readonly file: string;
  readonly found: Definition | BrokenDefinition;
}

export interface Selection {
  /** In name order, each once; several of one name are in conflict, and all of them are broken. */
  readonly definitions: readonly SelectedDefinition[];
  /** `ScheduledJobDefinitionNotFoundById`, `ScheduledJobDefinitionNotFoundByName`, `InvalidDefinitionName`. */
  readonly problems: readonly JobError[];
}

export interface SelectParts {
  readonly yaml: YamlDefinitions;
  /** Of the configuration. Default: one for each folder. */
  readonly namespace?: string;
}

/**
 * The definitions that a selector means. An exact name or id without a definition is a problem, and the others are found all
 * the same; a pattern that fits none is quiet. `path`: one folder in place of the configured ones; `verb`: in hints.
 * Throws what keeps a folder from being read. Opens only files that are meant.
 */
export async function selectDefinitions(parts: SelectParts, selector: DefinitionSelector, path: string | undefined, verb: string): Promise<Selection> {
  const known = await parts.yaml.names(path);
  const ids = new Map(known.map((name, index) => [asciiLower(name), index + 1]));
  const { wanted, problems } = meant(selector, known, ids, placesOf(parts.yaml, path), verb);
  const definitions: SelectedDefinition[] = [];
  if (wanted.size > 0) for await (const found of parts.yaml.list(path, { names: wanted })) definitions.push(await selected(parts, found, ids));
  return { definitions, problems };
}

type Ids = ReadonlyMap<string, number>;

function meant({ ids, names }: DefinitionSelector, known: readonly string[], positions: Ids, where: string, verb: string): { readonly wanted: ReadonlySet<string>; readonly problems: readonly JobError[] } {
  if (ids === undefined && names === undefined) return { wanted: new Set(positions.keys()), problems: [] };
  const wanted = new Set<string>();
  const problems: JobError[] = [];
  for (const id of ids ?? []) {
    const name = known[id - 1];
    if (name === undefined) problems.push(notFoundById(id, known.length, where));
    else wanted.add(asciiLower(name));
  }
  for (const name of names ?? []) {
    if (positions.has(asciiLower(name))) wanted.add(asciiLower(name));
    else if (hasWildcard(name)) for (const one of known.filter((candidate) => matchesWildcard(name, candidate))) wanted.add(asciiLower(one));
    else problems.push(faultOf(name) ?? notFoundByName(name, known, where, verb));
  }
  return { wanted, problems };
}

function faultOf(name: string): JobError | undefined {
  try {
    checkName(name);
    return undefined;
  } catch (cause) {
    if (isJobError(cause)) return cause as JobError;
    throw cause;
  }
}

function notFoundById(id: number, count: number, where: string): JobError {
  const range = count === 0 ? 'there is none' : count === 1 ? 'there is only 1' : `there are 1 to ${count}`;
  return new JobError({ code: 'ScheduledJobDefinitionNotFoundById', message: `no definition has the id ${id}: ${range}${where === '' ? '' : ` (${where})`}`, hint: 'ids are positions in the listing of get-scheduled-job: a name stays' });
}

async function selected({ namespace }: SelectParts, found: Definition | BrokenDefinition, ids: Ids): Promise<SelectedDefinition> {
  // As it was shown: relative to the folder of this process.
  const file = resolve(found.location);
  const key = isBroken(found) ? definitionKey(namespace ?? (await namespaceOf(resolve(file, '..'))), found.name) : found.key;
  return { id: ids.get(asciiLower(found.name)) ?? 0, name: found.name, key, file, found };
}
