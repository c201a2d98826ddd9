import type { DatabaseSync } from 'node:sqlite';
import { GOES_ON } from './clear-firings.ts';
import type { Write } from './database/transaction.ts';
import type { FiringRow } from './firing-rows.ts';

/** How much of the history is kept. */
export interface HistoryLimits {
  /** How long a firing is kept, in milliseconds. Default: 400 days. */
  readonly kept?: number;
  /** So many rows of a trigger, the newest, stay one by one. Default: 10,000. */
  readonly single?: number;
}

const KEPT = 400 * 24 * 60 * 60_000;
const SINGLE = 10_000;

interface Sequence {
  readonly definition: string;
  readonly triggerId: number;
  readonly isVoid: number;
}

/**
 * Rows older than 400 days go, but for those that wait still; of each trigger the newest 10,000 rows stay as they are, and older ones become ranges of equal
 * word and reason. Void rows are no neighbours of the others. How many rows went. Where words or reasons take turns each row
 * stays until it is too old: a range speaks for all of its due times, and one that covered several words would not be true of
 * any. Source: reliability specification, section 10; scheduled-jobs.md 7.6.
 */
export function pruneFirings(database: DatabaseSync, write: Write, now: number, { kept = KEPT, single = SINGLE }: HistoryLimits = {}): number {
  const old = write(() => database.prepare(`DELETE FROM firing WHERE lastDueAt < ? AND NOT (word = 'Waiting' AND ${GOES_ON})`).run(now - kept));
  const long = database
    .prepare("SELECT definition, triggerId, word = 'Void' AS isVoid FROM firing GROUP BY definition, triggerId, isVoid HAVING count(*) > ?")
    .all(single) as unknown as Sequence[];
  // One trigger a transaction: nobody has to wait for all of them.
  return long.reduce((sum, sequence) => sum + write(() => collapse(database, sequence, single)), Number(old.changes));
}

function collapse(database: DatabaseSync, { definition, triggerId, isVoid }: Sequence, single: number): number {
  const rows = database
    .prepare("SELECT rowid, * FROM firing WHERE definition = ? AND triggerId = ? AND (word = 'Void') = ? ORDER BY dueAt DESC, rowid DESC LIMIT -1 OFFSET ?")
    .all(definition, triggerId, isVoid, single) as unknown as FiringRow[];
  const lengthen = database.prepare('UPDATE firing SET lastDueAt = ?, count = ?, decidedAt = ?, instanceId = NULL, text = NULL WHERE rowid = ?');
  const remove = database.prepare('DELETE FROM firing WHERE rowid = ?');
  let gone = 0;
  for (const [first, ...others] of alike(rows.toReversed())) {
    const last = others.at(-1);
    if (first === undefined || last === undefined) continue;
    for (const { rowid } of others) remove.run(rowid);
    lengthen.run(last.lastDueAt, others.reduce((sum, { count }) => sum + count, first.count), last.decidedAt, first.rowid);
    gone += others.length;
  }
  return gone;
}

/** Neighbours of equal word and reason, together. */
function alike(rows: readonly FiringRow[]): FiringRow[][] {
  const groups: FiringRow[][] = [];
  for (const row of rows) {
    const before = groups.at(-1)?.[0];
    if (row.word !== 'Waiting' && before?.word === row.word && before.reason === row.reason) groups.at(-1)?.push(row);
    else groups.push([row]);
  }
  return groups;
}
