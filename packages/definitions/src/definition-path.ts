import { lstat, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, parse, relative, resolve, sep } from 'node:path';
import { asciiLower } from '@nightshift/sdk';
import { errorCodeOf, unsafe } from './errors.ts';
import { isInside } from './inside.ts';

/** `<namespace>/<name in lower case>`: what firings, clocks, overlap, retention and queue ids of a definition go by. */
export function definitionKey(namespace: string, name: string): string {
  return `${namespace}/${asciiLower(name)}`;
}

/** The namespace of a folder that is given none: the first 8 hex digits of the SHA-256 of its real path. It need not exist yet. */
export async function namespaceOf(folder: string): Promise<string> {
  // Not at the top: loading the module costs a sixth of Node's own start, and a given namespace needs none of it.
  const { hash } = await import('node:crypto');
  return hash('sha256', await realPathOf(folder)).slice(0, 8);
}

/**
 * The nearest folder upward with `.git` or `package.json`. The search ends at the home folder, and before a folder that is on
 * another file system, belongs to somebody else or can be written by everybody: who can plant a `.git` there must not say
 * what belongs to our project.
 */
export async function projectRoot(folder: string): Promise<string | undefined> {
  const home = await realpath(homedir()).catch(() => undefined);
  const start = await realpath(folder);
  const { dev } = await stat(start);
  for (let at = start; await isOurs(at, dev); at = dirname(at)) {
    if ((await exists(join(at, '.git'))) || (await exists(join(at, 'package.json')))) return at;
    if (at === home || at === dirname(at)) return undefined;
  }
  return undefined;
}

/**
 * The real path of a path named by a definition, whether it exists or not. Links that lead out of the project, or of the
 * definition's own folder where there is no project, count as outside: `DefinitionUnsafe`.
 */
export async function insideProject(baseFolder: string, path: string): Promise<string> {
  const base = await realPathOf(baseFolder);
  const project = await projectRoot(await existingPart(base));
  const root = project ?? base;
  const real = await realPathOf(resolve(base, path));
  if (isInside(root, real)) return real;
  const hint = project === undefined ? 'a definition may name files and folders of its own project only, which begins at the nearest folder with .git or package.json' : 'a definition may name files and folders of its own project only';
  throw unsafe(path, `lies outside the project ${root}`, hint);
}

/** Of a path that does not exist yet: the real path of its nearest ancestor that does, and the rest. */
async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const there = await existingPart(path);
    // It may have been made at this very moment.
    const made = there === path ? await realpath(path).catch(() => undefined) : undefined;
    if (made !== undefined) return made;
    // A link that leads nowhere is no missing file: whoever creates its target later decides where it leads.
    if (errorCodeOf(error) !== 'ENOENT' || there === path) throw unsafe(path, 'cannot be followed to a real path');
    return join(await realPathOf(there), relative(there, path));
  }
}

/** As much of an absolute path as is there, looked for from the root: a long path must cost no more than what there is of it. */
async function existingPart(path: string): Promise<string> {
  let there = parse(path).root;
  for (const name of path.slice(there.length).split(sep)) {
    const next = join(there, name);
    if (!(await exists(next))) return there;
    there = next;
  }
  return there;
}

async function isOurs(folder: string, device: number): Promise<boolean> {
  const { dev, uid, mode } = await stat(folder);
  if (dev !== device) return false;
  return process.geteuid === undefined || ((uid === process.geteuid() || uid === 0) && (mode & 0o002) === 0);
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
