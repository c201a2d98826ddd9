import type { EngineContext } from './context.ts';
import { isLockTaken } from './errors.ts';

/** Whoever starts a job must not wait long: rather another time. */
const LOCK = "SET LOCAL lock_timeout = '2s'";

/** Closes the days before yesterday on which everything has ended; how `close_day` keeps that true is said in the migration. */
export async function closeDays({ database, schema }: EngineContext): Promise<void> {
  const { rows } = await database.query<{ day: string }>(`SELECT day FROM ${schema}.day WHERE NOT closed AND day < (clock_timestamp() AT TIME ZONE 'UTC')::date - 1 ORDER BY day`);
  for (const { day } of rows) {
    await database.transaction(async (within) => {
      await within.query(LOCK);
      await within.query(`SELECT ${schema}.close_day($1)`, [day]);
    }).catch((cause: unknown) => {
      if (!isLockTaken(cause)) throw cause;
    });
  }
}
