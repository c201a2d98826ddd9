// Reading tracked files where somebody may be working: any path may be gone, or be something else by now.

import { constants, lstat, open, readlink } from 'node:fs/promises';

const bytesOf = (path) => Buffer.from(path, 'latin1');

// Never follow a link that took the place of a file, and never wait for the other end of a pipe that did.
const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
const JUST_READ = O_RDONLY | O_NOFOLLOW | O_NONBLOCK;

const REASONS = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EIO: 'the disk cannot read it',
};

export class WorkTree {
  #archiveFolder;
  #places = new Map();

  /** @param archiveFolder what must never be archived itself; see ArchiveFolder.is */
  constructor(archiveFolder) {
    this.#archiveFolder = archiveFolder;
  }

  /** How many bytes there are to read, 0 for what cannot be asked. */
  async sizeOf({ path }) {
    const stats = await lstat(bytesOf(path)).catch(() => undefined);
    return stats?.isFile() ? stats.size : 0;
  }

  /**
   * One of `{ file, stats }` with an open handle, `{ link, stats }` with the target of a symbolic link, and
   * `{ left, reason }` for what cannot be archived: 'gone' (deleted, as git sees it), 'own' (in the archive folder),
   * 'unread' (it exists, yet).
   */
  async take({ path }) {
    try {
      return (await this.#obstacleAbove(path)) ?? (await this.#open(path));
    } catch (error) {
      return whyNot(error);
    }
  }

  async #open(path) {
    const stats = await lstat(bytesOf(path));
    if (stats.isSymbolicLink()) return { link: (await readlink(bytesOf(path), 'buffer')).toString('latin1'), stats };
    if (stats.isDirectory()) return (await this.#obstacleIn(path)) ?? { left: 'unread', reason: 'a folder has taken its place' };
    if (!stats.isFile()) return noPlainFile();
    const file = await open(bytesOf(path), JUST_READ);
    const opened = await file.stat();
    if (opened.isFile()) return { file, stats: opened };
    await file.close(); // it changed its nature between the two calls
    return noPlainFile();
  }

  async #obstacleAbove(path) {
    const slash = path.lastIndexOf('/');
    return slash === -1 ? undefined : this.#obstacleIn(path.slice(0, slash));
  }

  // Asked once per folder, not per file.
  #obstacleIn(folder) {
    if (!this.#places.has(folder)) this.#places.set(folder, this.#lookAt(folder));
    return this.#places.get(folder);
  }

  async #lookAt(folder) {
    const above = await this.#obstacleAbove(folder);
    if (above) return above;
    const stats = await lstat(bytesOf(folder), { bigint: true });
    // Git too takes a file "beyond a symbolic link" for deleted; what lies there is not what is tracked.
    if (stats.isSymbolicLink()) return { left: 'gone', reason: 'a symbolic link has taken the place of its folder' };
    return this.#archiveFolder.is(stats) ? { left: 'own', reason: 'it lies in the archive folder' } : undefined;
  }
}

const noPlainFile = () => ({ left: 'unread', reason: 'a pipe, socket or device has taken its place' });

function whyNot({ code, message }) {
  if (code === 'ENOENT' || code === 'ENOTDIR') return { left: 'gone', reason: 'git tracks it, but it no longer exists' };
  return { left: 'unread', reason: reasonOf({ code, message }) };
}

export const reasonOf = ({ code, message }) => REASONS[code] ?? code ?? message;
