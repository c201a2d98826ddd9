import type { Instance, LastEnd } from '@nightshift/sdk';
import type { Queryable } from '../database.ts';
import { askInParts, daysIn } from './day-book.ts';
import { ENDED } from './query.ts';
import { INSTANCE_COLUMNS, instanceOfRow, type InstanceRow } from './rows.ts';

/** The finished jobs of definitions that ended last, each definition's by itself: a few looks into the index of a day for each. */
export async function latestOf(on: Queryable, schema: string, definitionKeys: readonly string[], each: number): Promise<ReadonlyMap<string, readonly Instance[]>> {
  const found = (await latest<InstanceRow>(on, schema, definitionKeys, each, INSTANCE_COLUMNS)).map(instanceOfRow);
  const byKey = Map.groupBy(found, ({ definition }) => definition?.key);
  return new Map(definitionKeys.map((key) => [key, (byKey.get(key) ?? []).toSorted((a, b) => Number(b.endTime) - Number(a.endTime) || b.id - a.id).slice(0, each)]));
}

/** How the last of them ended. */
export async function lastEnds(on: Queryable, schema: string, definitionKeys: readonly string[]): Promise<ReadonlyMap<string, LastEnd>> {
  const rows = await latest<Ended & { readonly state: LastEnd['state'] }>(on, schema, definitionKeys, 1, 'definition_key, state, end_time');
  // Of several days the latest is set last.
  return new Map(rows.toSorted((a, b) => Number(a.end_time) - Number(b.end_time)).map(({ definition_key, state, end_time }) => [definition_key, { state, endTime: end_time }]));
}

interface Ended {
  readonly definition_key: string;
  readonly end_time: Date;
}

/** Newest days first, until each definition has as many as are wanted and no other day can have a later one. */
async function latest<Row extends object>(on: Queryable, schema: string, definitionKeys: readonly string[], each: number, columns: string): Promise<readonly Row[]> {
  if (definitionKeys.length === 0) return [];
  const text = `SELECT found.* FROM unnest($1::text[]) AS wanted (key) CROSS JOIN LATERAL (
    SELECT ${columns} FROM ${schema}.instance WHERE day = ANY($2::date[]) AND definition_key = wanted.key AND ${ENDED} ORDER BY end_time DESC, id DESC LIMIT $3) AS found`;
  const ask = async (days: readonly string[]): Promise<readonly (Row & Ended)[]> => (await on.query<Row & Ended>(text, [definitionKeys, days, each])).rows;
  return askInParts(await daysIn(on, schema), (a, b) => b.lastEnd - a.lastEnd, ask, (rows) => {
    const byKey = Map.groupBy(rows, ({ definition_key }) => definition_key);
    const bounds = definitionKeys.map((key) => (byKey.get(key) ?? []).map(({ end_time }) => Number(end_time)).toSorted((a, b) => b - a)[each - 1] ?? -Infinity);
    const bound = Math.min(...bounds);
    return ({ lastEnd }) => lastEnd >= bound;
  });
}
