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

/** `drained` stays once it is true, whoever saves afterwards. */
export function saveReading(database: DatabaseSync, instanceId: string, reading: Reading): void {
  database
    .prepare(
      `INSERT INTO cursor VALUES (?, ?, ?, ?) ON CONFLICT (instanceId) DO UPDATE
       SET position = excluded.position, reasonDelivered = max(reasonDelivered, excluded.reasonDelivered), drained = max(drained, excluded.drained)`,
    )
    .run(instanceId, reading.cursor, Number(reading.reasonDelivered), Number(reading.drained));
}

function readingOf(row: CursorRow): Reading {
  return { cursor: row.position as Cursor, reasonDelivered: row.reasonDelivered === 1, drained: row.drained === 1 };
}
