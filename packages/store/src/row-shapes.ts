import { join, relative } from 'node:path';
import type { Instance, JobOrigin, NewInstance } from '@nightshift/sdk';

/** A row of the table `instance` as SQLite gives it. */
export interface InstanceRow {
  readonly id: number;
  readonly instanceId: string;
  readonly parentId: number | null;
  readonly name: string;
  readonly type: string;
  readonly state: string;
  readonly reason: string | null;
  readonly statusMessage: string | null;
  readonly location: string;
  readonly command: string;
  readonly beginTime: number | null;
  readonly endTime: number | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly definition: string | null;
  readonly origin: string;
  readonly attempt: number;
  readonly stopReason: string | null;
  readonly outputBytes: number | null;
  readonly runFolder: string | null;
  readonly run: string | null;
}

/** Columns that hold the same value in the row and in the instance, null standing for absent. */
const PLAIN = ['parentId', 'reason', 'statusMessage', 'exitCode', 'signal', 'stopReason', 'outputBytes'] as const;

export function instanceOfRow(row: InstanceRow, root: string): Instance {
  const instance: Record<string, unknown> = {
    id: row.id,
    instanceId: row.instanceId,
    name: row.name,
    type: row.type,
    state: row.state,
    location: row.location,
    command: row.command,
    attempt: row.attempt,
    origin: originOf(JSON.parse(row.origin)),
  };
  for (const column of PLAIN) if (row[column] !== null) instance[column] = row[column];
  if (row.beginTime !== null) instance['beginTime'] = new Date(row.beginTime);
  if (row.endTime !== null) instance['endTime'] = new Date(row.endTime);
  if (row.definition !== null) instance['definition'] = JSON.parse(row.definition);
  if (row.run !== null) instance['run'] = JSON.parse(row.run);
  if (row.runFolder !== null) instance['runFolder'] = join(root, row.runFolder);
  return instance as unknown as Instance;
}

/** The first state of an instance that has just been given its id. */
export function startOf(planned: NewInstance, id: number, parent: Instance | undefined, runFolder: string | undefined): Instance {
  return {
    ...planned,
    id,
    name: planned.name === undefined || planned.name === '' ? `Job${id}` : planned.name,
    location: planned.location ?? 'localhost',
    origin: planned.origin.kind === 'parent' ? { kind: 'parent', parentId: (parent as Instance).id } : planned.origin,
    ...(parent === undefined ? {} : { parentId: parent.id }),
    attempt: 1,
    state: 'NotStarted',
    ...(runFolder === undefined ? {} : { runFolder }),
  };
}

/** The values of a new row, in the order of the columns above. */
export function rowOfInstance(instance: Instance, root: string): (string | number | null)[] {
  return [
    instance.id, instance.instanceId, instance.parentId ?? null, instance.name, instance.type, instance.state,
    instance.reason ?? null, instance.statusMessage ?? null, instance.location, instance.command,
    instance.beginTime?.getTime() ?? null, instance.endTime?.getTime() ?? null, instance.exitCode ?? null, instance.signal ?? null,
    instance.definition === undefined ? null : JSON.stringify(instance.definition), JSON.stringify(instance.origin), instance.attempt,
    instance.stopReason ?? null, instance.outputBytes ?? null,
    instance.runFolder === undefined ? null : relative(root, instance.runFolder),
    instance.run === undefined ? null : JSON.stringify(instance.run),
  ];
}

export function originOf(stored: Record<string, unknown>): JobOrigin {
  return (stored['kind'] === 'trigger' ? { ...stored, dueAt: new Date(stored['dueAt'] as string) } : stored) as JobOrigin;
}
