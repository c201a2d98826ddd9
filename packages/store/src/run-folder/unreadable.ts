/**
 * What makes a run unreadable, against what only stands in the way for a while.
 *
 *     it is something else        a folder where a file belongs, a file where a folder does, links in a ring   unreadable
 *     it is closed                its owner is the reader, and its own mode shuts him out                      unreadable, at a second look
 *     it says nothing             a claim or an exit record that no crash of ours can have left                unreadable
 *     it says nothing yet         absent, empty, blank, or the beginning of what was to be written             a crash; has a meaning of its own
 *     the machine says no         EIO, EMFILE, ENOMEM, a folder above that is shut, somebody else's file       passes: nothing is moved
 */
import { lstatSync, readdirSync, renameSync, type Stats } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Something of a run that can never be read as what it should be. */
export interface Fault {
  readonly file: string;
  readonly why: string;
}

const WHAT_LIES_THERE: Readonly<Record<string, string>> = { EISDIR: 'it is no file', ELOOP: 'its links lead round in a ring', ENXIO: 'it is no file', ENOTSUP: 'it is no file' };

/** What a file of ours would never be: a folder, a pipe that would be waited for, or far too large. */
export function notOurFile(path: string): Error {
  return Object.assign(new Error(`it is no file of ours: ${path}`), { code: 'EISDIR', syscall: 'open', path });
}

/** What an error of the system says about a run; undefined: it speaks of the machine, or of nothing that lasts. */
export function faultOf(cause: unknown, runFolder: string): Fault | undefined {
  const { code = '', path = runFolder } = cause as NodeJS.ErrnoException;
  // Gone altogether is another matter, and so is a folder above that cannot be looked into.
  if (!path.startsWith(runFolder) || lookAt(runFolder) === undefined) return undefined;
  if (code === 'EACCES' || code === 'EPERM') return closedOnTheWay(path, runFolder);
  if (code === 'ENOTDIR') return shapeFault(runFolder, dirname(path));
  const why = WHAT_LIES_THERE[code];
  return why === undefined ? undefined : { file: path, why };
}

/** A run folder, or the sub-folder of an attempt, that is no folder. */
export function shapeFault(runFolder: string, attempt: string): Fault | undefined {
  for (const file of [runFolder, attempt]) {
    const facts = lookAt(file);
    if (facts !== undefined && !facts.isDirectory() && !(facts.isSymbolicLink() && leadsToFolder(file))) return { file, why: 'it is no folder' };
  }
  return undefined;
}

/** Whether its owner is this user and has shut himself out of it. Somebody may open it again at any time. */
export function isClosed(path: string): boolean {
  const facts = lookAt(path);
  return facts !== undefined && isShut(facts);
}

/** Moves a run out of the way and keeps it. Its new place; undefined when it is not there (any more). Throws what the system says. */
export function setRunAside(runFolder: string, now: Date): string | undefined {
  const name = `${runFolder}${ASIDE}${now.toISOString().replaceAll(':', '')}`;
  let target = name;
  for (let count = 2; lstatSync(target, { throwIfNoEntry: false }) !== undefined; count++) target = `${name}-${count}`;
  try {
    renameSync(runFolder, target);
    return target;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
}

/** Where a run that could not be read is kept; the newest, and undefined where none is. */
export function asideOf(runFolder: string): string | undefined {
  const folder = dirname(runFolder);
  if (lookAt(folder)?.isDirectory() !== true) return undefined;
  const name = readdirSync(folder).filter((one) => one.startsWith(basename(runFolder) + ASIDE)).toSorted().at(-1);
  return name === undefined ? undefined : join(folder, name);
}

const ASIDE = '.corrupt-';

function closedOnTheWay(path: string, runFolder: string): Fault | undefined {
  for (let file = path; file.startsWith(runFolder); file = dirname(file)) {
    const facts = lookAt(file);
    if (facts !== undefined) return isShut(facts) ? { file, why: `its owner may not read it (mode ${(facts.mode & 0o777).toString(8).padStart(4, '0')})` } : undefined;
  }
  return undefined;
}

function isShut(facts: Stats): boolean {
  const needed = facts.isDirectory() ? 0o500 : 0o400;
  return facts.uid === process.geteuid?.() && (facts.mode & needed) !== needed;
}

function leadsToFolder(path: string): boolean {
  return lookAt(`${path}/.`)?.isDirectory() === true;
}

/** Undefined: nothing is there, or nobody may say. */
function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
