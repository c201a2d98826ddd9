import { realpath } from 'node:fs/promises';
import { dirname, parse, resolve } from 'node:path';
import { asciiLower, type BrokenDefinition, checkName, type Clock, type Definition, type DefinitionSource, type JobError, type SourceFiles } from '@nightshift/sdk';
import { checkDefinition } from './check-definition.ts';
import type { CheckTrigger } from './check-triggers.ts';
import { definitionKey, namespaceOf } from './definition-path.ts';
import { factsOf, sameName, unsafe } from './errors.ts';
import { inOrder } from './in-order.ts';
import { shownPath } from './inside.ts';
import { byName, type DefinitionFile, listFolder } from './list-folder.ts';
import { readDefinitionFile } from './read-definition-file.ts';
import { watchDefinitions, type WatchParts } from './watch.ts';

export interface DefinitionsOptions {
  /** Absolute folders, searched in order. */
  readonly folders: readonly string[];
  /** Default: one for each folder, from its real path. */
  readonly namespace?: string;
  /** Of some of the folders, for as long as this lives: a link may lead elsewhere meanwhile. Default: none. */
  readonly namespaces?: ReadonlyMap<string, string>;
  /** User ids besides the user and root whose files are read. Default: none. */
  readonly safeOwners?: readonly number[];
  /** Default zone for checks. */
  readonly timeZone?: string;
  readonly checkTrigger: CheckTrigger;
  /** For `watch`, which is not there without it. */
  readonly clock?: Clock;
  /** Told why a folder is looked at once a second instead of being watched. Default: nobody. */
  readonly warn?: (warning: JobError) => void;
}

type Found = Definition | BrokenDefinition;

/** Files that are opened at once, while others are read and checked. */
const AT_ONCE = 8;

export interface YamlDefinitions extends DefinitionSource {
  find(name: string, path: string | undefined): Promise<readonly Found[]>;
  /** With `names`, only those of these names, compared without case: one look at the folders for all of them. */
  list(path: string | undefined, wanted?: { readonly names?: Iterable<string> } & Partial<SourceFiles>): AsyncIterable<Found>;
  /** The names of all files in name order, each once whatever its case and extension. None of the files is opened. */
  names(path: string | undefined): Promise<readonly string[]>;
  /** One file by itself, wherever it lies; with `text`, as if that were its content, whether it is there or not. */
  check(file: string, text?: string): Promise<Found>;
}

/** Definitions that are files `<Name>.yaml`, `.yml` or `.json` of some folders; a `path` stands for one folder in their place. */
export function createYamlDefinitions(options: DefinitionsOptions): YamlDefinitions {
  return {
    places: options.folders.map(shownPath),
    async find(name, path) {
      const { files, namespaces } = await filesOf(options, path, [checkName(name)]);
      return files.length === 0 ? [] : (await readGroup(files, namespaces, options)).slice(0, 1);
    },
    async *list(path, { names } = {}) {
      const { files, namespaces } = await filesOf(options, path, names);
      for await (const group of inOrder(byLowerName(files), AT_ONCE, (group) => readGroup(group, namespaces, options))) {
        for (const found of group) yield found;
      }
    },
    async names(path) {
      const { files } = await filesOf(options, path);
      return [...byLowerName(files)].map(([first]) => (first as DefinitionFile).name);
    },
    check: (file, text) => checkFile(file, options, text),
    ...(options.clock === undefined ? {} : { watch: watcher({ ...options, clock: options.clock }) }),
  };
}

function watcher({ folders, ...parts }: DefinitionsOptions & WatchParts): NonNullable<DefinitionSource['watch']> {
  return (path, signal) => watchDefinitions(path === undefined ? folders : [path], parts, signal);
}

/** One file by itself, wherever it lies: other files of its name are not looked for. With `text`, as if that were its content. */
export async function checkFile(file: string, options: DefinitionsOptions, text?: string): Promise<Found> {
  const absolute = resolve(file);
  const folder = dirname(absolute);
  const { name } = parse(absolute);
  return readOne({ name, lowerName: asciiLower(name), file: absolute, folder, regular: true }, options.namespace, options, text);
}

/** By folder. */
type Namespaces = ReadonlyMap<string, string>;

async function filesOf(options: DefinitionsOptions, path: string | undefined, names?: Iterable<string>): Promise<{ files: readonly DefinitionFile[]; namespaces: Namespaces }> {
  const folders = await distinct((path === undefined ? options.folders : [path]).map((folder) => resolve(folder)));
  const listed = { names: names && new Set([...names].map(asciiLower)) };
  const files: DefinitionFile[] = [];
  const namespaces = new Map<string, string>();
  for (const folder of folders) {
    for (const file of await listFolder(folder, listed)) files.push(file);
    namespaces.set(folder, options.namespace ?? options.namespaces?.get(folder) ?? (await namespaceOf(folder)));
  }
  return { files: files.sort(byName), namespaces };
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
function* byLowerName(files: readonly DefinitionFile[]): Generator<readonly DefinitionFile[]> {
  let group: DefinitionFile[] = [];
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
async function readGroup(files: readonly DefinitionFile[], namespaces: Namespaces, options: DefinitionsOptions): Promise<readonly Found[]> {
  const [first] = files as readonly [DefinitionFile];
  if (files.length === 1) return [await readOne(first, namespaces.get(first.folder), options)];
  const locations = files.map(({ file }) => shownPath(file));
  return locations.map((location) => ({ name: first.name, location, errors: [{ ...sameName(first.name, locations), file: location }] }));
}

/** Without a namespace, that of the folder is computed when the file has been read. */
async function readOne(found: DefinitionFile, namespace: string | undefined, options: DefinitionsOptions, text?: string): Promise<Found> {
  const { name, file, folder } = found;
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
