import type { Database } from './database.ts';

/** Partitions by day: `YYYY-MM-DD`, in UTC. */
export interface Days {
  /** Makes the partitions of these days, where they are missing. To be called before the transaction that writes to them. */
  ensure(days: Iterable<string>): Promise<void>;
  /** Forgets what is there, after a row had no partition: somebody has dropped it. */
  forget(): void;
}

export function daysOf({ schema, ...database }: Database): Days {
  const known = new Set<string>();
  return {
    async ensure(days) {
      const missing = [...new Set(days)].filter((day) => !known.has(day)).toSorted();
      if (missing.length === 0) return;
      await database.transaction(async (within) => {
        // One after the other, oldest first: a hundred at once would each wait for the lock of the first.
        for (const day of missing) await within.query(`SELECT ${schema}.ensure_day($1)`, [day]);
      });
      for (const day of missing) known.add(day);
    },
    forget: () => known.clear(),
  };
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a text is an instance id as it is written by us. */
export function isInstanceId(text: string): boolean {
  return UUID.test(text);
}

/** The day in which an instance is kept: that of the moment in its id, a UUIDv7. */
export function dayOfInstance(instanceId: string): string {
  return dayOf(new Date(Number.parseInt(instanceId.slice(0, 8) + instanceId.slice(9, 13), 16)));
}

export function dayOf(moment: Date): string {
  return moment.toISOString().replace(/T.*/, '').replace(/^\+0*/, '');
}
