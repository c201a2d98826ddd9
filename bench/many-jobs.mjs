// How long a listing takes when 100,000 finished jobs are there, against an empty Node process.
import { globSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describePairs, measurePairs } from './pairs.mjs';

const JOBS = 100_000;

export async function bench({ run, verb, env }) {
  await verb('start-job', '--', 'true');
  await verb('wait-job', '1');
  await verb('get-job');
  multiply(join(env.NIGHTSHIFT_STATE_DIR, 'session'));
  const list = async () => {
    const { milliseconds, stdout } = await verb('get-job');
    const lines = stdout.trim().split('\n').length - 1;
    if (lines !== 100) throw new Error(`get-job listed ${lines} jobs instead of 100`);
    return milliseconds;
  };
  const empty = async () => (await run([process.execPath, '-e', '0'])).milliseconds;
  const measured = await measurePairs(list, empty, { pairs: 40 });
  rmSync(join(env.NIGHTSHIFT_STATE_DIR, 'session'), { recursive: true });
  return { figure: measured.ratio, atMost: 1.45, what: `get-job with ${JOBS.toLocaleString('en')} jobs : node -e 0`, details: describePairs(measured, 'ms'), measured };
}

/** Copies the rows of job 1 and its child under new ids. Their run folders are not there, and a listing needs none. */
function multiply(folder) {
  const [path] = globSync(join(folder, '*', 'jobs.db'));
  using database = new DatabaseSync(path);
  const columns = database.prepare('PRAGMA table_info(instance)').all().map(({ name }) => name);
  const copied = columns.map((name) => ({ id: 'id + n.value * 2', instanceId: "substr(instanceId, 1, 24) || printf('%012x', n.value * 2 + id)", parentId: 'parentId + n.value * 2', endTime: 'endTime + n.value' })[name] ?? name);
  database.exec('BEGIN');
  database.prepare(`WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < ?) INSERT INTO instance SELECT ${copied.join(', ')} FROM instance, n ORDER BY n.value, id`).run(JOBS - 1);
  database.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)');
}
