import { realpath } from 'node:fs/promises';
import { dirname, parse, resolve } from 'node:path';
import { asciiLower, type BrokenDefinition, checkName, type Definition, type DefinitionSource } from '@nightshift/sdk';
import { checkDefinition } from './check-definition.ts';
import type { CheckTrigger } from './check-triggers.ts';
import { definitionKey, namespaceOf } from './definition-path.ts';
import { factsOf, sameName, unsafe } from './errors.ts';
import { shownPath } from './inside.ts';
import { byName, type DefinitionFile, listFolder } from './list-folder.ts';
import { readDefinitionFile } from './read-definition-file.ts';

export interface DefinitionsOptions {
  /** Absolute folders, searched in order. */
  readonly folders: readonly string[];
  /** Default: one for each folder, from its real path. */
  readonly namespace?: string;
  /** User ids besides the user and root whose files are read. Default: none. */
  readonly safeOwners?: readonly number[];
  /** Default zone for checks. */
  readonly timeZone?: string;
  readonly checkTrigger: CheckTrigger;
}

type Found = Definition | BrokenDefinition;

export interface YamlDefinitions extends DefinitionSource {
  /** One file by itself, wherever it lies; with `text`, as if that were its content, whether it is there or not. */
  check(file: string, text?: string): Promise<Found>;
}

/** Definitions that are files `<Name>.yaml`, `.yml` or `.json` of some folders; a `path` stands for one folder in their place. */
export function createYamlDefinitions(options: DefinitionsOptions): YamlDefinitions {
  return {
    places: options.folders.map(shownPath),
    async find(name, path) {
      const wanted = asciiLower(checkName(name));
      const files = (await filesOf(options, path)).filter(({ lowerName }) => lowerName === wanted);
      return files.length === 0 ? [] : (await readGroup(files, options)).slice(0, 1);
    },
    async *list(path) {
      for (const group of byLowerName(await filesOf(options, path))) yield* await readGroup(group, options);
    },
    check: (file, text) => checkFile(file, options, text),
  };
}

/** One file by itself, wherever it lies: other files of its name are not looked for. With `text`, as if that were its content. */
export async function checkFile(file: string, options: DefinitionsOptions, text?: string): Promise<Found> {
  const absolute = resolve(file);
  const folder = dirname(absolute);
  const { name } = parse(absolute);
  return readOne({ name, lowerName: asciiLower(name), file: absolute, folder, regular: true, namespace: options.namespace }, options, text);
}

interface Candidate extends DefinitionFile {
  /** Computed once for all files of a folder; undefined: when the file has been read. */
  readonly namespace: string | undefined;
}

async function filesOf(options: DefinitionsOptions, path: string | undefined): Promise<readonly Candidate[]> {
  const folders = await distinct((path === undefined ? options.folders : [path]).map((folder) => resolve(folder)));
  const files: Candidate[] = [];
  for (const folder of folders) {
    const found = await listFolder(folder);
    const namespace = options.namespace ?? (await namespaceOf(folder));
    for (const file of found) files.push({ ...file, namespace });
  }
  return files.sort(byName);
}

/** A folder that is named twice, or once by a link to it, is no conflict with itself. */
async function distinct(folders: readonly string[]): Promise<readonly string[]> {
  const byRealPath = new Map<string, string>();
  for (const folder of folders) {
    const real = await realpath(folder).catch(() => folder);
    if (!byRealPath.has(real)) byRealPath.set(real, folder);
  }
  return [...byRealPath.values()];
}

/** Files that are sorted by name, those of one name together. */
function* byLowerName(files: readonly Candidate[]): Generator<readonly Candidate[]> {
  let group: Candidate[] = [];
  for (const file of files) {
    if (group[0] !== undefined && group[0].lowerName !== file.lowerName) {
      yield group;
      group = [];
    }
    group.push(file);
  }
  if (group.length > 0) yield group;
}

/** Of several files of one name none is used, and none is read: the same complaint stands for each. */
async function readGroup(files: readonly Candidate[], options: DefinitionsOptions): Promise<readonly Found[]> {
  const [first] = files as readonly [Candidate];
  if (files.length === 1) return [await readOne(first, options)];
  const locations = files.map(({ file }) => shownPath(file));
  return locations.map((location) => ({ name: first.name, location, errors: [{ ...sameName(first.name, locations), file: location }] }));
}

async function readOne(found: Candidate, options: DefinitionsOptions, text?: string): Promise<Found> {
  const { name, file, folder, namespace } = found;
  const location = shownPath(file);
  try {
    checkName(name);
    if (!found.regular) throw unsafe(file, 'is not a regular file');
    const bytes = text === undefined ? await readDefinitionFile(file, trustOf(folder, options)) : Buffer.from(text);
    const facts = { key: definitionKey(namespace ?? (await namespaceOf(folder)), name), name, location, baseFolder: folder };
    return checkDefinition(bytes, facts, { checkTrigger: options.checkTrigger, timeZone: options.timeZone, now: new Date() });
  } catch (error) {
    return { name, location, errors: [factsOf(error, location)] };
  }
}

function trustOf(folder: string, { folders, safeOwners }: DefinitionsOptions): { roots: readonly string[]; safeOwners?: readonly number[] } {
  return { roots: [folder, ...folders], ...(safeOwners === undefined ? {} : { safeOwners }) };
}
