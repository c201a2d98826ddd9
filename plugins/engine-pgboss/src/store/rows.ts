import type { Attempt, Instance, JobOrigin, NewInstance } from '@nightshift/sdk';
import { json, type Queryable } from '../database.ts';
import { dayOfInstance } from '../days.ts';

/** A row of the table `instance`. */
export interface InstanceRow {
  readonly id: number;
  readonly instance_id: string;
  readonly parent_id: number | null;
  readonly name: string;
  readonly type: string;
  readonly state: Instance['state'];
  readonly location: string;
  readonly command: string;
  readonly attempt: number;
  readonly origin: Record<string, unknown>;
  readonly fence: number;
  readonly [column: string]: unknown;
}

/** What a row has of an instance that may be absent, as each is called on either side. Null stands for absent. */
const OPTIONAL = {
  parent_id: 'parentId',
  reason: 'reason',
  status_message: 'statusMessage',
  begin_time: 'beginTime',
  end_time: 'endTime',
  exit_code: 'exitCode',
  signal: 'signal',
  definition: 'definition',
  stop_reason: 'stopReason',
  output_bytes: 'outputBytes',
  run: 'run',
  not_before: 'notBefore',
  queued: 'queued',
  launch: 'launch',
  route: 'route',
  priority: 'priority',
  cap: 'cap',
} as const satisfies Readonly<Record<string, keyof Instance>>;
const OPTIONAL_ENTRIES = Object.entries(OPTIONAL);

/** What is read of an instance. */
export const INSTANCE_COLUMNS: string = ['id', 'instance_id', 'name', 'type', 'state', 'location', 'command', 'attempt', 'origin', 'fence', ...Object.keys(OPTIONAL)].join(', ');

/** The same, of a table with an alias. */
export function columnsOf(alias: string): string {
  return INSTANCE_COLUMNS.replaceAll(/\w+/g, `${alias}.$&`);
}

export function instanceOfRow(row: InstanceRow): Instance {
  const instance: Record<string, unknown> = { id: row.id, instanceId: row.instance_id, name: row.name, type: row.type, state: row.state, location: row.location, command: row.command, attempt: row.attempt, origin: originOf(row.origin) };
  for (const [column, member] of OPTIONAL_ENTRIES) if (row[column] !== null) instance[member] = row[column];
  if (row.fence > 0) instance['fence'] = row.fence;
  return instance as unknown as Instance;
}

function originOf(stored: Record<string, unknown>): JobOrigin {
  return (stored['kind'] === 'trigger' ? { ...stored, dueAt: new Date(stored['dueAt'] as string) } : stored) as JobOrigin;
}

/** Of what names no route. */
export const DEFAULT_ROUTE = 'default';

/** The first state of an instance that has just been given its id. */
export function startOf({ parentInstanceId: _parentInstanceId, ...planned }: NewInstance, id: number, parent: Instance | undefined): Instance {
  return {
    ...planned,
    id,
    name: planned.name === undefined || planned.name === '' ? `Job${id}` : planned.name,
    location: planned.location ?? placeOf(planned),
    origin: planned.origin.kind === 'parent' ? { kind: 'parent', parentId: parent?.id ?? 0 } : planned.origin,
    ...(parent === undefined ? {} : { parentId: parent.id }),
    attempt: 1,
    state: 'NotStarted',
  };
}

/** What waits in the queue is nowhere yet: its route says where it can be, and the worker that takes it gives it its name. */
function placeOf({ run, route = DEFAULT_ROUTE }: Pick<NewInstance, 'run' | 'route'>): string {
  return run !== undefined && run.holder === undefined ? route : 'localhost';
}

