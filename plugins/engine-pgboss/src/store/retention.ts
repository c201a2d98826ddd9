import { isFinished, type Instance, type StoreLimits } from '@nightshift/sdk';
import type { Queryable } from '../database.ts';
import { ENDED, TOP_LEVEL, UNFINISHED } from './query.ts';
import { askInParts, daysIn, openDays } from './day-book.ts';
import { findInstances } from './find.ts';
import { INSTANCE_COLUMNS, instanceOfRow, type InstanceRow } from './rows.ts';
import { talliedIn } from './tally.ts';

/**
 * The finished jobs of a definition beyond the `keep` that ended last, oldest first, each followed by what is below it. Asked
 * after every run: so it is known first how many there are, and only as many days are looked into as have them.
 */
export async function finishedBeyond(on: Queryable, schema: string, definitionKey: string, keep: number): Promise<readonly Instance[]> {
  const { jobs } = await talliedIn(on, schema, definitionKey);
  if (jobs <= keep) return [];
  const ask = async (days: readonly string[]): Promise<readonly Ended[]> => (await on.query<Ended>(`SELECT id, end_time FROM ${schema}.instance WHERE day = ANY($1::date[]) AND definition_key = $2 AND ${ENDED}`, [days, definitionKey])).rows;
  const found = await askInParts(await daysIn(on, schema), (a, b) => b.lastEnd - a.lastEnd, ask, (rows) => () => rows.length < jobs);
  const beyond = found.toSorted((a, b) => Number(b.end_time) - Number(a.end_time) || b.id - a.id).slice(keep);
  const families = await familiesOf(on, schema, beyond.toReversed().map(({ id }) => id));
  return families.filter(hasEnded).flat();
}

interface Ended {
  readonly id: number;
  readonly end_time: Date;
}

/** The unfinished jobs of a definition, whatever started them, each followed by its children. */
export async function unfinishedOf(on: Queryable, schema: string, definitionKey: string): Promise<readonly Instance[]> {
  const open = openDays(await daysIn(on, schema));
  const { rows } = await on.query<InstanceRow>(`SELECT ${INSTANCE_COLUMNS} FROM ${schema}.instance WHERE day = ANY($1::date[]) AND definition_key = $2 AND ${UNFINISHED} ORDER BY id`, [open, definitionKey]);
  const jobs = rows.map(instanceOfRow);
  const children = Map.groupBy(await findInstances(on, schema, { parentIds: jobs.map(({ id }) => id) }), ({ parentId }) => parentId);
  return jobs.flatMap((job) => [job, ...(children.get(job.id) ?? [])]);
}

/** Jobs that go at a time. */
const AT_A_TIME = 500;

/**
 * The finished jobs that must go, oldest first, each followed by what is below it. How many there are and how much they wrote is
 * known by the tally; of a job counts what its runs have written.
 */
export async function beyondLimits(on: Queryable, schema: string, { jobs = Infinity, bytes = Infinity, endedBefore, oneEach = false }: StoreLimits): Promise<readonly Instance[]> {
  const left = { ...(await talliedIn(on, schema)) };
  if (left.jobs <= jobs && left.bytes <= bytes) return [];
  const newer = `SELECT 1 FROM ${schema}.instance AS newer WHERE newer.definition_key = job.definition_key AND newer.${ENDED} AND (newer.end_time, newer.id) > (job.end_time, job.id)`;
  const orOlder = oneEach ? ` AND (job.definition_key IS NULL OR EXISTS (${newer}))` : '';
  // What has written nothing frees nothing, and there may be thousands of such before the first that has.
  const large = left.jobs <= jobs ? ' AND job.output_bytes > 0' : '';
  const { rows } = await on.query<{ id: number; size: number }>(
    `SELECT job.id, coalesce(job.output_bytes, 0) AS size FROM ${schema}.instance AS job WHERE job.${TOP_LEVEL} AND job.${ENDED} AND job.end_time < $1${orOlder}${large} ORDER BY job.end_time, job.id LIMIT ${AT_A_TIME}`,
    [endedBefore ?? new Date(8.64e15)],
  );
  const sizes = new Map(rows.map(({ id, size }) => [id, size]));
  const families = (await familiesOf(on, schema, [...sizes.keys()])).filter(hasEnded);
  return families.filter(([job]) => {
    const isTooMuch = left.jobs > jobs || left.bytes > bytes;
    if (isTooMuch) left.jobs -= 1;
    if (isTooMuch) left.bytes -= sizes.get(job?.id ?? 0) ?? 0;
    return isTooMuch;
  }).flat();
}

/** Each of these jobs with everything below it, in the order asked for. */
async function familiesOf(on: Queryable, schema: string, ids: readonly number[]): Promise<readonly (readonly Instance[])[]> {
  if (ids.length === 0) return [];
  const found = [...(await findInstances(on, schema, { ids })), ...(await findInstances(on, schema, { below: ids }))];
  const children = Map.groupBy(found, ({ parentId }) => parentId);
  const whole = (one: Instance): readonly Instance[] => [one, ...(children.get(one.id) ?? []).flatMap(whole)];
  const byId = new Map(found.map((one) => [one.id, one]));
  return ids.flatMap((id) => byId.get(id) ?? []).map((job) => whole(job).toSorted((a, b) => a.id - b.id));
}

/** What a job has started may outlive it, as where its host was killed: then the whole family stays until that has ended too. */
function hasEnded(family: readonly Instance[]): boolean {
  return family.length > 0 && family.every(({ state }) => isFinished(state));
}
