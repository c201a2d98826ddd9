/**
 * What has to be done now and then, by anybody: each task is claimed by one process for its interval, in a row of `upkeep`.
 *
 *     tally      every minute   changes are added to the hourly counts
 *     gone       every minute   objects whose rows are gone are deleted
 *     entries    every minute   pg-boss deletes entries that ended an hour ago
 *     places     every hour     runs that wait without an entry get one (queue/mend-places.ts)
 *     days       every hour     the partitions of the days to come are made
 *     closing    every hour     days on which all has ended are closed: who lists need not look into them
 *     retention  every hour     days that are older than the engine keeps go as a whole (drop-days.ts)
 *
 * It is done beside whatever called, and never in its way; what failed is told by the next call.
 */
import type { EngineContext } from './context.ts';
import { dayOf } from './days.ts';
import { closeDays } from './close-days.ts';
import { dropDays } from './drop-days.ts';
import type { Upkeep } from './upkeep-port.ts';
import { mendPlaces } from './queue/mend-places.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Days that are made ahead. */
const AHEAD = 3;

type Task = (context: EngineContext) => Promise<void>;

const TASKS: Readonly<Record<string, { readonly interval: number; readonly run: Task }>> = {
  tally: { interval: MINUTE, run: addUp },
  gone: { interval: MINUTE, run: sweep },
  entries: { interval: MINUTE, run: ({ boss }) => boss.lookAfter() },
  places: { interval: HOUR, run: async (context) => void (await mendPlaces(context)) },
  days: { interval: HOUR, run: makeDays },
  closing: { interval: HOUR, run: closeDays },
  retention: { interval: HOUR, run: dropDays },
};

export function upkeepOf(context: EngineContext): Upkeep {
  const { clock } = context;
  let lastLook = -Infinity;
  let going: Promise<void> | undefined;
  let failure: { readonly cause: unknown } | undefined;
  return {
    tend() {
      if (failure !== undefined) {
        const { cause } = failure;
        failure = undefined;
        throw cause;
      }
      if (going !== undefined || clock.monotonic() - lastLook < MINUTE) return;
      lastLook = clock.monotonic();
      going = keepUp(context).catch((cause: unknown) => void (failure = { cause })).finally(() => (going = undefined));
    },
    failed: (cause) => void (failure = { cause }),
    settled: async () => going,
  };
}

/** Every task that is due, whoever did it last. */
export async function keepUp(context: EngineContext): Promise<void> {
  const failures: unknown[] = [];
  for (const [name, { interval, run }] of Object.entries(TASKS)) {
    // One that cannot be done keeps no other from being done.
    if (await claim(context, name, interval)) await run(context).catch((cause: unknown) => void failures.push(cause));
  }
  if (failures.length > 0) throw failures[0];
}

/** By the server's clock: those of the hosts may differ. */
async function claim({ database, schema }: EngineContext, name: string, interval: number): Promise<boolean> {
  const { count } = await database.transaction((within) =>
    within.query(
      `INSERT INTO ${schema}.upkeep AS known VALUES ($1, clock_timestamp()) ON CONFLICT (task) DO UPDATE SET begun_at = excluded.begun_at WHERE known.begun_at < clock_timestamp() - $2 * interval '1 millisecond'`,
      [name, interval],
    ),
  );
  return count === 1;
}

/** In one statement: whoever counts meanwhile sees each change once, here or there. */
export async function addUp({ database, schema }: EngineContext): Promise<void> {
  await database.transaction(async (within) => {
    await within.query(
      `WITH changes AS (DELETE FROM ${schema}.tally_change RETURNING *),
       hourly AS (
         INSERT INTO ${schema}.tally AS known SELECT hour, definition, state, sum(jobs), sum(bytes) FROM changes GROUP BY hour, definition, state
         ON CONFLICT (hour, definition, state) DO UPDATE SET jobs = known.jobs + excluded.jobs, bytes = known.bytes + excluded.bytes)
       INSERT INTO ${schema}.tally_total AS known SELECT definition, state, sum(jobs), sum(bytes) FROM changes GROUP BY definition, state
       ON CONFLICT (definition, state) DO UPDATE SET jobs = known.jobs + excluded.jobs, bytes = known.bytes + excluded.bytes`,
    );
    for (const table of ['tally', 'tally_total']) await within.query(`DELETE FROM ${schema}.${table} WHERE jobs = 0 AND bytes = 0`);
  });
}

/** Objects of one pass. */
const AT_A_TIME = 200;

/** The object first: a row without one is deleted again, an object without a row would stay for ever. */
async function sweep({ database, objects, schema }: EngineContext): Promise<void> {
  if (objects === undefined) return;
  const { rows } = await database.query<{ object: string }>(`SELECT object FROM ${schema}.gone LIMIT ${AT_A_TIME}`);
  for (const { object } of rows) {
    await objects.remove(object);
    await database.transaction((within) => within.query(`DELETE FROM ${schema}.gone WHERE object = $1`, [object]));
  }
}

async function makeDays({ clock, days }: EngineContext): Promise<void> {
  const now = clock.now().getTime();
  await days.ensure(Array.from({ length: AHEAD + 1 }, (_, index) => dayOf(new Date(now + index * DAY))));
}
