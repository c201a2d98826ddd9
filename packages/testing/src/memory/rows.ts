import { isFinished, type Attempt, type Instance, type InstanceQuery, type NewInstance, type NextAttempt, type ProcessIdentity, type Transition } from '@nightshift/sdk';

/** The first state of an instance that has just been given its id. */
export function startOf({ parentInstanceId: _parentInstanceId, ...planned }: NewInstance, id: number, parent: Instance | undefined): Instance {
  return {
    ...structuredClone(planned),
    id,
    name: planned.name === undefined || planned.name === '' ? `Job${id}` : planned.name,
    location: planned.location ?? 'localhost',
    origin: planned.origin.kind === 'parent' ? { kind: 'parent', parentId: (parent as Instance).id } : structuredClone(planned.origin),
    ...(parent === undefined ? {} : { parentId: parent.id }),
    attempt: 1,
    state: 'NotStarted',
  };
}

/** The row after a change; undefined when it has left the states it was seen in. The first begin, end and wish to stop stay. */
export function changed(row: Instance, { instanceId: _instanceId, from, to, attempt, beginTime, endTime, stopReason, ...facts }: Transition): Instance | undefined {
  if (!from.includes(row.state) || (attempt ?? row.attempt) !== row.attempt) return undefined;
  const once = { beginTime: row.beginTime ?? beginTime, endTime: row.endTime ?? endTime, stopReason: row.stopReason ?? stopReason };
  const next = { ...row, ...present(facts), ...present(once), state: to };
  return isFinished(to) ? withoutWait(next) : next;
}

/** Nobody has taken it up for its attempt, and nobody wants it stopped. `resumes`: also one that is Suspended between two attempts. */
export function waits({ run, stopReason, state, attempt }: Instance, resumes: boolean): boolean {
  const isBetween = state === 'Running' || ((state === 'Suspended' || state === 'Disconnected') && resumes);
  return run !== undefined && run.holder === undefined && stopReason === undefined && (state === 'NotStarted' || (isBetween && attempt > 1));
}

/** The run as whoever takes it up has it. */
export function takenUp(row: Instance, holder: ProcessIdentity): Instance {
  const { run, ...others } = withoutMessage(row);
  return run === undefined ? others : { ...others, run: { ...run, holder } };
}

export function withoutMessage(row: Instance): Instance {
  const { statusMessage: _statusMessage, reason: _reason, ...others } = withoutWait(row);
  return others;
}

function withoutWait(row: Instance): Instance {
  const { notBefore: _notBefore, queued: _queued, ...others } = row;
  return others;
}

/** Whether a run may go on to its next attempt. */
export function mayGoOn({ run, attempt, state, stopReason }: Instance, { closed }: NextAttempt): boolean {
  return run !== undefined && attempt === closed.attempt && ['NotStarted', 'Running', 'Suspended', 'Disconnected'].includes(state) && stopReason === undefined;
}

/** A run, or its parent, as it waits for its next attempt. */
export function waitingFor(row: Instance, { closed, notBefore, statusMessage, retried }: NextAttempt): Instance {
  const { run, ...others } = { ...row, attempt: closed.attempt + 1, notBefore, statusMessage };
  if (run === undefined) return others;
  const { holder: _, ...facts } = run;
  return { ...others, run: { ...facts, retried } };
}

export function closedAttempt(closed: Attempt): Attempt {
  return present(closed) as Attempt;
}

/** Whether a row is among those that are asked for; how many of them is for others. */
export function matches(row: Instance, query: InstanceQuery): boolean {
  const among = <T>(list: readonly T[] | undefined, value: T | undefined): boolean => list === undefined || (value !== undefined && list.includes(value));
  const { instanceIdPart: part, family, above, before, endedSince } = query;
  return (
    among(query.ids, row.id) &&
    among(query.instanceIds, row.instanceId) &&
    (query.names === undefined || query.names.some((name) => name.toLowerCase() === row.name.toLowerCase())) &&
    among(query.states, row.state) &&
    among(query.parentIds, row.parentId) &&
    (part === undefined || row.instanceId.startsWith(part) || row.instanceId.endsWith(part)) &&
    (family === undefined || row.id === family || row.parentId === family) &&
    (above === undefined || row.id > above) &&
    (before === undefined || row.id < before) &&
    (query.definitionKeys === undefined || among(query.definitionKeys, keyOf(row))) &&
    (endedSince === undefined || (row.endTime !== undefined && row.endTime >= endedSince)) &&
    (query.topLevel !== true || row.parentId === undefined) &&
    (query.definitions === undefined || (among(query.definitions, keyOf(row)) && isScheduled(row))) &&
    (query.newest === undefined || row.endTime !== undefined)
  );
}

/** A child goes by the definition of its parent. */
export function keyOf({ parentId, definition }: Instance): string | undefined {
  return parentId === undefined ? definition?.key : undefined;
}

/** What people start by hand does not count for overlap. */
function isScheduled({ origin }: Instance): boolean {
  return origin.kind === 'trigger' || (origin.kind === 'demand' && origin.runNow);
}

export function byEnd(a: Instance, b: Instance): number {
  return Number(b.endTime) - Number(a.endTime) || b.id - a.id;
}

function present<T extends object>(facts: T): Partial<T> {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as Partial<T>;
}
