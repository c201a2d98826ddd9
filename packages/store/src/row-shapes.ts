import { relative, sep } from 'node:path';
import type { Instance, JobOrigin, NewInstance } from '@nightshift/sdk';

/** The columns of a row, in the order of `InstanceRow` and `rowOfInstance`. */
export const INSTANCE_COLUMNS: readonly string[] = [
  'id', 'instanceId', 'parentId', 'name', 'type', 'state', 'reason', 'statusMessage', 'location', 'command', 'beginTime', 'endTime', 'exitCode', 'signal',
  'definition', 'origin', 'attempt', 'stopReason', 'outputBytes', 'runFolder', 'run', 'notBefore', 'queued', 'launch', 'definitionKey',
];

/** A row as SQLite gives it when asked for arrays: half as long to make as an object with as many keys. */
export type InstanceRow = readonly [
  id: number, instanceId: string, parentId: number | null, name: string, type: string, state: string, reason: string | null, statusMessage: string | null,
  location: string, command: string, beginTime: number | null, endTime: number | null, exitCode: number | null, signal: string | null,
  definition: string | null, origin: string, attempt: number, stopReason: string | null, outputBytes: number | null, runFolder: string | null, run: string | null,
  notBefore: number | null, queued: number | null, launch: string | null, definitionKey: string | null,
];

export function instanceOfRow(row: InstanceRow, root: string): Instance {
  const [id, instanceId, parentId, name, type, state, reason, statusMessage, location, command, beginTime, endTime, exitCode, signal, definition, origin, attempt, stopReason, outputBytes, runFolder, run, notBefore, queued, launch] = row;
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
  if (notBefore !== null) instance['notBefore'] = new Date(notBefore);
  if (queued !== null) instance['queued'] = queued === 1;
  if (launch !== null) instance['launch'] = launch;
  // Written as a normal path below the root: to join them letter by letter is what a listing of many would spend its time with.
  if (runFolder !== null) instance['runFolder'] = root + sep + runFolder;
  return instance as unknown as Instance;
}

/** The first state of an instance that has just been given its id. */
export function startOf({ parentInstanceId: _parentInstanceId, ...planned }: NewInstance, id: number, parent: Instance | undefined, runFolder: string | undefined): Instance {
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

/** The values of a new row, in the order of `INSTANCE_COLUMNS`. */
export function rowOfInstance(instance: Instance, root: string): (string | number | null)[] {
  return [
    instance.id, instance.instanceId, instance.parentId ?? null, instance.name, instance.type, instance.state,
    instance.reason ?? null, instance.statusMessage ?? null, instance.location, instance.command,
    instance.beginTime?.getTime() ?? null, instance.endTime?.getTime() ?? null, instance.exitCode ?? null, instance.signal ?? null,
    instance.definition === undefined ? null : JSON.stringify(instance.definition), JSON.stringify(instance.origin), instance.attempt,
    instance.stopReason ?? null, instance.outputBytes ?? null,
    instance.runFolder === undefined ? null : below(root, instance.runFolder),
    instance.run === undefined ? null : JSON.stringify(instance.run),
    instance.notBefore?.getTime() ?? null, instance.queued === undefined ? null : Number(instance.queued), instance.launch ?? null,
    instance.parentId === undefined ? (instance.definition?.key ?? null) : null,
  ];
}

/** Node's own way costs as much as the row itself, and nearly every path is as it was joined. */
function below(root: string, path: string): string {
  return path.startsWith(`${root}${sep}`) ? path.slice(root.length + 1) : relative(root, path);
}

export function originOf(stored: Record<string, unknown>): JobOrigin {
  return (stored['kind'] === 'trigger' ? { ...stored, dueAt: new Date(stored['dueAt'] as string) } : stored) as JobOrigin;
}
