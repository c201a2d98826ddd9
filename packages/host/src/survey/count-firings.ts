import type { Firing, FiringQuery, FiringStore } from '@nightshift/sdk';

/** Rows that are counted one by one where a store cannot count; there may be more. */
const MOST = 10_000;

/** How many due times match; of a store that cannot count, at most so many rows. */
export async function countFirings(firings: FiringStore, query: Omit<FiringQuery, 'limit'>): Promise<number> {
  if (firings.countFirings !== undefined) return firings.countFirings(query);
  const rows = await findFirings(firings, { ...query, limit: MOST });
  return rows.reduce((sum, { count }) => sum + count, 0);
}

/** A store that knows nothing of reasons gives rows of all of them. */
export async function findFirings(firings: FiringStore, query: FiringQuery): Promise<readonly Firing[]> {
  const rows = await firings.firings(query);
  return query.reason === undefined ? rows : rows.filter(({ reason }) => reason === query.reason);
}
