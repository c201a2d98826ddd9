// How long a scheduler takes to be ready where 100,000 rows of history are.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { startScheduler, writeDefinitions } from './scheduler.mjs';

const ROWS = 100_000;

export async function bench(sandbox) {
  const folders = writeDefinitions(sandbox.folder, 100, () => 'job: { command: ["true"] }\ntriggers:\n  - every: 1s\n');
  const first = startScheduler(sandbox, folders);
  await first.until((events) => events.filter(({ event }) => event === 'ended').length >= 100);
  await first.end();
  multiply(join(sandbox.env.NIGHTSHIFT_STATE_DIR, 'jobs.db'));
  const again = startScheduler(sandbox, folders);
  const ready = await again.ready();
  await again.end();
  return { figure: ready / 1_000, unit: ' s', atMost: 3, what: `start with ${ROWS.toLocaleString('en')} rows of history`, details: 'to the ready line' };
}

/** Copies rows of the history into an earlier time. */
function multiply(path) {
  using database = new DatabaseSync(path);
  const columns = database.prepare('PRAGMA table_info(firing)').all().map(({ name }) => name);
  const copied = columns.map((name) => (/^(dueAt|lastDueAt|decidedAt)$/.test(name) ? `${name} - n.value * 3600000` : name));
  const { rows } = database.prepare('SELECT count(*) AS rows FROM firing').get();
  database.exec('BEGIN');
  database.prepare(`WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < ?) INSERT INTO firing (${columns.join(', ')}) SELECT ${copied.join(', ')} FROM firing, n`).run(Math.ceil(ROWS / rows));
  database.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)');
}
