// Imports a file of JSON lines into a SQLite database, a batch at a time, and can be stopped at any moment.
//
//   FILE       one JSON object a line, each with an "id". Empty: a sample of its own
//   DATABASE   the SQLite file; must be named with FILE
//   BATCH      lines of one transaction (100)
//   PAUSE      rest between two batches, for whoever else works with the database: 0ms, 50ms, 2s (50ms)
//
// How far it has come is stored in the same transaction as the rows: whatever happens, no line is imported twice and none
// is left out. Asked to stop, it ends the batch in hand, says where it stands, and the next run goes on there; lines that
// were appended meanwhile come too. Exit code 0: all is in. 3: all but lines that are no such object, each with a warning
// (they are kept in the table "rejected"). 1: failed. 2: an option is wrong.

import { appendFileSync, createReadStream, mkdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';

const INCOMPLETE = 3;
const MILLISECONDS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const NEWLINE = 10;

const stop = new AbortController();
let signalToStop;
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
  process.once(signal, () => {
    signalToStop = signal;
    stop.abort();
  });
}

async function run() {
  const { file, database, batch, pause } = readOptions(process.env);
  const target = openTarget(database, file);
  try {
    const { size } = statSync(file);
    if (size < target.position()) throw refusal(`${file} is shorter than what has been imported of it; was it replaced? Name another DATABASE to begin anew`);
    const done = { lines: 0, rejected: 0 };
    for await (const lines of inBatches(linesFrom(file, target.position()), batch)) {
      done.rejected += target.importBatch(lines);
      done.lines += lines.length;
      console.log(`::progress activity=import,percent=${Math.min(100, Math.floor((100 * target.position()) / size))}::${done.lines} lines`);
      if (stop.signal.aborted || !(await rested(pause))) return stopped(done);
    }
    console.log(`long-import: ${done.lines} lines, ${done.rejected} of them rejected, ${target.rows()} rows in ${database}`);
    return done.rejected > 0 ? INCOMPLETE : 0;
  } finally {
    target.close();
  }
}

function readOptions({ FILE, DATABASE, BATCH = '100', PAUSE = '50ms' }) {
  const [, number, unit] = /^(\d{1,7})(ms|s|m|h)$/.exec(PAUSE) ?? [];
  if (unit === undefined) throw refusal(`PAUSE must be a duration such as 0ms, 50ms or 2s, not ${JSON.stringify(PAUSE)}`, 2);
  if (!/^[1-9]\d{0,5}$/.test(BATCH)) throw refusal(`BATCH must be a whole number from 1 on, not ${JSON.stringify(BATCH)}`, 2);
  if (FILE && !DATABASE) throw refusal('DATABASE must name the SQLite file to import into', 2);
  if (FILE && !statSync(FILE, { throwIfNoEntry: false })?.isFile()) throw refusal(`there is no file ${JSON.stringify(FILE)}; let FILE name it, relative to ${process.cwd()}`);
  const { file, database } = FILE ? { file: resolve(FILE), database: resolve(DATABASE) } : sample();
  return { file, database, batch: Number(BATCH), pause: Number(number) * MILLISECONDS[unit] };
}

/** The database, and how much of the file it holds. */
function openTarget(database, file) {
  const db = new DatabaseSync(database, { timeout: 30_000 });
  db.exec('CREATE TABLE IF NOT EXISTS items (id PRIMARY KEY, data TEXT NOT NULL)');
  db.exec('CREATE TABLE IF NOT EXISTS rejected (line TEXT NOT NULL)');
  db.exec('CREATE TABLE IF NOT EXISTS imported (file TEXT PRIMARY KEY, position INTEGER NOT NULL)');
  const insert = db.prepare('INSERT OR REPLACE INTO items (id, data) VALUES (?, ?)');
  const reject = db.prepare('INSERT INTO rejected (line) VALUES (?)');
  const remember = db.prepare('INSERT OR REPLACE INTO imported (file, position) VALUES (?, ?)');
  const position = () => db.prepare('SELECT position FROM imported WHERE file = ?').get(file)?.position ?? 0;
  const takeIn = (lines, from) => {
    if (position() !== from) throw refusal('another import of this file is at work');
    const wrong = lines.filter(({ text, id }) => {
      if (id !== undefined) insert.run(id, text);
      else reject.run(text);
      return id === undefined;
    });
    remember.run(file, lines.at(-1).end);
    return wrong;
  };
  return {
    position,
    rows: () => db.prepare('SELECT count(*) AS count FROM items').get().count,
    close: () => db.close(),
    /** All of a batch and its end, or nothing. Returns how many lines were rejected. */
    importBatch(lines) {
      db.exec('BEGIN IMMEDIATE');
      try {
        const wrong = takeIn(lines, lines[0].start);
        db.exec('COMMIT');
        for (const { text } of wrong) console.log(`::warning::no JSON object with an "id": ${JSON.stringify(text.slice(0, 80))}`);
        return wrong.length;
      } catch (error) {
        if (db.isTransaction) db.exec('ROLLBACK');
        throw error;
      }
    },
  };
}

/** Whole lines from a place in the file on, with where they begin and end. A last one without its end is still being written. */
async function* linesFrom(file, position) {
  let rest = Buffer.alloc(0);
  let start = position;
  for await (const chunk of createReadStream(file, { start: position })) {
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(NEWLINE); end !== -1; end = rest.indexOf(NEWLINE)) {
      const text = rest.toString('utf8', 0, end).trimEnd();
      yield { text, id: idOf(text), start, end: start + end + 1 };
      rest = rest.subarray(end + 1);
      start += end + 1;
    }
  }
}

function idOf(text) {
  try {
    const { id } = JSON.parse(text);
    return ['string', 'number'].includes(typeof id) ? id : undefined;
  } catch {
    return undefined;
  }
}

async function* inBatches(lines, size) {
  let batch = [];
  for await (const line of lines) {
    batch.push(line);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** False when somebody asks us to stop meanwhile. */
const rested = (pause) =>
  setTimeout(pause, true, { signal: stop.signal }).catch((error) => {
    if (error.name === 'AbortError') return false;
    throw error;
  });

/** Ends by the very signal, when the database is closed, so that whoever waits sees why. */
function stopped({ lines }) {
  console.log(`::warning::stopped after ${lines} lines; the next run goes on there`);
  process.once('exit', () => process.kill(process.pid, signalToStop));
  return 1;
}

/** Two thousand lines at first, and two hundred more between two runs. */
function sample() {
  const folder = join(process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'nightshift-examples', 'long-import');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'measurements.jsonl');
  const count = statSync(file, { throwIfNoEntry: false }) === undefined ? 2000 : 200;
  const begin = Date.now();
  appendFileSync(file, Array.from({ length: count }, (_, index) => `${JSON.stringify({ id: `${begin}-${index}`, celsius: 15 + (index % 10) })}\n`).join(''));
  console.log(`::notice::FILE is empty: this is a sample, ${file}`);
  return { file, database: join(folder, 'measurements.db') };
}

const refusal = (message, exitCode = 1) => Object.assign(new Error(message), { exitCode });

function explain(error) {
  console.error(`long-import: ${error.message}`);
  return error.exitCode ?? 1;
}

process.exitCode = await run().catch(explain);
