import type { DatabaseSync } from 'node:sqlite';
import type { Attempt, NextAttempt } from '@nightshift/sdk';
import type { Write } from './database/transaction.ts';

interface AttemptRow {
  readonly attempt: number;
  readonly beginTime: number | null;
  readonly endTime: number | null;
  readonly reason: string | null;
  readonly statusMessage: string | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
}

export function attemptsOf(database: DatabaseSync, instanceId: string): Attempt[] {
  const rows = database.prepare('SELECT * FROM attempt WHERE instanceId = ? ORDER BY attempt').all(instanceId) as unknown as AttemptRow[];
  return rows.map(attemptOfRow);
}

/**
 * Closes the current attempt of a run and lets it wait for the next: the run and its parent, both of which keep the closed
 * attempt. The next has nobody yet who launches it. A run that never ran stays NotStarted. False when the run has moved on:
 * another attempt, another state, a wish to stop. A parent with a run of its own is no part of it. Its folder is made by whoever takes it up.
 */
export function scheduleAttempt(database: DatabaseSync, write: Write, { instanceId, closed, notBefore, retried, statusMessage }: NextAttempt): boolean {
  return write(() => {
    const run = database
      .prepare(
        `UPDATE instance SET attempt = attempt + 1, notBefore = ?, statusMessage = ?, run = json_set(json_remove(run, '$.holder'), '$.retried', ?)
         WHERE instanceId = ? AND attempt = ? AND state IN ('NotStarted', 'Running', 'Suspended', 'Disconnected') AND stopReason IS NULL AND run IS NOT NULL RETURNING parentId`,
      )
      .get(notBefore.getTime(), statusMessage, retried, instanceId, closed.attempt) as { parentId: number | null } | undefined;
    if (run === undefined) return false;
    insertAttempt(database, instanceId, closed);
    const parent = database
      .prepare('UPDATE instance SET attempt = ? + 1, notBefore = ?, statusMessage = ? WHERE id = ? AND run IS NULL RETURNING instanceId')
      .get(closed.attempt, notBefore.getTime(), statusMessage, run.parentId) as { instanceId: string } | undefined;
    if (parent !== undefined) insertAttempt(database, parent.instanceId, closed);
    return true;
  });
}

export function insertAttempt(database: DatabaseSync, instanceId: string, { attempt, beginTime, endTime, reason, statusMessage, exitCode, signal }: Attempt): void {
  database
    .prepare('INSERT INTO attempt (instanceId, attempt, beginTime, endTime, reason, statusMessage, exitCode, signal) VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
    .run(instanceId, attempt, beginTime?.getTime() ?? null, endTime?.getTime() ?? null, reason ?? null, statusMessage ?? null, exitCode ?? null, signal ?? null);
}

function attemptOfRow({ attempt, beginTime, endTime, ...others }: AttemptRow): Attempt {
  const known = Object.entries(others).filter(([name, value]) => name !== 'instanceId' && value !== null);
  return {
    attempt,
    ...(beginTime === null ? {} : { beginTime: new Date(beginTime) }),
    ...(endTime === null ? {} : { endTime: new Date(endTime) }),
    ...Object.fromEntries(known),
  };
}
