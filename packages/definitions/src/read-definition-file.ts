/**
 * Reads a file that says what will run, and refuses one that somebody else could have written (security specification S4).
 * Opened first and looked at afterwards, through the open file: between a look at a path and its opening the file behind it
 * can be exchanged. Opening neither follows a link nor waits for the other end of a pipe.
 */
import { closeSync, constants, fstatSync, open as openFile, readSync, type Stats } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';
import { errorCodeOf, fileMissing, typed, unreadable, unsafe } from './errors.ts';
import { isInside } from './inside.ts';
import { LIMITS } from './limits.ts';

export interface FileTrust {
  /** Folders that a symbolic link may lead into. */
  readonly roots: readonly string[];
  /** User ids besides the user and root whose files are read. */
  readonly safeOwners?: readonly number[];
}

// Windows has neither flag.
const PLAIN = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

const open = promisify(openFile);

/**
 * The bytes of the file, but never more than one above the limit: enough to see that there are too many.
 *
 * Only opening waits without holding everything else up: it is what may take long, on a network or for a disk that sleeps.
 * What follows is a small file that is open, and four more ways to another thread and back cost twenty times as much as
 * reading it: a folder of 10,000 is read in 0.3 s instead of 1.9 s.
 */
export async function readDefinitionFile(file: string, trust: FileTrust): Promise<Uint8Array> {
  const descriptor = await openPlainly(file, trust.roots);
  try {
    const stats = fstatSync(descriptor);
    const fault = faultOf(stats, trust.safeOwners ?? []);
    if (fault !== undefined) throw unsafe(file, fault.text, fault.mend && `${fault.mend} ${typed(file)}`);
    return readUpTo(descriptor, stats.size, file);
  } finally {
    closeSync(descriptor);
  }
}

async function openPlainly(file: string, roots: readonly string[]): Promise<number> {
  try {
    return await open(file, PLAIN);
  } catch (error) {
    if (!isLink(error)) throw explain(file, error);
  }
  const target = await targetOf(file, roots);
  try {
    return await open(target, PLAIN);
  } catch (error) {
    throw isLink(error) ? unsafe(file, 'is a symbolic link that changes while it is read') : explain(file, error);
  }
}

async function targetOf(file: string, roots: readonly string[]): Promise<string> {
  const target = await realpath(file).catch((error: unknown) => {
    throw isLink(error) ? unsafe(file, 'is a symbolic link that leads to itself') : explain(file, error);
  });
  for (const root of roots) {
    const real = await realpath(root).catch(() => undefined);
    if (real !== undefined && isInside(real, target)) return target;
  }
  throw unsafe(file, 'is a symbolic link that leaves the definition path');
}

/** Text behind the file's name, and the beginning of a command that mends it. */
function faultOf(stats: Stats, safeOwners: readonly number[]): { text: string; mend?: string } | undefined {
  if (!stats.isFile()) return { text: 'is not a regular file' };
  // Windows has no such owners and modes.
  if (process.geteuid === undefined) return undefined;
  const owners = [process.geteuid(), 0, ...safeOwners];
  if (!owners.includes(stats.uid)) return { text: `belongs to user ${stats.uid}, neither to you nor to root`, mend: 'chown "$(id -u)"' };
  if ((stats.mode & 0o002) !== 0) return { text: 'can be written by everybody', mend: 'chmod o-w' };
  if ((stats.mode & 0o020) !== 0 && stats.gid !== primaryGroup()) return { text: `can be written by group ${stats.gid}, which is not your primary group`, mend: 'chmod g-w' };
  return undefined;
}

/** From the account: `newgrp` changes the group of a process, not the one that is the user's own. */
function primaryGroup(): number | undefined {
  try {
    return userInfo().gid;
  } catch {
    return process.getegid?.();
  }
}

/** The size is a guess: the file may grow meanwhile, and files of the system say 0. */
function readUpTo(descriptor: number, size: number, file: string): Uint8Array {
  const limit = LIMITS.bytes + 1;
  let buffer = Buffer.allocUnsafe(Math.min(size + 1, limit));
  let length = 0;
  try {
    for (;;) {
      const bytesRead = readSync(descriptor, buffer, length, buffer.length - length, null);
      length += bytesRead;
      if (bytesRead === 0 || length === limit) return buffer.subarray(0, length);
      if (length === buffer.length) buffer = Buffer.concat([buffer], limit);
    }
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** Linux and macOS say ELOOP for a link that must not be followed, FreeBSD EMLINK. */
function isLink(error: unknown): boolean {
  return ['ELOOP', 'EMLINK'].includes(errorCodeOf(error) ?? '');
}

function explain(file: string, error: unknown): Error {
  const code = errorCodeOf(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return fileMissing(file);
  // A socket cannot be opened at all.
  if (code === 'ENXIO' || code === 'EOPNOTSUPP') return unsafe(file, 'is not a regular file');
  return unreadable(file, error);
}
