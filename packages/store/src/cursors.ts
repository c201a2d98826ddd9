import type { DatabaseSync } from 'node:sqlite';
import type { Cursor, Reading } from '@nightshift/sdk';

interface CursorRow {
  readonly instanceId: string;
  readonly position: string;
  readonly reasonDelivered: number;
  readonly drained: number;
}

export function readingsOf(database: DatabaseSync, instanceIds: readonly string[]): Map<string, Reading> {
  const rows = database.prepare('SELECT * FROM cursor WHERE instanceId IN (SELECT value FROM json_each(?))').all(JSON.stringify(instanceIds)) as unknown as CursorRow[];
  return new Map(rows.map((row) => [row.instanceId, readingOf(row)]));
}

/** Bits of the column `reasonDelivered`: what of ours has been delivered besides what the run wrote. */
const REASON = 1;
const WARNINGS = 2;

/** `drained` stays once it is true, whoever saves afterwards. */
export function saveReading(database: DatabaseSync, instanceId: string, reading: Reading): void {
  database
    .prepare(
      `INSERT INTO cursor VALUES (?, ?, ?, ?) ON CONFLICT (instanceId) DO UPDATE
       SET position = excluded.position, reasonDelivered = reasonDelivered | excluded.reasonDelivered, drained = max(drained, excluded.drained)`,
    )
    .run(instanceId, reading.cursor, (reading.reasonDelivered ? REASON : 0) | (reading.warningsDelivered === true ? WARNINGS : 0), Number(reading.drained));
}

function readingOf(row: CursorRow): Reading {
  return { cursor: row.position as Cursor, reasonDelivered: (row.reasonDelivered & REASON) !== 0, ...((row.reasonDelivered & WARNINGS) === 0 ? {} : { warningsDelivered: true }), drained: row.drained === 1 };
}
