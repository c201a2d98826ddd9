// Writes the archive. One pass over the files: each is read once, summed on the way, and never held whole.
//
// The manifest is the last member and not the first: its sums are known only when everything has been read, and
// reading everything twice would take twice as long and sum up a file that somebody saved in between.

import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { writeFailure } from './archive-folder.mjs';
import { manifestName, manifestOf } from './manifest.mjs';
import { Refusal } from './refusal.mjs';
import { inWords, Progress, quotedPath, warn } from './report.mjs';
import { BLOCK, endOfArchive, FILE, headerOf, LINK, paddingOf } from './tar.mjs';
import { reasonOf } from './work-tree.mjs';

const CHUNK = 256 * 1024;

/** Returns what was put in: `{ members, files, bytes, unread }`; the manifest is the last of the members. */
export async function writeArchive(path, tracked, workTree) {
  const packing = new Packing(tracked, workTree);
  // With `flush` the bytes are on the disk, not only on their way, before anything is said about them.
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true });
  try {
    await pipeline(gathered(packing.archive()), createGzip(), file);
  } catch (error) {
    throw writeFailure(dirname(path), error);
  }
  return packing.result();
}

class Packing {
  #tracked;
  #workTree;
  #progress;
  #members = [];
  #left = { gone: 0, sparse: 0, own: 0, unread: 0 };

  constructor(tracked, workTree) {
    this.#tracked = tracked;
    this.#workTree = workTree;
  }

  result() {
    const files = this.#members.slice(0, -1);
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    return { members: this.#members, files: files.length, bytes, unread: this.#left.unread };
  }

  async *archive() {
    this.#progress = new Progress('archive', await this.#survey());
    for (const entry of this.#tracked) yield* this.#entry(entry);
    this.#progress.finish();
    this.#remarkOnLeft();
    if (this.#members.length === 0) throw nothingRead();
    yield* this.#manifest();
    yield endOfArchive();
  }

  async #survey() {
    let bytes = 0;
    for (const entry of this.#tracked) bytes += BLOCK + (await this.#workTree.sizeOf(entry));
    return { files: this.#tracked.length, bytes };
  }

  async *#entry(entry) {
    const taken = await this.#workTree.take(entry);
    if (taken.file) yield* this.#file(entry, taken);
    else if (taken.left) this.#leave(entry, taken);
    else yield this.#begin({ ...metaOf(entry, taken.stats), type: LINK, linkName: taken.link });
    this.#progress.addFile();
    this.#progress.addBytes(BLOCK);
  }

  #begin(member) {
    this.#members.push(member);
    return headerOf(member);
  }

  async *#file(entry, { file, stats }) {
    try {
      const member = { ...metaOf(entry, stats), type: FILE, size: stats.size };
      yield this.#begin(member);
      const { hash, trouble } = yield* this.#content(file, stats);
      member.sum = hash.digest('hex');
      if (trouble) this.#damaged(entry, trouble);
    } finally {
      await file.close();
    }
  }

  // The header has promised a size. What is missing at the end becomes zeros, or no member after it could be read.
  async *#content(file, stats) {
    const hash = createHash('sha256');
    const read = { bytes: 0 };
    for await (const piece of filledUp(piecesOf(file, stats.size, read), stats.size)) {
      hash.update(piece);
      this.#progress.addBytes(piece.length);
      yield piece;
    }
    yield paddingOf(stats.size);
    return { hash, trouble: read.error ? reasonOf(read.error) : await changeOf(file, stats) };
  }

  #damaged({ path }, trouble) {
    this.#left.unread += 1;
    warn(`${quotedPath(path)} is damaged in the archive: ${trouble}`);
  }

  #leave({ path, sparse }, { left, reason }) {
    const word = sparse && left === 'gone' ? 'sparse' : left;
    this.#left[word] += 1;
    if (word === 'gone' || word === 'unread') warn(`${quotedPath(path)} is not in the archive: ${reason}`);
  }

  // These come by the thousand, and somebody wanted them so: one line each for all of them.
  #remarkOnLeft() {
    const { sparse, own } = this.#left;
    if (sparse > 0) warn(`${inWords.count(sparse, 'tracked file')} not checked out here (sparse checkout), so not in the archive`);
    if (own > 0) warn(`${inWords.count(own, 'tracked file')} in the archive folder left out; run "git rm -r --cached" on that folder`);
  }

  async *#manifest() {
    const content = manifestOf(this.#members);
    const name = manifestName(this.#tracked.map(({ path }) => path));
    if (name !== manifestName([])) warn(`git tracks a ${manifestName([])} of its own; the sums of this archive are in ${name}`);
    const sum = createHash('sha256').update(content).digest('hex');
    const mtime = Math.floor(Date.now() / 1000);
    yield this.#begin({ name, type: FILE, size: content.length, mode: 0o644, mtime, linkName: '', sum });
    yield content;
    yield paddingOf(content.length);
  }
}

// Each piece costs the compressor a trip to another thread; a repository is thousands of tiny ones.
async function* gathered(pieces) {
  let waiting = [];
  let size = 0;
  for await (const piece of pieces) {
    waiting.push(piece);
    size += piece.length;
    if (size < CHUNK) continue;
    yield Buffer.concat(waiting);
    waiting = [];
    size = 0;
  }
  yield Buffer.concat(waiting);
}

function metaOf({ path, executable }, stats) {
  // Windows keeps no executable bit; there git's own note is all there is.
  const mode = (stats.mode & 0o777) | (process.platform === 'win32' && executable ? 0o111 : 0);
  return { name: path, mode, size: 0, mtime: Math.floor(stats.mtimeMs / 1000), linkName: '' };
}

async function* piecesOf(file, size, read) {
  try {
    while (read.bytes < size) {
      // A new buffer for each piece: the compressor may still be reading the last one.
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(Math.min(CHUNK, size - read.bytes)));
      if (bytesRead === 0) return;
      read.bytes += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } catch (error) {
    read.error = error;
  }
}

async function* filledUp(pieces, size) {
  let left = size;
  for await (const piece of pieces) {
    left -= piece.length;
    yield piece;
  }
  for (; left > 0; left -= Math.min(left, CHUNK)) yield Buffer.alloc(Math.min(left, CHUNK));
}

async function changeOf(file, before) {
  const after = await file.stat().catch(() => undefined);
  return after?.size === before.size && after.mtimeMs === before.mtimeMs ? undefined : 'it changed while it was being read';
}

const nothingRead = () =>
  new Refusal('no tracked file could be read (there is a warning for each), so no archive was made');
