import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { asciiLower } from '@nightshift/sdk';
import { errorCodeOf, folderMissing, full, notAFolder, tooMany, unreadable } from './errors.ts';
import { LIMITS } from './limits.ts';

/** A file that is a definition by its name. Nothing of it has been opened. */
export interface DefinitionFile {
  readonly name: string;
  /** By which names are compared and sorted. */
  readonly lowerName: string;
  readonly file: string;
  readonly folder: string;
  /** False for a folder, pipe, socket or device of such a name: it is not even opened. */
  readonly regular: boolean;
}

const EXTENSIONS: readonly string[] = ['.yaml', '.yml', '.json'];

/** Which files of a folder are listed. */
export interface Listed {
  /** Names in lower case. Default: all. */
  readonly names?: ReadonlySet<string> | undefined;
}

/**
 * The definition files of one folder in name order: no sub-folders, no names beginning with a dot, no other extensions.
 * Throws `DirectoryNotFoundException`, `DefinitionPathUnreadable`, or `LimitExceeded` for more than 10,000.
 */
export async function listFolder(folder: string, { names }: Listed = {}): Promise<readonly DefinitionFile[]> {
  const files: DefinitionFile[] = [];
  let count = 0;
  try {
    for await (const entry of await opendir(folder, { bufferSize: 1_000 })) {
      const name = definitionName(entry.name);
      if (name === undefined) continue;
      if (++count > LIMITS.definitions) throw tooMany(folder);
      const lowerName = asciiLower(name);
      if (names === undefined || names.has(lowerName)) files.push({ name, lowerName, file: join(folder, entry.name), folder, regular: !isOther(entry) });
    }
  } catch (error) {
    throw explain(folder, error);
  }
  return files.sort(byName);
}

/** Throws `LimitExceeded` where one more definition would make all of the folder unreadable, and what `listFolder` throws. */
export async function refuseFull(folder: string): Promise<void> {
  if ((await listFolder(folder)).length >= LIMITS.definitions) throw full(folder);
}

/** The name of the definition that a file of this name holds; undefined when it holds none. */
export function definitionName(fileName: string): string | undefined {
  const dot = fileName.lastIndexOf('.');
  return dot > 0 && !fileName.startsWith('.') && EXTENSIONS.includes(asciiLower(fileName.slice(dot))) ? fileName.slice(0, dot) : undefined;
}

interface Kinds {
  isDirectory(): boolean;
  isFIFO(): boolean;
  isSocket(): boolean;
  isCharacterDevice(): boolean;
  isBlockDevice(): boolean;
}

/** Some file systems do not say what an entry is: then opening it tells. */
function isOther(entry: Kinds): boolean {
  return entry.isDirectory() || entry.isFIFO() || entry.isSocket() || entry.isCharacterDevice() || entry.isBlockDevice();
}

/** Without case, then by path: the same order in every locale. */
export function byName(a: DefinitionFile, b: DefinitionFile): number {
  if (a.lowerName !== b.lowerName) return a.lowerName < b.lowerName ? -1 : 1;
  return a.file < b.file ? -1 : a.file > b.file ? 1 : 0;
}

function explain(folder: string, error: unknown): unknown {
  switch (errorCodeOf(error)) {
    case 'LimitExceeded':
      return error;
    case 'ENOENT':
      return folderMissing(folder);
    case 'ENOTDIR':
      return notAFolder(folder);
    default:
      return unreadable(folder, error);
  }
}
