import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Firing, FiringDecision, FiringQuery, NewFiring, SkipReason } from '@nightshift/sdk';

/** A row of the table `firing`. Rows of one trigger that are not void never overlap. */
export interface FiringRow {
  readonly rowid: number;
  readonly definition: string;
  readonly triggerId: number;
  readonly dueAt: number;
  readonly lastDueAt: number;
  readonly count: number;
  readonly decidedAt: number;
  readonly word: Firing['word'];
  readonly reason: SkipReason | null;
  readonly instanceId: string | null;
  readonly text: string | null;
}

/** Newest due time first. */
export function findFirings(database: DatabaseSync, { limit, ...query }: FiringQuery): Firing[] {
  const { where, values } = conditionsOf(query);
  const rows = database.prepare(`SELECT * FROM firing${where} ORDER BY lastDueAt DESC, rowid DESC LIMIT ?`).all(...values, limit);
  return (rows as unknown as FiringRow[]).map(firingOfRow);
}

/** How many due times; of all definitions the index alone is looked at. */
export function countFirings(database: DatabaseSync, query: Omit<FiringQuery, 'limit'>): number {
  const { where, values } = conditionsOf(query);
  return (database.prepare(`SELECT coalesce(sum(count), 0) AS n FROM firing${where}`).get(...values) as { n: number }).n;
}

function conditionsOf({ definitions, since, until, word, reason }: Omit<FiringQuery, 'limit'>): { readonly where: string; readonly values: readonly SQLInputValue[] } {
  const conditions: [string, SQLInputValue][] = [];
  if (definitions !== undefined) conditions.push(['definition IN (SELECT value FROM json_each(?))', JSON.stringify(definitions)]);
  if (since !== undefined) conditions.push(['lastDueAt >= ?', since.getTime()]);
  if (until !== undefined) conditions.push(['dueAt <= ?', until.getTime()]);
  if (word !== undefined) conditions.push(['word = ?', word]);
  if (reason !== undefined) conditions.push(['reason = ?', reason]);
  return { where: conditions.length === 0 ? '' : ` WHERE ${conditions.map(([condition]) => condition).join(' AND ')}`, values: conditions.map(([, value]) => value) };
}

/** Keys of definitions with a row or a clock. */
export function definitionsIn(database: DatabaseSync): string[] {
  const rows = database.prepare('SELECT DISTINCT definition FROM firing UNION SELECT DISTINCT definition FROM trigger_clock ORDER BY definition').all();
  return (rows as unknown as { definition: string }[]).map(({ definition }) => definition);
}

/** Words of due times, in somebody's transaction. */
export interface FiringWords {
  /** Whether one of these due times has its word already. */
  isTaken(definition: string, firing: NewFiring): boolean;
  /** Writes a word, or lengthens the row before it. */
  write(decision: FiringDecision, firing: NewFiring): void;
}

/** The statements are prepared once, for any number of words. */
export function firingWords(database: DatabaseSync): FiringWords {
  const lastUpTo = database.prepare("SELECT rowid, lastDueAt, word, reason FROM firing WHERE definition = ? AND triggerId = ? AND dueAt <= ? AND word <> 'Void' ORDER BY dueAt DESC LIMIT 1");
  const insert = database.prepare('INSERT INTO firing (definition, triggerId, dueAt, lastDueAt, count, decidedAt, word, reason, instanceId, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const lengthen = database.prepare('UPDATE firing SET lastDueAt = ?, count = count + ?, decidedAt = ? WHERE rowid = ?');
  const waiting = database.prepare("SELECT 1 FROM firing WHERE definition = ? AND triggerId = ? AND dueAt = ? AND word = 'Waiting'");
  const waitsNoMore = database.prepare("DELETE FROM firing WHERE definition = ? AND triggerId = ? AND dueAt = ? AND word = 'Waiting'");
  const before = (definition: string, firing: NewFiring): FiringRow | undefined => lastUpTo.get(definition, firing.triggerId, endOf(firing)) as FiringRow | undefined;
  return {
    isTaken(definition, firing) {
      if (firing.waited === true) return waiting.get(definition, firing.triggerId, firing.dueAt.getTime()) === undefined;
      // Rows never overlap, so the last one that begins in time is the only one that can reach that far.
      return (before(definition, firing)?.lastDueAt ?? -Infinity) >= firing.dueAt.getTime();
    },
    write({ definition, decidedAt }, firing) {
      const { triggerId, dueAt, count = 1, word, reason, instanceId, text } = firing;
      if (firing.waited === true) waitsNoMore.run(definition, triggerId, dueAt.getTime());
      const row = firing.lengthens === true ? before(definition, firing) : undefined;
      if (row?.word === 'Skipped' && word === 'Skipped' && row.reason === reason) lengthen.run(endOf(firing), count, decidedAt.getTime(), row.rowid);
      else insert.run(definition, triggerId, dueAt.getTime(), endOf(firing), count, decidedAt.getTime(), word, reason ?? null, instanceId ?? null, text ?? null);
    },
  };
}

function endOf({ dueAt, lastDueAt }: NewFiring): number {
  return (lastDueAt ?? dueAt).getTime();
}

function firingOfRow({ definition, triggerId, dueAt, lastDueAt, count, decidedAt, word, reason, instanceId, text }: FiringRow): Firing {
  return {
    definition,
    triggerId,
    dueAt: new Date(dueAt),
    lastDueAt: new Date(lastDueAt),
    count,
    decidedAt: new Date(decidedAt),
    word,
    ...(reason === null ? {} : { reason }),
    ...(instanceId === null ? {} : { instanceId }),
    ...(text === null ? {} : { text }),
  };
}
