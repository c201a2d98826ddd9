import { relative, sep } from 'node:path';
import type { Instance, JobOrigin, NewInstance } from '@nightshift/sdk';

/** The columns of the table `instance` in their order there, for a SELECT. */
export const COLUMNS =
  'id, instanceId, parentId, name, type, state, reason, statusMessage, location, command, beginTime, endTime, exitCode, signal, definition, origin, attempt, stopReason, outputBytes, runFolder, run';

/** A row as SQLite gives it when asked for arrays: half as long to make as an object with as many keys. */
export type InstanceRow = readonly [
  id: number, instanceId: string, parentId: number | null, name: string, type: string, state: string, reason: string | null, statusMessage: string | null,
  location: string, command: string, beginTime: number | null, endTime: number | null, exitCode: number | null, signal: string | null,
  definition: string | null, origin: string, attempt: number, stopReason: string | null, outputBytes: number | null, runFolder: string | null, run: string | null,
];

export function instanceOfRow(row: InstanceRow, root: string): Instance {
  const [id, instanceId, parentId, name, type, state, reason, statusMessage, location, command, beginTime, endTime, exitCode, signal, definition, origin, attempt, stopReason, outputBytes, runFolder, run] = row;
  const instance: Record<string, unknown> = { id, instanceId, name, type, state, location, command, attempt, origin: originOf(JSON.parse(origin)) };
  // Null stands for absent.
  if (parentId !== null) instance['parentId'] = parentId;
  if (reason !== null) instance['reason'] = reason;
  if (statusMessage !== null) instance['statusMessage'] = statusMessage;
  if (exitCode !== null) instance['exitCode'] = exitCode;
  if (signal !== null) instance['signal'] = signal;
  if (stopReason !== null) instance['stopReason'] = stopReason;
  if (outputBytes !== null) instance['outputBytes'] = outputBytes;
  if (beginTime !== null) instance['beginTime'] = new Date(beginTime);
  if (endTime !== null) instance['endTime'] = new Date(endTime);
  if (definition !== null) instance['definition'] = JSON.parse(definition);
  if (run !== null) instance['run'] = JSON.parse(run);
  // Written as a normal path below the root: to join them letter by letter is what a listing of many would spend its time with.
  if (runFolder !== null) instance['runFolder'] = root + sep + runFolder;
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
