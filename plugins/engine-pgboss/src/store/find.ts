import type { Attempt, Instance, InstanceQuery } from '@nightshift/sdk';
import type { Queryable } from '../database.ts';
import { dayOfInstance, isInstanceId } from '../days.ts';
import { askInParts, daysFor, daysIn, type DayFacts } from './day-book.ts';
import { conditionsOf } from './query.ts';
import { attemptOfRow, INSTANCE_COLUMNS, instanceOfRow, type AttemptRow, type InstanceRow } from './rows.ts';
import { talliedIn } from './tally.ts';

/** In ascending id order. */
export async function findInstances(on: Queryable, schema: string, query: InstanceQuery): Promise<Instance[]> {
  const { below, family, newest, first, last } = query;
  if (below !== undefined) return findBelow(on, schema, query, below);
  if (family !== undefined) return findFamily(on, schema, query, family);
  if (query.parentIds !== undefined) return findChildren(on, schema, query, query.parentIds);
  // A whole id says its day; of a part of one the days are a condition of their own.
  if (query.instanceIds !== undefined || query.instanceIdPart !== undefined) return select(on, schema, query);
  const days = daysFor(query, await daysIn(on, schema));
  if (newest !== undefined) return findNewest(on, schema, query, days, newest);
  if (last !== undefined) return findLast(on, schema, query, days, last);
  if (first !== undefined) return findFirst(on, schema, query, days, first);
  return select(on, schema, query, days.map(({ day }) => day));
}

async function select(on: Queryable, schema: string, query: InstanceQuery, days?: readonly string[]): Promise<Instance[]> {
  const { where, values } = conditionsOf(query, days);
  const limits = [...values];
  const limit = (count: number | undefined): string => (count === undefined ? '' : ` LIMIT $${limits.push(count)}`);
  const all = `${schema}.instance${where}`;
  const newest = query.newest === undefined ? all : `(SELECT * FROM ${all} ORDER BY end_time DESC, id DESC${limit(query.newest)}) AS newest`;
  const last = query.last === undefined ? newest : `(SELECT * FROM ${newest} ORDER BY id DESC${limit(query.last)}) AS last`;
  const text = `SELECT ${INSTANCE_COLUMNS} FROM ${last} ORDER BY id${limit(query.first)}`;
  return (await on.query<InstanceRow>(text, limits)).rows.map(instanceOfRow);
}

async function findNewest(on: Queryable, schema: string, query: InstanceQuery, days: readonly DayFacts[], count: number): Promise<Instance[]> {
  const byEnd = (a: Instance, b: Instance): number => endOf(b) - endOf(a) || b.id - a.id;
  const { first, last, ...asked } = query;
  const found = await askInParts(days, (a, b) => b.lastEnd - a.lastEnd, (some) => select(on, schema, asked, some), (rows) => {
    const last = rows.toSorted(byEnd)[count - 1];
    return ({ lastEnd }) => last === undefined || lastEnd >= endOf(last);
  });
  const inOrder = found.toSorted(byEnd).slice(0, count).toSorted((a, b) => a.id - b.id);
  return (last === undefined ? inOrder : inOrder.slice(-last)).slice(0, first);
}

function endOf({ endTime }: Instance): number {
  return endTime?.getTime() ?? -Infinity;
}

async function findFirst(on: Queryable, schema: string, query: InstanceQuery, days: readonly DayFacts[], count: number): Promise<Instance[]> {
  const found = await askInParts(days, (a, b) => a.lowId - b.lowId, (some) => select(on, schema, query, some), (rows) => {
    const last = rows.toSorted((a, b) => a.id - b.id)[count - 1];
    return ({ lowId }) => last === undefined || lowId < last.id;
  });
  return found.toSorted((a, b) => a.id - b.id).slice(0, count);
}

async function findLast(on: Queryable, schema: string, { first, ...query }: InstanceQuery, days: readonly DayFacts[], count: number): Promise<Instance[]> {
  const found = await askInParts(days, (a, b) => b.highId - a.highId, (some) => select(on, schema, query, some), (rows) => {
    const last = rows.toSorted((a, b) => b.id - a.id)[count - 1];
    return ({ highId }) => last === undefined || highId > last.id;
  });
  return found.toSorted((a, b) => a.id - b.id).slice(-count).slice(0, first);
}

