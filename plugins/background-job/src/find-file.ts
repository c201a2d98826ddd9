import { opendirSync, statSync } from 'node:fs';
import { isAbsolute, join, parse, resolve, sep } from 'node:path';
import { hasWildcard, JobError, matchesWildcard } from '@nightshift/sdk';

/** No system opens a longer path. */
const LONGEST = 4_096;
/** Names that one pattern may make us look at: it names a file, it does not search a disk. */
const LOOKED_AT = 10_000;

/**
 * The one file meant by `filePath`, absolute: the name as it stands first, then as a pattern of `* ? [ ]`, which must match
 * exactly one. Throws `InvalidFilePathParameter`.
 */
export function findFile(filePath: string, folder: string): string {
  if (filePath.length > LONGEST) throw invalidPath(`no path has ${filePath.length} characters`);
  const literal = resolve(folder, filePath);
  if (isFile(literal)) return literal;
  const hint = isAbsolute(filePath) ? undefined : `a path begins at the folder of the definition: this one is ${shown(literal)}`;
  if (!hasWildcard(filePath)) throw invalidPath(`${shown(filePath)} is no file`, hint);
  const matches = expand(filePath, folder).filter(isFile);
  const [match] = matches;
  if (match === undefined) throw invalidPath(`no file matches ${shown(filePath)}`, hint);
  if (matches.length > 1) throw invalidPath(`${shown(filePath)} must mean one file and matches ${matches.length}: ${listOf(matches)}`);
  return match;
}

/** Folder by folder. Braces, `**` and the like of a shell mean nothing: some of them cost more than anybody has. */
function expand(pattern: string, folder: string): readonly string[] {
  const { root } = parse(pattern);
  let found = [root === '' ? folder : root];
  let left = LOOKED_AT;
  const namesIn = (inside: string): readonly string[] => {
    const names = listed(inside, left + 1);
    left -= names.length;
    if (left < 0) throw invalidPath(`${shown(pattern)} has more than ${LOOKED_AT.toLocaleString('en')} names to look at`);
    return names;
  };
  for (const part of pattern.slice(root.length).split(sep === '/' ? '/' : /[\\/]/)) {
    found = found.flatMap((inside) => (hasWildcard(part) ? namesIn(inside).filter((name) => isMeant(part, name)) : [part]).map((name) => join(inside, name)));
  }
  return found;
}

function isMeant(part: string, name: string): boolean {
  return !name.startsWith('.') && matchesWildcard(part, name, (text) => text);
}

/** At most so many names of a folder; none of one that cannot be looked into. */
function listed(folder: string, limit: number): readonly string[] {
  const names: string[] = [];
  try {
    const open = opendirSync(folder);
    try {
      for (let entry = open.readSync(); entry !== null && names.length < limit; entry = open.readSync()) names.push(entry.name);
    } finally {
      open.closeSync();
    }
  } catch {
    return names;
  }
  return names;
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function listOf(paths: readonly string[]): string {
  const first = paths.toSorted().slice(0, 5).map(shown);
  return paths.length > first.length ? `${first.join(', ')}, …` : first.join(', ');
}

function shown(path: string): string {
  return JSON.stringify(path.length > 200 ? `${path.slice(0, 200)}…` : path);
}

function invalidPath(message: string, hint?: string): JobError {
  return new JobError({ code: 'InvalidFilePathParameter', message, path: ['filePath'], ...(hint === undefined ? {} : { hint }) });
}
