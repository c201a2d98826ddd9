// Rotates the *.log files of one folder: a large one gets a dated name, its program begins a new one.
//
//   LOGS       the folder; sub-folders are left alone. Empty: a sample of its own
//   MAX_SIZE   a log of at least this size is rotated: 500kB, 10MB, 1GB (10MB)
//   KEEP       how many rotated files of each log stay (4)
//   MAX_AGE    rotated files older than this go as well: 12h, 90d (90d)
//
// A program that keeps its log open goes on writing into the renamed file until it opens its log anew. So a rotated file
// is compressed at the run after, and stays as it is, with a warning, while somebody still writes to it. The plain file
// goes only when the compressed one has been read back. Exit code 0: done. 1: something failed. 2: an option is wrong.

import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';

const ROTATED = /^(?<log>.+\.log)\.(?<stamp>\d{8}T\d{9}Z)(?<packed>\.gz)?$/;
const BYTES = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9 };
const MILLISECONDS = { h: 3_600_000, d: 86_400_000, w: 604_800_000 };

async function run() {
  const { logs, maxSize, keep, maxAge } = readOptions(process.env);
  const packed = await packRotated(logs);
  const rotated = await rotateLarge(logs, maxSize);
  const removed = await removeOld(logs, keep, Date.now() - maxAge);
  console.log(`log-rotation: ${rotated} rotated, ${packed} compressed, ${removed} removed, ${logs}`);
}

function readOptions({ LOGS: logs, MAX_SIZE = '10MB', KEEP: keep = '4', MAX_AGE = '90d' }) {
  const maxSize = measure('MAX_SIZE', MAX_SIZE, BYTES);
  const maxAge = measure('MAX_AGE', MAX_AGE, MILLISECONDS);
  if (!/^[1-9]\d{0,5}$/.test(keep)) throw refusal(`KEEP must be a whole number from 1 on, not ${JSON.stringify(keep)}`, 2);
  if (logs && !statSync(logs, { throwIfNoEntry: false })?.isDirectory()) throw refusal(`there is no folder ${JSON.stringify(logs)}; let LOGS name it, relative to ${process.cwd()}`);
  return { logs: logs || sample(maxSize), maxSize, keep: Number(keep), maxAge };
}

function measure(name, text, units) {
  const [, number, unit] = /^(\d{1,9})([A-Za-z]+)$/.exec(text) ?? [];
  if (!Object.hasOwn(units, unit ?? '')) throw refusal(`${name} must be a number with one of ${Object.keys(units).join(', ')}, not ${JSON.stringify(text)}`, 2);
  return Number(number) * units[unit];
}

async function rotateLarge(folder, maxSize) {
  let rotated = 0;
  for (const name of await filesIn(folder, (name) => name.endsWith('.log'))) {
    const file = join(folder, name);
    if ((await stat(file)).size < maxSize) continue;
    await rename(file, `${file}.${new Date().toISOString().replace(/[-:.]/g, '')}`);
    rotated += 1;
  }
  return rotated;
}

async function packRotated(folder) {
  let packed = 0;
  for (const name of await filesIn(folder, (name) => ROTATED.exec(name)?.groups.packed === undefined && ROTATED.test(name))) {
    if (await pack(join(folder, name))) packed += 1;
    else console.log(`::warning::${JSON.stringify(name)} is still being written; let its program open its log anew (many do at SIGHUP)`);
  }
  return packed;
}

async function pack(file) {
  const before = await stat(file);
  const partial = `${file}.partial`; // a run that was killed leaves it, the next one writes it anew
  const sum = createHash('sha256');
  await pipeline(createReadStream(file), tee(sum), createGzip(), createWriteStream(partial, { mode: before.mode & 0o777, flush: true }));
  const readBack = await pipeline(createReadStream(partial), createGunzip(), sumOf);
  if (readBack !== sum.digest('hex')) throw refusal(`${JSON.stringify(partial)} does not read back as it was written; check the disk`);
  const after = await stat(file);
  if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) {
    await rm(partial);
    return false;
  }
  await utimes(partial, after.atime, after.mtime);
  await rename(partial, `${file}.gz`);
  await rm(file);
  return true;
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

/** Of each log the newest `keep`, and of those nothing older than `since`. Names that we did not make stay for ever. */
async function removeOld(folder, keep, since) {
  const rotated = (await filesIn(folder, (name) => ROTATED.test(name))).map((name) => ({ name, ...ROTATED.exec(name).groups }));
  const byLog = Map.groupBy(rotated.toSorted((a, b) => (a.stamp < b.stamp ? 1 : -1)), ({ log }) => log);
  const old = [...byLog.values()].flatMap((files) => files.filter(({ stamp }, index) => index >= keep || timeOf(stamp) < since));
  for (const { name } of old) await rm(join(folder, name));
  return old.length;
}

const timeOf = (stamp) => Date.parse(stamp.replace(/^(....)(..)(..)T(..)(..)(..)(...)Z$/, '$1-$2-$3T$4:$5:$6.$7Z'));

async function filesIn(folder, isWanted) {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && isWanted(entry.name)).map(({ name }) => name).sort();
}

/** A folder in which a program has written until it was large enough. */
function sample(maxSize) {
  const folder = join(process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'nightshift-examples', 'log-rotation');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const line = `${new Date().toISOString()} GET /index.html 200\n`;
  writeFileSync(join(folder, 'web.log'), line.repeat(Math.ceil(Math.min(maxSize, 5e6) / line.length)), { flag: 'a' });
  writeFileSync(join(folder, 'quiet.log'), line, { flag: 'a' });
  console.log(`::notice::LOGS is empty: this is a sample, ${folder}`);
  return folder;
}

const refusal = (message, exitCode = 1) => Object.assign(new Error(message), { exitCode });

function explain(error) {
  console.error(`log-rotation: ${error.message}`);
  return error.exitCode ?? 1;
}

process.exitCode = (await run().catch(explain)) ?? 0;
