import type { DatabaseSync } from 'node:sqlite';
import type { ClockMove, TriggerClock } from '@nightshift/sdk';

interface ClockRow {
  readonly definition: string;
  readonly triggerId: number;
  readonly revision: string;
  readonly enabled: number;
  readonly knownSince: number;
  readonly lastDueAt: number | null;
  readonly nextDueAt: number | null;
  readonly event: string | null;
}

/** The clocks of these definitions; without a list all. */
export function clocksOf(database: DatabaseSync, definitions?: readonly string[]): TriggerClock[] {
  const rows =
    definitions === undefined
      ? database.prepare('SELECT * FROM trigger_clock').all()
      : database.prepare('SELECT * FROM trigger_clock WHERE definition IN (SELECT value FROM json_each(?))').all(JSON.stringify(definitions));
  return (rows as unknown as ClockRow[]).map(clockOfRow);
}

/** Moves of clocks, in somebody's transaction. */
export interface ClockMoves {
  /** Whether the clock is what the move was decided from. */
  stands(move: ClockMove): boolean;
  /** Makes a move that stands. */
  make(move: ClockMove): void;
}

/** The statements are prepared once, for any number of moves. */
export function clockMoves(database: DatabaseSync): ClockMoves {
  const read = database.prepare('SELECT revision, enabled, lastDueAt, event FROM trigger_clock WHERE definition = ? AND triggerId = ?');
  const insert = database.prepare('INSERT INTO trigger_clock (revision, enabled, knownSince, lastDueAt, nextDueAt, event, definition, triggerId) VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const update = database.prepare('UPDATE trigger_clock SET revision = ?, enabled = ?, knownSince = ?, lastDueAt = ?, nextDueAt = ?, event = ? WHERE definition = ? AND triggerId = ?');
  const remove = database.prepare('DELETE FROM trigger_clock WHERE definition = ? AND triggerId = ?');
  return {
    stands({ from, to }) {
      const named = from ?? to;
      if (named === undefined) return true;
      const row = read.get(named.definition, named.triggerId) as ClockRow | undefined;
      if (row === undefined || from === undefined) return row === undefined && from === undefined;
      return row.revision === from.revision && row.enabled === Number(from.enabled) && row.lastDueAt === timeOf(from.lastDueAt) && row.event === (from.event ?? null);
    },
    make({ from, to }) {
      if (to !== undefined) (from === undefined ? insert : update).run(...valuesOf(to));
      else if (from !== undefined) remove.run(from.definition, from.triggerId);
    },
  };
}

function valuesOf(clock: TriggerClock): (string | number | null)[] {
  return [
    clock.revision, Number(clock.enabled), clock.knownSince.getTime(), timeOf(clock.lastDueAt), timeOf(clock.nextDueAt), clock.event ?? null,
    clock.definition, clock.triggerId,
  ];
}

function timeOf(moment: Date | undefined): number | null {
  return moment?.getTime() ?? null;
}

function clockOfRow(row: ClockRow): TriggerClock {
  return {
    definition: row.definition,
    triggerId: row.triggerId,
    revision: row.revision,
    enabled: row.enabled === 1,
    knownSince: new Date(row.knownSince),
    ...(row.lastDueAt === null ? {} : { lastDueAt: new Date(row.lastDueAt) }),
    ...(row.nextDueAt === null ? {} : { nextDueAt: new Date(row.nextDueAt) }),
    ...(row.event === null ? {} : { event: row.event }),
  };
}
