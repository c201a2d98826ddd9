// A backup of a SQLite database: taken while others go on writing to it, read back, and only then given its name.
//
//   DATABASE   the file. Empty: a sample of its own, so that this runs before anything is changed
//   TO         folder of the backups; must be named with DATABASE
//   KEEP       how many backups stay (7)
//
// Until it has been verified, a backup is a hidden `.partial` file; a run that fails or is stopped removes it. Older
// backups are pruned last of all. Exit code 0: there is a new backup. 1: there is none, and one sentence on stderr says
// why. 2: an option is wrong. 3: the database itself is damaged; no older backup was touched.

import { mkdirSync, rmSync, statSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, parse } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';

const DAMAGED = 3;
/** SQLite's own numbers: the file is corrupt; it is no database at all. */
const DAMAGES = [11, 26];
const DAY = 24 * 60 * 60 * 1000;

class Refusal extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

async function run() {
  const { database, to, keep } = readOptions(process.env);
  const { name: stem } = parse(database);
  const stamp = new Date().toISOString().replace(/[-:]/g, '');
  const partial = join(to, `.${stem}-${stamp}.partial`);
  const finished = join(to, `${stem}-${stamp}.db`);
  await mkdir(to, { recursive: true, mode: 0o700 });
  removeWhenStopped(partial);
  try {
    await copy(database, partial);
    const found = verify(partial);
    await rename(partial, finished);
    const pruned = await prune(to, stem, keep, finished);
    console.log(`database-backup: ${inWords(found.tables, 'table')}, ${inWords(found.rows, 'row')}, verified, ${finished}, ${pruned} older pruned`);
  } finally {
    await rm(partial, { force: true });
  }
}

function readOptions({ DATABASE: database, TO: to, KEEP: keep = '7' }) {
  if (!/^[1-9]\d{0,5}$/.test(keep)) throw new Refusal(`KEEP must be a whole number from 1 on, not ${JSON.stringify(keep)}`, 2);
  if (!database) return { ...sample(), keep: Number(keep) };
  if (!to) throw new Refusal('TO must name the folder of the backups', 2);
  if (!statSync(database, { throwIfNoEntry: false })?.isFile()) throw new Refusal(`there is no file ${JSON.stringify(database)}; let DATABASE name it, relative to ${process.cwd()}`);
  return { database, to, keep: Number(keep) };
}

// SQLite's own online backup: it begins anew when somebody writes meanwhile, so the copy is one moment of the database.
async function copy(database, partial) {
  const source = new DatabaseSync(database, { readOnly: true, timeout: 10_000 });
  let shown = -1;
  const progress = ({ totalPages, remainingPages }) => {
    const percent = Math.floor((100 * (totalPages - remainingPages)) / Math.max(1, totalPages));
    if (percent >= shown + 5) console.log(`::progress activity=backup,percent=${(shown = percent)}::${totalPages - remainingPages} of ${totalPages} pages`);
  };
  try {
    await backup(source, partial, { rate: 1000, progress });
  } finally {
    source.close();
  }
}

function verify(file) {
  const copied = new DatabaseSync(file);
  try {
    copied.exec('PRAGMA journal_mode = DELETE'); // one file that is complete by itself, however the database writes
    const [{ integrity_check: verdict }] = copied.prepare('PRAGMA integrity_check(1)').all();
    if (verdict !== 'ok') throw damaged(verdict);
    const names = copied.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'").all().map(({ name }) => name);
    const rows = names.map((name) => copied.prepare(`SELECT count(*) AS count FROM "${name.replaceAll('"', '""')}"`).get().count);
    return { tables: names.length, rows: rows.reduce((sum, count) => sum + count, 0) };
  } finally {
    copied.close();
  }
}

const damaged = (verdict) => new Refusal(`the database is damaged (${JSON.stringify(verdict)}); restore it from an older backup, none of which was touched`, DAMAGED);

/** Only files of our own name pattern go, and never the one just made, whatever the clock was when others were. */
async function prune(folder, stem, keep, newest) {
  const names = (await readdir(folder)).filter((name) => name.startsWith(`${stem}-`) && /^\d{8}T\d{6}\.\d{3}Z\.db$/.test(name.slice(stem.length + 1)));
  const surplus = names.sort().slice(0, -keep).map((name) => join(folder, name)).filter((file) => file !== newest);
  for (const file of surplus) await rm(file);
  await removeLeftOvers(folder, stem);
  return surplus.length;
}

/** What a run left that was killed. */
async function removeLeftOvers(folder, stem) {
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    const isOurs = name.startsWith(`.${stem}-`) && /\.partial(-journal)?$/.test(name);
    if (isOurs && Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > DAY) await rm(file, { force: true });
  }
}

/** A shop that sells something between two runs. */
function sample() {
  const folder = join(process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'nightshift-examples', 'database-backup');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const database = join(folder, 'shop.db');
  const shop = new DatabaseSync(database, { timeout: 10_000 });
  shop.exec('CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY, item TEXT NOT NULL, placed TEXT NOT NULL)');
  const insert = shop.prepare('INSERT INTO orders (item, placed) VALUES (?, ?)');
  for (const item of ['tea', 'bread', 'candles']) insert.run(item, new Date().toISOString());
  shop.close();
  console.log(`::notice::DATABASE is empty: this is a sample, ${database}`);
  return { database, to: join(folder, 'backups') };
}

function removeWhenStopped(partial) {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
    process.once(signal, () => {
      for (const file of [partial, `${partial}-journal`]) rmSync(file, { force: true });
      process.kill(process.pid, signal);
    });
  }
}

const inWords = (count, noun) => `${count} ${noun}${count === 1 ? '' : 's'}`;

function explain(error) {
  const known = DAMAGES.includes(error.errcode) ? damaged(error.message) : error;
  console.error(`database-backup: ${known.message}`);
  return known.exitCode ?? 1;
}

process.exitCode = (await run().catch(explain)) ?? 0;
