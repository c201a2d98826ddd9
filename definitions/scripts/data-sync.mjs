// Makes one folder hold what another holds: compares by size and sum, copies what differs, reads the copy back.
//
//   FROM     the folder that is right. Empty: a sample of its own
//   TO       the folder that is to become like it; must be named with FROM
//   DELETE   yes: files that are only in TO are removed (no)
//
// A file gets its name in TO only when its copy has been read back, so a run that is stopped, or killed, leaves no half
// file under a real name, and the next one goes on where it ended: what is equal is not copied again. Exit code 0: TO is
// like FROM. 3: all but some files that could not be read, each with a warning. 1: failed. 2: an option is wrong.

import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, realpath, rename, rm, stat, utimes } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';

const INCOMPLETE = 3;
const OURS = /^\..+\.(?<pid>\d+)\.sync-partial$/;
const UNREADABLE = ['EACCES', 'EPERM', 'ENOENT'];

let partial; // what is being written at this moment

async function run() {
  const { from, to, remove } = await readOptions(process.env);
  const files = await list(from);
  const there = await list(to);
  const done = { copied: 0, same: 0, unread: 0, removed: 0 };
  const showProgress = progressOf(files);
  for (const [path, { size }] of files) {
    done[await bring(path, { from, to })] += 1;
    showProgress(size);
  }
  const extra = [...there.keys()].filter((path) => !files.has(path));
  if (remove) done.removed = await removeExtra(extra, { to, files });
  else if (extra.length > 0) console.log(`::notice::${extra.length} only in ${to}, left alone; DELETE: "yes" removes them`);
  console.log(`data-sync: ${done.copied} copied, ${done.same} equal already, ${done.removed} removed, ${done.unread} not readable, ${to}`);
  return done.unread > 0 ? INCOMPLETE : 0;
}

async function readOptions({ FROM, TO, DELETE = 'no' }) {
  if (!['yes', 'no'].includes(DELETE)) throw refusal(`DELETE must be "yes" or "no", not ${JSON.stringify(DELETE)}`, 2);
  if (FROM && !TO) throw refusal('TO must name the folder that is to become like FROM', 2);
  const [given, target] = FROM ? [FROM, TO] : sample();
  const from = await realpath(given).catch(() => undefined);
  if (from === undefined || !(await stat(from)).isDirectory()) throw refusal(`there is no folder ${JSON.stringify(given)}; let FROM name it, relative to ${process.cwd()}`);
  await mkdir(target, { recursive: true });
  const to = await realpath(target);
  if (contains(from, to) || contains(to, from)) throw refusal('FROM and TO must not lie within each other', 2);
  return { from, to, remove: DELETE === 'yes' };
}

const contains = (folder, path) => `${path}${sep}`.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);

/** Every file below a folder, by its path within, in order. What dead runs left is cleared away. */
async function list(folder) {
  const files = [];
  for await (const file of filesBelow(folder)) {
    if (OURS.test(basename(file))) await clear(file);
    else files.push([relative(folder, file), await stat(file).catch(() => ({ size: 0 }))]);
  }
  return new Map(files.sort(([a], [b]) => (a < b ? -1 : 1)));
}

// Node's own recursive readdir follows links.
async function* filesBelow(folder) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const file = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(file);
    else if (entry.isFile()) yield file;
    else console.log(`::warning::${JSON.stringify(file)} is no plain file and stays as it is`);
  }
}

async function clear(file) {
  try {
    process.kill(Number(OURS.exec(basename(file)).groups.pid), 0);
  } catch (error) {
    if (error.code === 'ESRCH') await rm(file, { force: true });
  }
}

async function bring(path, { from, to }) {
  try {
    if (await isSame(join(from, path), join(to, path))) return 'same';
    await copy(join(from, path), join(to, path));
    return 'copied';
  } catch (error) {
    const isOfTheSource = UNREADABLE.includes(error.code) && error.path === join(from, path);
    if (!isOfTheSource) throw error;
    console.log(`::warning::${JSON.stringify(path)} cannot be read: ${error.code}`);
    return 'unread';
  }
}

async function isSame(source, target) {
  const copied = await stat(target).catch(() => undefined);
  if (copied === undefined || copied.size !== (await stat(source)).size) return false;
  return (await sumOf(createReadStream(source))) === (await sumOf(createReadStream(target)));
}

async function copy(source, target) {
  const { mode, atime, mtime } = await stat(source);
  await mkdir(dirname(target), { recursive: true });
  partial = join(dirname(target), `.${basename(target).slice(0, 50)}.${process.pid}.sync-partial`);
  try {
    const sum = createHash('sha256');
    await pipeline(createReadStream(source), tee(sum), createWriteStream(partial, { mode: mode & 0o777, flush: true }));
    if ((await sumOf(createReadStream(partial))) !== sum.digest('hex')) throw refusal(`the copy of ${JSON.stringify(source)} does not read back as it was written; check the disk`);
    await utimes(partial, atime, mtime);
    await rename(partial, target);
  } finally {
    await rm(partial, { force: true });
  }
}

const tee = (sum) =>
  async function* (chunks) {
    for await (const chunk of chunks) {
      sum.update(chunk);
      yield chunk;
    }
  };

async function sumOf(chunks) {
  const sum = createHash('sha256');
  for await (const chunk of chunks) sum.update(chunk);
  return sum.digest('hex');
}

async function removeExtra(extra, { to, files }) {
  // A disk that is not mounted looks like this as well.
  if (files.size === 0 && extra.length > 0) throw refusal('FROM holds no file at all, so nothing is removed from TO; remove the files by hand if that is right');
  for (const path of extra) await rm(join(to, path));
  return extra.length;
}

/** By bytes, and not oftener than a reader can follow. */
function progressOf(files) {
  const total = [...files.values()].reduce((sum, { size }) => sum + size, 0);
  const done = { files: 0, bytes: 0, shown: -1 };
  return (size) => {
    done.files += 1;
    done.bytes += size;
    const percent = total === 0 ? 100 : Math.floor((100 * done.bytes) / total);
    if (percent === done.shown) return;
    done.shown = percent;
    console.log(`::progress activity=sync,percent=${percent}::${done.files} of ${files.size} files`);
  };
}

function sample() {
  const folder = join(process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'nightshift-examples', 'data-sync');
  const from = join(folder, 'from');
  mkdirSync(join(from, 'letters'), { recursive: true, mode: 0o700 });
  for (let number = 1; number <= 20; number += 1) writeFileSync(join(from, 'letters', `${number}.txt`), `letter ${number}\n`.repeat(1000 * number));
  writeFileSync(join(from, 'today.txt'), `written at ${new Date().toISOString()}\n`);
  console.log(`::notice::FROM is empty: this is a sample, ${folder}`);
  return [from, join(folder, 'to')];
}

function tidyWhenStopped() {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
    process.once(signal, () => {
      if (partial !== undefined) rmSync(partial, { force: true });
      process.kill(process.pid, signal);
    });
  }
}

const refusal = (message, exitCode = 1) => Object.assign(new Error(message), { exitCode });

function explain(error) {
  console.error(`data-sync: ${error.message}`);
  return error.exitCode ?? 1;
}

tidyWhenStopped();
process.exitCode = await run().catch(explain);
