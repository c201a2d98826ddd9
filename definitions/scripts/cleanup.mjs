// Removes old files of one folder and its sub-folders. Says what it would remove, and removes nothing, until it is told to.
//
//   FOLDER       Empty: a sample of its own
//   OLDER_THAN   files that nobody has written to for so long: 12h, 30d, 8w (30d)
//   PATTERN      names of files, * and ? stand for anything: *.tmp (*)
//   DRY_RUN      no: really remove (yes)
//
// Links are neither followed nor removed, other disks that are mounted below are left alone, folders that become empty
// go as well. A home folder, the root of a disk and a git repository are refused: those are typing errors. Exit code 0:
// done. 3: some files could not be removed, each with a warning. 1: failed. 2: an option is wrong.

import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { lstat, readdir, realpath, rmdir, stat, unlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

const INCOMPLETE = 3;
const MILLISECONDS = { h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const NAMED = 20; // so many files are named one by one
const DRY = 'yes';

async function run() {
  const { folder, before, isWanted, dry } = await readOptions(process.env);
  const done = { files: 0, bytes: 0, failed: 0 };
  for await (const { file, size } of oldFiles(folder, { before, isWanted, device: (await stat(folder)).dev })) {
    if (!dry && !(await remove(file, before))) {
      done.failed += 1;
      continue;
    }
    done.files += 1;
    done.bytes += size;
    if (done.files <= NAMED) console.log(`${dry ? 'would remove' : 'removed'} ${JSON.stringify(file)}`);
    if (!dry) await removeEmpty(dirname(file), folder);
  }
  if (done.files > NAMED) console.log(`… and ${done.files - NAMED} more`);
  if (dry) console.log('::notice::this was a dry run; DRY_RUN: "no" removes them');
  console.log(`cleanup: ${done.files} files, ${(done.bytes / 1e6).toFixed(1)} MB ${dry ? 'would go' : 'removed'}, ${folder}`);
  return done.failed > 0 ? INCOMPLETE : 0;
}

async function readOptions({ FOLDER, OLDER_THAN = '30d', PATTERN = '*', DRY_RUN = DRY }) {
  if (![DRY, 'no'].includes(DRY_RUN)) throw refusal(`DRY_RUN must be "yes" or "no", not ${JSON.stringify(DRY_RUN)}`, 2);
  const [, number, unit] = /^(\d{1,7})([hdw])$/.exec(OLDER_THAN) ?? [];
  if (!(Number(number) > 0)) throw refusal(`OLDER_THAN must be a duration such as 12h, 30d or 8w, not ${JSON.stringify(OLDER_THAN)}`, 2);
  const given = FOLDER || sample();
  const folder = await realpath(given).catch(() => undefined);
  if (folder === undefined || !(await stat(folder)).isDirectory()) throw refusal(`there is no folder ${JSON.stringify(given)}; let FOLDER name it, relative to ${process.cwd()}`);
  await refuseWhatNobodyMeans(folder);
  const pattern = new RegExp(`^${PATTERN.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
  return { folder, before: Date.now() - Number(number) * MILLISECONDS[unit], isWanted: (name) => pattern.test(name), dry: DRY_RUN === DRY };
}

async function refuseWhatNobodyMeans(folder) {
  const home = await realpath(homedir()).catch(() => homedir());
  if (folder === dirname(folder)) throw refusal('FOLDER is the root of a disk', 2);
  if (`${home}/`.startsWith(`${folder}/`)) throw refusal(`FOLDER ${JSON.stringify(folder)} holds your home folder`, 2);
  if ((await readdir(folder)).includes('.git')) throw refusal(`FOLDER ${JSON.stringify(folder)} is a git repository; name a folder in it`, 2);
}

/** Files that nobody has written to since. A folder that cannot be read is a warning; its files stay. */
async function* oldFiles(folder, wanted) {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error) => {
    console.log(`::warning::${JSON.stringify(folder)} cannot be read: ${error.code}`);
    return [];
  });
  for (const entry of entries) {
    const file = join(folder, entry.name);
    const facts = await lstat(file).catch(() => undefined); // it may have gone meanwhile
    if (facts?.dev !== wanted.device) continue;
    if (facts.isDirectory()) yield* oldFiles(file, wanted);
    else if (facts.isFile() && facts.mtimeMs < wanted.before && wanted.isWanted(entry.name)) yield { file, size: facts.size };
  }
}

async function remove(file, before) {
  try {
    if ((await lstat(file)).mtimeMs < before) await unlink(file);
    return true;
  } catch (error) {
    console.log(`::warning::${JSON.stringify(file)} cannot be removed: ${error.code}`);
    return false;
  }
}

/** Upwards as far as the folder itself, which stays. rmdir takes only what is empty. */
async function removeEmpty(folder, top) {
  if (folder === top) return;
  const isGone = await rmdir(folder).then(
    () => true,
    () => false,
  );
  if (isGone) await removeEmpty(dirname(folder), top);
}

/** Three files of which two were forgotten long ago. */
function sample() {
  const folder = join(process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'nightshift-examples', 'cleanup');
  mkdirSync(join(folder, 'cache'), { recursive: true, mode: 0o700 });
  for (const [name, days] of [['report.tmp', 90], ['cache/page.tmp', 45], ['today.tmp', 0]]) {
    const written = new Date(Date.now() - days * MILLISECONDS.d);
    writeFileSync(join(folder, name), 'a sample\n');
    utimesSync(join(folder, name), written, written);
  }
  console.log(`::notice::FOLDER is empty: this is a sample, ${folder}`);
  return folder;
}

const refusal = (message, exitCode = 1) => Object.assign(new Error(message), { exitCode });

function explain(error) {
  console.error(`cleanup: ${error.message}`);
  return error.exitCode ?? 1;
}

process.exitCode = await run().catch(explain);
