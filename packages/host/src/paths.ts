import { readdirSync, statSync, type Stats } from 'node:fs';
import { join, resolve } from 'node:path';
import { hasWildcard, matchesWildcard } from '@nightshift/core';
import { JobError } from '@nightshift/sdk';

/** The folder that this process stands in. Throws `DirectoryNotFoundException` when somebody has removed it. */
export function currentFolder(): string {
  try {
    return process.cwd();
  } catch (cause) {
    throw new JobError({ code: 'DirectoryNotFoundException', message: 'the current folder has been removed', hint: 'go to another one, or use --working-directory' }, { cause });
  }
}

/**
 * The one script file that a path or pattern names, absolute.
 * Throws `FilePathNotFound` for none, `FilePathNotSingle` for several. Source: jobs.md 8.2.
 */
export function findScript(pattern: string, from: string): string {
  const files = expand(pattern, from).filter((path) => factsOf(path)?.isFile() === true);
  const [file, ...others] = files;
  if (file === undefined) throw new JobError({ code: 'FilePathNotFound', message: `no file ${hasWildcard(pattern) ? 'matches' : 'is at'} "${pattern}"` });
  if (others.length > 0) throw new JobError({ code: 'FilePathNotSingle', message: `"${pattern}" matches ${files.length} files: ${files.join(', ')}`, hint: 'name one of them' });
  return file;
}

/** The script file at exactly this path. Throws `FilePathNotFound`. Source: jobs.md 8.2. */
export function findLiteralScript(path: string, from: string): string {
  const file = resolve(from, path);
  if (factsOf(file)?.isFile() === true) return file;
  throw new JobError({ code: 'FilePathNotFound', message: `no file is at "${path}"` });
}

/** The one folder that a path or pattern names, absolute. Source: jobs.md 8.4. */
export function expandFolder(pattern: string, from: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(pattern)) {
    throw new JobError({ code: 'StartJobFromDefinitionNamePathInvalidNotFileSystemProvider', message: `"${pattern}" is not a path of the file system` });
  }
  if (pattern === '') throw new JobError({ code: 'ParameterArgumentValidationError', message: 'the definition path is empty' });
  const folders = expand(pattern, from).filter((path) => factsOf(path)?.isDirectory() === true);
  const [folder, ...others] = folders;
  if (folder !== undefined && others.length === 0) return folder;
  if (!hasWildcard(pattern)) return existingFolder(pattern, from);
  throw new JobError({ code: 'StartJobFromDefinitionNamePathInvalidNotSingle', message: `"${pattern}" matches ${folders.length === 0 ? 'no folder' : folders.join(', ')}; it must match exactly one` });
}

/** The folder at exactly this path, absolute. Throws `DirectoryNotFoundException` for whatever else is there, or nothing. */
export function existingFolder(path: string, from: string): string {
  const folder = resolve(from, path);
  let fault = 'is not a folder';
  try {
    if (statSync(folder).isDirectory()) return folder;
  } catch (cause) {
    fault = UNREACHABLE[(cause as NodeJS.ErrnoException).code ?? ''] ?? 'cannot be looked at';
  }
  throw new JobError({ code: 'DirectoryNotFoundException', message: `"${path}" ${fault}` });
}

const UNREACHABLE: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EACCES: 'cannot be reached: permission denied',
  ELOOP: 'is a link that leads to itself',
  ENAMETOOLONG: 'is longer than any path',
};

/** What is at a path; undefined where nothing is, and where nothing can be for us: a name too long, a closed folder, a loop of links. */
function factsOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Paths that a pattern matches, in name order, with regard to case; a path that is there under its very name is meant itself. */
function expand(pattern: string, from: string): string[] {
  const path = resolve(from, pattern);
  if (!hasWildcard(pattern) || factsOf(path) !== undefined) return [path];
  let found = ['/'];
  for (const part of path.split('/').filter((word) => word !== '')) {
    found = found.flatMap((folder) => (hasWildcard(part) ? namesIn(folder).filter((name) => matchesWildcard(part, name, exactly)).map((name) => join(folder, name)) : [join(folder, part)]));
  }
  return found;
}

const exactly = (text: string): string => text;

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith('.')).toSorted();
  } catch {
    // A pattern matches only what can be looked into.
    return [];
  }
}
