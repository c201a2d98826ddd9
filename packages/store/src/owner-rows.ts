import type { DatabaseSync } from 'node:sqlite';
import type { ProcessIdentity } from '@nightshift/sdk';

/** What a scheduler says of itself with every heartbeat. */
export interface OwnerStatus {
  readonly state: 'starting' | 'ready';
  readonly definitions: number;
  readonly triggers: number;
  readonly nextDueAt?: Date;
  /** How late the last firing was, in milliseconds. */
  readonly lagMs?: number;
}

/** The scheduler of a namespace: the one at work, or the last one there was. */
export interface Owner extends Omit<OwnerStatus, 'state'> {
  readonly namespace: string;
  /** One higher each time that somebody takes the namespace. */
  readonly epoch: number;
  readonly process: ProcessIdentity;
  readonly since: Date;
  readonly heartbeatAt: Date;
  /** `stopped`: it said so itself. One that was killed still stands there as it was: ask whether its process is alive. */
  readonly state: OwnerStatus['state'] | 'stopped';
}

interface OwnerRow {
  readonly namespace: string;
  readonly epoch: number;
  readonly host: string;
  readonly boot: string;
  readonly pid: number;
  readonly startTime: string;
  readonly heartbeatAt: number;
  readonly since: number;
  readonly state: Owner['state'];
  readonly definitions: number;
  readonly triggers: number;
  readonly nextDueAt: number | null;
  readonly lagMs: number | null;
}

/** Looks, and takes nothing. Undefined where no scheduler ever was. */
export function readOwner(database: DatabaseSync, namespace: string): Owner | undefined {
  const row = database.prepare('SELECT * FROM owner WHERE namespace = ?').get(namespace) as OwnerRow | undefined;
  if (row === undefined) return undefined;
  const { epoch, host, boot, pid, startTime, heartbeatAt, since, state, definitions, triggers, nextDueAt, lagMs } = row;
  return {
    namespace,
    epoch,
    process: { host, boot, pid, startTime },
    since: new Date(since),
    heartbeatAt: new Date(heartbeatAt),
    state,
    definitions,
    triggers,
    ...(nextDueAt === null ? {} : { nextDueAt: new Date(nextDueAt) }),
    ...(lagMs === null ? {} : { lagMs }),
  };
}

/** Writes the next owner; its epoch. */
export function writeOwner(database: DatabaseSync, namespace: string, { host, boot, pid, startTime }: ProcessIdentity, now: number): number {
  const row = database
    .prepare(
      `INSERT INTO owner (namespace, epoch, host, boot, pid, startTime, heartbeatAt, since, state, definitions, triggers) VALUES (?, 1, ?, ?, ?, ?, ?, ?, 'starting', 0, 0)
       ON CONFLICT (namespace) DO UPDATE SET epoch = epoch + 1, host = excluded.host, boot = excluded.boot, pid = excluded.pid, startTime = excluded.startTime,
         heartbeatAt = excluded.heartbeatAt, since = excluded.since, state = 'starting', definitions = 0, triggers = 0, nextDueAt = NULL, lagMs = NULL
       RETURNING epoch`,
    )
    .get(namespace, host, boot, pid, startTime, now, now) as { epoch: number };
  return row.epoch;
}

/** False when the namespace is somebody else's by now. */
export function writeHeartbeat(database: DatabaseSync, namespace: string, epoch: number, { state, definitions, triggers, nextDueAt, lagMs }: OwnerStatus, now: number): boolean {
  const { changes } = database
    .prepare("UPDATE owner SET heartbeatAt = ?, state = ?, definitions = ?, triggers = ?, nextDueAt = ?, lagMs = ? WHERE namespace = ? AND epoch = ? AND state <> 'stopped'")
    .run(now, state, definitions, triggers, nextDueAt?.getTime() ?? null, lagMs ?? null, namespace, epoch);
  return changes === 1;
}

/** The row stays, with its epoch: whatever its writer still has in hand is fenced off. */
export function writeStopped(database: DatabaseSync, namespace: string, epoch: number, now: number): void {
  database.prepare("UPDATE owner SET state = 'stopped', heartbeatAt = ?, nextDueAt = NULL WHERE namespace = ? AND epoch = ?").run(now, namespace, epoch);
}
