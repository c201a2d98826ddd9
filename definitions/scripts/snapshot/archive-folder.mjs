// The folder of the archives: the names in it, and what may be removed from it.
//
//   snapshot-20261123T020000.123Z-a1b2c3.tar.gz              complete and verified
//   snapshot-20261123T020000.123Z-a1b2c3-incomplete.tar.gz   verified, but something could not be read
//   .snapshot-20261123T020000.123Z-a1b2c3.HOST.PID.partial   being written by that process
//
// Names sort by time. The random digits are for two runs in one millisecond.

import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Refusal } from './refusal.mjs';
import { quoted, warn } from './report.mjs';

const STAMP = String.raw`\d{8}T\d{6}\.\d{3}Z-[0-9a-f]{6}`;
const ARCHIVE = new RegExp(String.raw`^snapshot-${STAMP}(?<incomplete>-incomplete)?\.tar\.gz$`);
const PARTIAL = new RegExp(String.raw`^\.snapshot-${STAMP}\.(?<host>[A-Za-z0-9-]+)\.(?<pid>\d+)\.partial$`);

const HOST = hostname().replace(/[^A-Za-z0-9-]/g, '-').slice(0, 60) || 'localhost';
const DAY = 24 * 60 * 60 * 1000;

const REASONS = {
  ENOSPC: 'the disk is full; free some space or lower --keep',
  EDQUOT: 'the disk quota is used up; free some space or lower --keep',
  EFBIG: 'the file system takes no file of that size; name another folder with --to',
  EACCES: 'permission denied; let this user write there or name another folder with --to',
  EPERM: 'permission denied; let this user write there or name another folder with --to',
  EROFS: 'the file system is read-only; name another folder with --to',
  EEXIST: 'a file is in the way; name another folder with --to',
  ENOTDIR: 'a file is in the way; name another folder with --to',
};

export class ArchiveFolder {
  #path;
  #identity;

  constructor(path, identity) {
    this.#path = path;
    this.#identity = identity;
  }

  /** Made where it is missing, readable by its owner only; cleared of what dead runs have left. */
  static async open(path) {
    const folder = new ArchiveFolder(path, await made(path));
    if (folder.is(await stat('.', { bigint: true }))) throw rootItself();
    await folder.#removeLeftOvers();
    return folder;
  }

  /** By device and number, not by name: a name may differ in case, or lead through symbolic links. */
  is({ dev, ino }) {
    return dev === this.#identity.dev && ino === this.#identity.ino;
  }

  newDraft() {
    const stamp = `${new Date().toISOString().replace(/[-:]/g, '')}-${randomBytes(3).toString('hex')}`;
    return { stamp, path: join(this.#path, `.snapshot-${stamp}.${HOST}.${process.pid}.partial`) };
  }

  async publish({ stamp, path }, isComplete) {
    const archive = join(this.#path, `snapshot-${stamp}${isComplete ? '' : '-incomplete'}.tar.gz`);
    try {
      await rename(path, archive);
    } catch (error) {
      throw writeFailure(archive, error);
    }
    await this.#sync();
    return archive;
  }

  /** After `publish` there is nothing left to discard; what cannot be removed now, the next run removes. */
  async discard({ path }) {
    await rm(path, { force: true }).catch(() => {});
  }

  /** Returns how many archives were removed; never the one just made, whatever the clock was when others were. */
  async prune(keep, newest) {
    let removed = 0;
    for (const name of surplusOf(await this.#names(), keep)) {
      if (join(this.#path, name) !== newest && (await this.#remove(name))) removed += 1;
    }
    return removed;
  }

  async #names() {
    try {
      const entries = await readdir(this.#path, { withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    } catch (error) {
      throw writeFailure(this.#path, error);
    }
  }

  async #removeLeftOvers() {
    for (const name of await this.#names()) {
      const owner = PARTIAL.exec(name)?.groups;
      if (owner && (await this.#isAbandoned(name, owner))) await this.#remove(name);
    }
  }

  // A process number may have been given away again, or mean nothing here because the folder is shared with another
  // machine. But who writes an archive writes all the time: a day of silence settles it.
  async #isAbandoned(name, { host, pid }) {
    if (host === HOST && !isAlive(Number(pid))) return true;
    const stats = await stat(join(this.#path, name)).catch(() => undefined);
    return stats !== undefined && Date.now() - stats.mtimeMs > DAY;
  }

  async #remove(name) {
    try {
      await unlink(join(this.#path, name));
      return true;
    } catch (error) {
      // Gone already: another run has the same task.
      if (error.code !== 'ENOENT') warn(`${quoted(join(this.#path, name))} could not be removed (${error.code}); remove it by hand`);
      return false;
    }
  }

  // The new name too must be on the disk. Not every system lets a folder be opened for that.
  async #sync() {
    const folder = await open(this.#path).catch(() => undefined);
    await folder?.sync().catch(() => {});
    await folder?.close();
  }
}

async function made(path) {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    return await stat(path, { bigint: true });
  } catch (error) {
    throw writeFailure(path, error);
  }
}

/** All but the newest `keep`; and of the complete ones, too, that many stay, however many incomplete ones follow. */
export function surplusOf(names, keep) {
  const archives = names.filter((name) => ARCHIVE.test(name)).sort();
  const complete = archives.filter((name) => !ARCHIVE.exec(name).groups.incomplete);
  const kept = new Set([...archives.slice(-keep), ...complete.slice(-keep)]);
  return archives.filter((name) => !kept.has(name));
}

function isAlive(pid) {
  if (pid === process.pid) return false; // our own number, in a file we have not made yet
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** A sentence for an error of the file system; anything else stays what it is. */
export function writeFailure(path, error) {
  if (error instanceof Refusal || error.syscall === undefined) return error;
  return new Refusal(`cannot write ${quoted(path)}: ${REASONS[error.code] ?? error.code}`, { cause: error });
}

const rootItself = () =>
  new Refusal('--to names the root of the repository itself; name a folder of its own, such as .snapshots', { exitCode: 2 });