/** Columns in the order of `insertInstances`, with their types. */
const STORED: Readonly<Record<string, string>> = {
  day: 'date', instance_id: 'uuid', id: 'bigint', parent_id: 'bigint', name: 'text', type: 'text', state: 'text', reason: 'text', status_message: 'text', location: 'text', command: 'text',
  begin_time: 'timestamptz', end_time: 'timestamptz', exit_code: 'int', signal: 'text', definition: 'jsonb', definition_key: 'text', scheduled: 'boolean', origin: 'jsonb', attempt: 'int', stop_reason: 'text',
  output_bytes: 'bigint', run: 'jsonb', not_before: 'timestamptz', queued: 'boolean', launch: 'text', route: 'text', priority: 'int', cap: 'jsonb', fence: 'bigint', children_from: 'date', children_until: 'date',
};

/** Any number of instances in one statement, part of somebody's transaction. Their days are there. Of a child whose parent is not among them `noteChild` tells the parent. */
export async function insertInstances(within: Queryable, schema: string, instances: readonly Instance[]): Promise<void> {
  if (instances.length === 0) return;
  const columns = Object.keys(STORED).join(', ');
  const typed = Object.entries(STORED).map(([column, type]) => `${column} ${type}`).join(', ');
  await within.query(`INSERT INTO ${schema}.instance (${columns}) SELECT ${columns} FROM jsonb_to_recordset($1::jsonb) AS row (${typed})`, [json(withChildren(instances.map(rowOf)))]);
}

/** The days of the children that are among them. */
function withChildren(rows: readonly Record<string, unknown>[]): readonly Record<string, unknown>[] {
  const children = Map.groupBy(rows, (row) => row['parent_id'] as number | undefined);
  return rows.map((row) => {
    const days = (children.get(row['id'] as number) ?? []).map((child) => child['day'] as string);
    if (days.every((day) => day === row['day'])) return row;
    const sorted = [row['day'] as string, ...days].toSorted();
    return { ...row, children_from: sorted[0], children_until: sorted.at(-1) };
  });
}

/** Tells a parent of a child that lies in another day. */
export async function noteChild(within: Queryable, schema: string, parentId: number, parentDay: string | undefined, day: string): Promise<void> {
  if (parentDay === day) return;
  await within.query(
    `UPDATE ${schema}.instance SET children_from = least(coalesce(children_from, day), $2::date), children_until = greatest(coalesce(children_until, day), $2::date)
     WHERE id = $1${parentDay === undefined ? '' : ' AND day = $3::date'}`,
    [parentId, day, ...(parentDay === undefined ? [] : [parentDay])],
  );
}

function rowOf(instance: Instance): Record<string, unknown> {
  const row: Record<string, unknown> = {
    day: dayOfInstance(instance.instanceId), instance_id: instance.instanceId, id: instance.id, name: instance.name, type: instance.type, state: instance.state, location: instance.location,
    command: instance.command, attempt: instance.attempt, origin: instance.origin, fence: instance.fence ?? 0, scheduled: isScheduled(instance.origin),
  };
  for (const [column, member] of OPTIONAL_ENTRIES) row[column] = instance[member];
  // Of children it is the parent that belongs to the definition.
  if (instance.parentId === undefined) row['definition_key'] = instance.definition?.key;
  return row;
}

/** What a trigger or run-now started: what people start by hand does not count for overlap. */
function isScheduled(origin: JobOrigin): boolean {
  return origin.kind === 'trigger' || (origin.kind === 'demand' && origin.runNow);
}

/** A row of the table `attempt`. */
export interface AttemptRow {
  readonly attempt: number;
  readonly begin_time: Date | null;
  readonly end_time: Date | null;
  readonly reason: Attempt['reason'] | null;
  readonly status_message: string | null;
  readonly exit_code: number | null;
  readonly signal: string | null;
}

export function attemptOfRow({ attempt, begin_time, end_time, reason, status_message, exit_code, signal }: AttemptRow): Attempt {
  return {
    attempt,
    ...(begin_time === null ? {} : { beginTime: begin_time }),
    ...(end_time === null ? {} : { endTime: end_time }),
    ...(reason === null || reason === undefined ? {} : { reason }),
    ...(status_message === null ? {} : { statusMessage: status_message }),
    ...(exit_code === null ? {} : { exitCode: exit_code }),
    ...(signal === null ? {} : { signal }),
  };
}