/** A parent by its id, then its children by their days; which one of them is asked for may be the other way round. */
async function findFamily(on: Queryable, schema: string, query: InstanceQuery, id: number): Promise<Instance[]> {
  const days = await daysIn(on, schema);
  const parents = await parentsOf(on, schema, [id], days);
  return parents.length === 0 ? [] : select(on, schema, query, [...parents.map(({ day }) => day), ...daysOfChildren(parents, days)]);
}

async function findChildren(on: Queryable, schema: string, query: InstanceQuery, parentIds: readonly number[]): Promise<Instance[]> {
  const days = await daysIn(on, schema);
  const parents = await parentsOf(on, schema, parentIds, days);
  return parents.length === 0 ? [] : select(on, schema, query, daysOfChildren(parents, days));
}

/** One generation after the other. */
async function findBelow(on: Queryable, schema: string, { below: _below, ...others }: InstanceQuery, ids: readonly number[]): Promise<Instance[]> {
  const days = await daysIn(on, schema);
  const found = new Map<number, Instance>();
  for (let parents = await parentsOf(on, schema, ids, days); parents.length > 0; ) {
    const children = await select(on, schema, { parentIds: parents.map(({ id }) => id) }, daysOfChildren(parents, days));
    const fresh = children.filter(({ id }) => !found.has(id));
    for (const child of fresh) found.set(child.id, child);
    parents = await parentsOf(on, schema, fresh.map(({ id }) => id), days);
  }
  const all = [...found.values()].toSorted((a, b) => a.id - b.id);
  if (all.length === 0 || Object.keys(others).length === 0) return all;
  return findInstances(on, schema, { ...others, ids: all.map(({ id }) => id).filter((id) => others.ids?.includes(id) ?? true) });
}

/** Where an instance and its children lie. */
interface Parent {
  readonly id: number;
  readonly day: string;
  readonly children_from: string | null;
  readonly children_until: string | null;
}

async function parentsOf(on: Queryable, schema: string, ids: readonly number[], days: readonly DayFacts[]): Promise<readonly Parent[]> {
  if (ids.length === 0) return [];
  const { where, values } = conditionsOf({ ids }, daysFor({ ids }, days).map(({ day }) => day));
  return (await on.query<Parent>(`SELECT id, day, children_from, children_until FROM ${schema}.instance${where}`, values)).rows;
}

function daysOfChildren(parents: readonly Parent[], days: readonly DayFacts[]): readonly string[] {
  const spans = new Set(parents.map(({ day, children_from, children_until }) => `${children_from ?? day} ${children_until ?? day}`));
  const bounds = [...spans].map((span) => span.split(' ') as [string, string]);
  return days.map(({ day }) => day).filter((day) => bounds.some(([from, until]) => day >= from && day <= until));
}

export async function countInstances(on: Queryable, schema: string, query: InstanceQuery): Promise<number> {
  const { newest: _newest, first: _first, last: _last, ...asked } = query;
  const { where, values, isTallied } = conditionsOf(asked);
  if (isTallied) return (await talliedIn(on, schema)).jobs;
  if (asked.below !== undefined || asked.family !== undefined || asked.parentIds !== undefined) return (await findInstances(on, schema, asked)).length;
  if (asked.instanceIds !== undefined || asked.instanceIdPart !== undefined) return count(on, schema, where, values);
  const pruned = conditionsOf(asked, daysFor(asked, await daysIn(on, schema)).map(({ day }) => day));
  return count(on, schema, pruned.where, pruned.values);
}

async function count(on: Queryable, schema: string, where: string, values: readonly unknown[]): Promise<number> {
  return (await on.query<{ n: number }>(`SELECT count(*) AS n FROM ${schema}.instance${where}`, values)).rows[0]?.n ?? 0;
}

/** The closed ones, oldest first. */
export async function attemptsOf(on: Queryable, schema: string, instanceId: string): Promise<Attempt[]> {
  if (!isInstanceId(instanceId)) return [];
  const { rows } = await on.query<AttemptRow>(`SELECT * FROM ${schema}.attempt WHERE day = $1 AND instance_id = $2 ORDER BY attempt`, [dayOfInstance(instanceId), instanceId]);
  return rows.map(attemptOfRow);
}
