import { FINISHED_STATES, type InstanceQuery } from '@nightshift/sdk';
import { dayOf, dayOfInstance, isInstanceId } from '../days.ts';

/** As the partial indexes have it. */
export const UNFINISHED = `state NOT IN ('Completed', 'Failed', 'Stopped')`;
export const ENDED = 'end_time IS NOT NULL';
export const TOP_LEVEL = 'parent_id IS NULL';

/** A condition in SQL, with its values from `$1` on. */
export interface Conditions {
  readonly where: string;
  readonly values: readonly unknown[];
  /** Nothing but `finished jobs without a parent`: what the tally knows without counting. */
  readonly isTallied: boolean;
}

/** What a query asks for, of these days alone; but for `below`, which is asked generation by generation. */
export function conditionsOf(query: InstanceQuery, days?: readonly string[]): Conditions {
  const conditions: string[] = [];
  const values: unknown[] = [];
  const value = (one: unknown): string => `$${values.push(one)}`;
  const among = (column: string, list: readonly unknown[] | undefined, type: string): void => {
    if (list !== undefined) conditions.push(`${column} = ANY(${value(list)}::${type}[])`);
  };
  among('day', days, 'date');
  among('id', query.ids, 'bigint');
  among('lower(name)', query.names?.map((name) => name.toLowerCase()), 'text');
  among('parent_id', query.parentIds, 'bigint');
  if (query.instanceIds !== undefined) conditions.push(inTheirDays(query.instanceIds, value));
  if (query.states !== undefined) conditions.push(...inStates(query.states, value));
  if (query.instanceIdPart !== undefined) conditions.push(withPart(query.instanceIdPart.toLowerCase(), value));
  if (query.family !== undefined) conditions.push(`(id = ${value(query.family)} OR parent_id = ${value(query.family)})`);
  if (query.above !== undefined) conditions.push(`id > ${value(query.above)}`);
  if (query.before !== undefined) conditions.push(`id < ${value(query.before)}`);
  if (query.topLevel === true) conditions.push(TOP_LEVEL);
  among('definition_key', query.definitions, 'text');
  if (query.definitions !== undefined) conditions.push('scheduled');
  among('definition_key', query.definitionKeys, 'text');
  if (query.endedSince !== undefined) conditions.push(`end_time >= ${value(query.endedSince)}`);
  if (query.newest !== undefined || query.endedSince !== undefined) conditions.push(ENDED);
  const isTallied = values.length === 0 && conditions.length === 2 && conditions.includes(ENDED) && conditions.includes(TOP_LEVEL);
  return { where: conditions.map((condition) => ` AND ${condition}`).join('').replace(' AND ', ' WHERE '), values, isTallied };
}

/** The condition for instances of these ids, which looks into their days alone. */
export function inTheirDays(instanceIds: readonly string[], value: (one: unknown) => string): string {
  const known = instanceIds.filter(isInstanceId);
  return `(day = ANY(${value([...new Set(known.map(dayOfInstance))])}::date[]) AND instance_id = ANY(${value(known)}::uuid[]))`;
}

/** Each of the two partial indexes serves exactly one condition. */
function inStates(states: readonly string[], value: (one: unknown) => string): readonly string[] {
  const finished = FINISHED_STATES.filter((state) => states.includes(state));
  if (finished.length === FINISHED_STATES.length && states.length === finished.length) return [ENDED];
  const wanted = `state = ANY(${value(states)}::text[])`;
  if (finished.length === 0) return [UNFINISHED, wanted];
  return finished.length === states.length ? [ENDED, wanted] : [wanted];
}

const FIRST = '00000000-0000-0000-0000-000000000000';
const LAST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const HEX = /^[0-9a-f-]*$/;

/** A beginning is a range of ids, and of days; an end is looked up backwards. */
function withPart(part: string, value: (one: unknown) => string): string {
  if (!HEX.test(part) || part.length > FIRST.length) return 'false';
  const [from, to] = [part + FIRST.slice(part.length), part + LAST.slice(part.length)];
  const end = `reverse(instance_id::text) LIKE ${value([...part].toReversed().join('') + '%')}`;
  if (!isInstanceId(from)) return end;
  const days = `day BETWEEN ${value(dayOfInstance(from))}::date AND ${value(lastDay(to))}::date`;
  return `((${days} AND instance_id BETWEEN ${value(from)}::uuid AND ${value(to)}::uuid) OR ${end})`;
}

/** Of a part that says little: the last day that there is. */
function lastDay(to: string): string {
  const milliseconds = Number.parseInt(to.slice(0, 8) + to.slice(9, 13), 16);
  return dayOf(new Date(Math.min(milliseconds, Date.UTC(9999, 11, 31))));
}
