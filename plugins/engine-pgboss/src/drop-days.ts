import type { EngineContext } from './context.ts';
import type { Transaction } from './database.ts';
import { isLockTaken } from './errors.ts';
import { findInstances } from './store/find.ts';
import { removeWithin } from './store/remove.ts';
import { UNFINISHED } from './store/query.ts';

/** Days of one pass: nobody has to wait for more. */
const AT_A_TIME = 20;
/** Whoever lists must not wait long: rather another time. */
const LOCK = "SET LOCAL lock_timeout = '2s'";

/**
 * Drops the partitions of days that are older than the engine keeps: milliseconds, where deleting row by row takes minutes and
 * leaves room that only a vacuum gives back. A day on which something began that has not ended stays until it has; so does one
 * with a due time that still waits for its word.
 */
export async function dropDays(context: EngineContext): Promise<void> {
  for (const day of await oldDays(context, 'instance')) await dropUnlessBusy(context, (within) => dropInstances(within, context, day));
  for (const day of await oldDays(context, 'firing')) await dropUnlessBusy(context, (within) => dropFirings(within, context, day));
  context.days.forget();
}

async function oldDays({ database, options, schema }: EngineContext, table: string): Promise<readonly string[]> {
  const { rows } = await database.query<{ day: string }>(
    `SELECT to_char(day, 'YYYY-MM-DD') AS day FROM (
       SELECT to_date(substring(relname FROM '\\d{8}$'), 'YYYYMMDD') AS day FROM pg_catalog.pg_class WHERE relkind = 'r' AND relnamespace = $1::regnamespace AND relname ~ ('^' || $2 || '_\\d{8}$')) AS days
     WHERE day < (clock_timestamp() AT TIME ZONE 'UTC')::date - $3::int ORDER BY day LIMIT ${AT_A_TIME}`,
    [schema, table, options.keepDays],
  );
  return rows.map(({ day }) => day);
}

async function dropUnlessBusy({ database }: EngineContext, drop: (within: Transaction) => Promise<void>): Promise<void> {
  await database.transaction(async (within) => {
    await within.query(LOCK);
    await drop(within);
  }).catch((cause: unknown) => {
    if (!isLockTaken(cause)) throw cause;
  });
}

const nameOf = (schema: string, table: string, day: string): string => `${schema}.${table}_${day.replaceAll('-', '')}`;

async function dropInstances(within: Transaction, context: EngineContext, day: string): Promise<void> {
  const { objects, schema } = context;
  const jobs = nameOf(schema, 'instance', day);
  await within.query(`LOCK TABLE ${jobs} IN SHARE ROW EXCLUSIVE MODE`);
  const { rows: going } = await within.query<{ goes: boolean }>(
    `SELECT NOT EXISTS (SELECT 1 FROM ${jobs} WHERE ${UNFINISHED})
       AND NOT EXISTS (SELECT 1 FROM ${schema}.instance AS child WHERE child.${UNFINISHED} AND child.parent_id IN (SELECT id FROM ${jobs})) AS goes`,
  );
  if (going[0]?.goes !== true) return;
  // Begun before midnight, with children behind it.
  const { rows: split } = await within.query<{ id: number }>(`SELECT id FROM ${schema}.instance AS child WHERE day > $1 AND parent_id IN (SELECT id FROM ${jobs})`, [day]);
  if (split.length > 0) await removeWithin(within, context, await findInstances(within, schema, { ids: split.map(({ id }) => id) }));
  await within.query(
    `INSERT INTO ${schema}.tally_change SELECT date_trunc('hour', end_time, 'UTC'), coalesce(definition_key, ''), state, -count(*), -coalesce(sum(output_bytes), 0)
     FROM ${jobs} WHERE parent_id IS NULL AND end_time IS NOT NULL GROUP BY 1, 2, 3`,
  );
  if (objects !== undefined) await within.query(`INSERT INTO ${schema}.gone VALUES ($1) ON CONFLICT DO NOTHING`, [`${day}/`]);
  await within.query(`DELETE FROM ${schema}.day WHERE day = $1`, [day]);
  await within.query(['instance', 'attempt', 'segment', 'reading'].map((table) => `DROP TABLE ${nameOf(schema, table, day)}`).join('; '));
}

/** A range that reaches into days that are kept is kept itself, and the rest of its day goes row by row. */
async function dropFirings(within: Transaction, { options, schema }: EngineContext, day: string): Promise<void> {
  const firings = nameOf(schema, 'firing', day);
  await within.query(`LOCK TABLE ${firings} IN SHARE ROW EXCLUSIVE MODE`);
  const goesOn = `EXISTS (SELECT 1 FROM ${schema}.trigger_clock AS clock WHERE clock.definition = ${firings}.definition AND clock.trigger_id = ${firings}.trigger_id)`;
  // From the newest word of a trigger that goes on, a clock that ran ahead finds back.
  const newest = `SELECT max(newer.due_at) FROM ${schema}.firing AS newer WHERE newer.definition = ${firings}.definition AND newer.trigger_id = ${firings}.trigger_id AND newer.word <> 'Void'`;
  const stays = `last_due_at >= clock_timestamp() - $1 * interval '1 day' OR (${goesOn} AND (word = 'Waiting' OR (word <> 'Void' AND due_at = (${newest}))))`;
  const { count } = await within.query(`SELECT 1 FROM ${firings} WHERE ${stays} LIMIT 1`, [options.keepDays]);
  if (count === 0) await within.query(`DROP TABLE ${firings}`);
  else await within.query(`DELETE FROM ${firings} WHERE NOT (${stays})`, [options.keepDays]);
}
