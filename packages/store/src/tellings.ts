/**
 * What people are to be told, in the durable store: from the news that the database writes with the end of a run (or a missed
 * due time) to deliveries, which stay until they have arrived or were given up. Every method is one transaction, fenced like
 * the store that it was opened on: a crash between two of them repeats something, and loses nothing.
 */
import type { EmbeddedStore } from './embedded-store.ts';
import { prepared } from './database/prepared.ts';
import { NAMESPACE, openAlarms, type Alarms } from './telling/alarms.ts';
import { deliveryOfRow, insertDeliveries, type Delivery, type DeliveryRow, type NewDelivery } from './telling/deliveries.ts';

/** Something that happened, as it was written with it. Times in `facts` are milliseconds, but for `dueAt` of an end. */
export interface News {
  readonly id: number;
  /** The definition's key. */
  readonly definition: string;
  readonly at: Date;
  readonly facts: EndedFacts | MissedFacts;
}

/** A run that a trigger or run-now started has ended for good. */
export interface EndedFacts {
  readonly is: 'ended';
  readonly job: number;
  readonly instanceId: string;
  readonly name: string;
  readonly path: string;
  readonly state: 'Completed' | 'Failed' | 'Stopped';
  /** How the run that had ended before it did. */
  readonly before: 'Completed' | 'Failed' | 'Stopped' | null;
  readonly statusMessage: string | null;
  /** ISO 8601. */
  readonly dueAt: string | null;
}

/** Due times were skipped as misfires. */
export interface MissedFacts {
  readonly is: 'missed';
  readonly triggerId: number;
  readonly dueAt: number;
  readonly lastDueAt: number;
  readonly count: number;
}

/** What is known of the tellings of some namespaces, for people. */
export interface TellingSummary {
  /** Events that have not arrived yet. */
  readonly waiting: number;
  /** Events that were given up, of those that are remembered. */
  readonly failed: number;
  readonly lastFailure?: { readonly hook: string; readonly id: string; readonly definition: string; readonly at: Date; readonly problem: string };
}

export interface Tellings extends Alarms {
  /**
   * From now on these hooks (their ids) are told, and no others; a new one of nothing that has happened before. Answers with
   * the hooks that are gone and how many of their deliveries were dropped with them.
   */
  registerHooks(hooks: readonly string[]): readonly { readonly label: string; readonly dropped: number }[];
  /** The last news that a hook (its id) does not get, for it is of before its registration; per namespace. Infinity: it gets none. */
  since(): (namespace: string, hook: string) => number;
  /** Oldest first. */
  news(limit: number): readonly News[];
  /** News has become deliveries: both in one step. One that is there already is not made again. */
  expand(news: readonly number[], deliveries: readonly NewDelivery[], now: Date): void;
  /** The delivery of a hook that is to be tried next, if its time has come; one further ahead than `ahead` was put off by a wrong clock. */
  due(hook: string, now: Date, ahead: number): Delivery | undefined;
  /** When the next delivery of one of these hooks (their ids) is due. */
  nextAt(hooks: readonly string[]): Date | undefined;
  /** It has arrived. */
  delivered(id: number): void;
  /** The job that a delivery starts, before it is made. */
  startsJob(id: number, instanceId: string): void;
  /** It has not arrived, and is tried again. */
  putOff(id: number, tries: number, nextAt: Date, problem: string): void;
  /** It will not be tried again; it is remembered for a while. */
  giveUp(id: number, tries: number, at: Date, problem: string): void;
  summary(): TellingSummary;
}

/** How long a telling that was given up is remembered, in milliseconds, and how many. */
const REMEMBERED = 30 * 24 * 60 * 60_000;
const REMEMBERED_COUNT = 1_000;

const among = (column: string): string => `${column} IN (SELECT value FROM json_each(?))`;

/** A row when exactly these hooks are registered in each namespace and nothing is left of others. */
const IS_KNOWN = `SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM hook WHERE ${among('namespace')} AND NOT ${among('id')})
  AND NOT EXISTS (SELECT 1 FROM delivery WHERE failedAt IS NULL AND ${among('namespace')} AND NOT ${among('hook')})
  AND NOT EXISTS (SELECT 1 FROM json_each(?) AS namespaces, json_each(?) AS hooks WHERE NOT EXISTS (SELECT 1 FROM hook WHERE namespace = namespaces.value AND id = hooks.value))`;

/** By the index of each hook: asked after every delivery, a look at all that wait would be the more work the more there are. */
const NEXT_AT = `SELECT min(next) AS next FROM (SELECT (SELECT nextAt FROM delivery WHERE hook = hooks.value AND failedAt IS NULL AND ${among('namespace')} ORDER BY nextAt LIMIT 1) AS next FROM json_each(?) AS hooks)`;

/** Only what happens in these namespaces is seen and changed. */
export function openTellings(store: EmbeddedStore, namespaces: readonly string[]): Tellings {
  const { database, look, write } = store;
  const ofSpaces = JSON.stringify(namespaces);
  const statement = (sql: string) => prepared(database, sql);
  return {
    ...openAlarms(store, ofSpaces),
    registerHooks(hooks) {
      const known = JSON.stringify(hooks);
      // As nearly always: then nothing is written, which a full disk would refuse.
      if (look(() => statement(IS_KNOWN).get(ofSpaces, known, ofSpaces, known, ofSpaces, known)) !== undefined) return [];
      return write(() => {
        const gone = statement(`SELECT min(label) AS label, count(*) AS dropped FROM delivery WHERE failedAt IS NULL AND ${among('namespace')} AND NOT ${among('hook')} GROUP BY hook`).all(ofSpaces, known) as unknown as { label: string; dropped: number }[];
        statement(`DELETE FROM delivery WHERE failedAt IS NULL AND ${among('namespace')} AND NOT ${among('hook')}`).run(ofSpaces, known);
        statement(`DELETE FROM hook WHERE ${among('namespace')} AND NOT ${among('id')}`).run(ofSpaces, known);
        statement(`DELETE FROM alarm WHERE ${among(NAMESPACE)} AND NOT ${among('hook')}`).run(ofSpaces, known);
        if (hooks.length === 0) statement(`DELETE FROM news WHERE ${among(NAMESPACE)}`).run(ofSpaces);
        statement(
          `INSERT OR IGNORE INTO hook (namespace, id, since)
           SELECT namespaces.value, hooks.value, coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'news'), 0) FROM json_each(?) AS namespaces, json_each(?) AS hooks`,
        ).run(ofSpaces, known);
        return gone.map(({ label, dropped }) => ({ label, dropped }));
      });
    },
    since() {
      const rows = look(() => statement(`SELECT namespace, id, since FROM hook WHERE ${among('namespace')}`).all(ofSpaces)) as unknown as { namespace: string; id: string; since: number }[];
      const known = new Map(rows.map(({ namespace, id, since }) => [`${namespace} ${id}`, since]));
      return (namespace, hook) => known.get(`${namespace} ${hook}`) ?? Infinity;
    },
    news(limit) {
      const rows = look(() => statement(`SELECT id, definition, at, facts FROM news WHERE ${among(NAMESPACE)} ORDER BY id LIMIT ?`).all(ofSpaces, limit));
      return (rows as unknown as { id: number; definition: string; at: number; facts: string }[]).map(({ at, facts, ...row }) => ({ ...row, at: new Date(at), facts: JSON.parse(facts) as News['facts'] }));
    },
    expand(news, deliveries, now) {
      write(() => {
        insertDeliveries(database, deliveries, now);
        statement(`DELETE FROM news WHERE ${among('id')}`).run(JSON.stringify(news));
      });
    },
    due(hook, now, ahead) {
      const at = now.getTime();
      const row = look(() => statement(`SELECT * FROM delivery WHERE hook = ? AND failedAt IS NULL AND ${among('namespace')} AND (nextAt <= ? OR nextAt > ?) ORDER BY nextAt, id LIMIT 1`).get(hook, ofSpaces, at, at + ahead)) as DeliveryRow | undefined;
      return row === undefined ? undefined : deliveryOfRow(row);
    },
    nextAt(hooks) {
      const { next } = look(() => statement(NEXT_AT).get(ofSpaces, JSON.stringify(hooks))) as { next: number | null };
      return next === null ? undefined : new Date(next);
    },
    delivered: (id) => void write(() => statement('DELETE FROM delivery WHERE id = ?').run(id)),
    startsJob: (id, instanceId) => void write(() => statement('UPDATE delivery SET instanceId = ? WHERE id = ?').run(instanceId, id)),
    putOff: (id, tries, nextAt, problem) => void write(() => statement('UPDATE delivery SET tries = ?, nextAt = ?, problem = ? WHERE id = ?').run(tries, nextAt.getTime(), problem, id)),
    giveUp(id, tries, at, problem) {
      write(() => {
        statement("UPDATE delivery SET tries = ?, failedAt = ?, problem = ?, body = '' WHERE id = ?").run(tries, at.getTime(), problem, id);
        statement('DELETE FROM delivery WHERE failedAt < ? OR id IN (SELECT id FROM delivery WHERE failedAt IS NOT NULL ORDER BY failedAt DESC LIMIT -1 OFFSET ?)').run(at.getTime() - REMEMBERED, REMEMBERED_COUNT);
      });
    },
    summary: () => look(() => summaryOf(store, ofSpaces)),
  };
}

function summaryOf({ database }: EmbeddedStore, spaces: string): TellingSummary {
  const counts = prepared(database, `SELECT count(*) FILTER (WHERE failedAt IS NULL) AS waiting, count(failedAt) AS failed FROM delivery WHERE ${among('namespace')}`).get(spaces) as { waiting: number; failed: number };
  const fresh = prepared(database, `SELECT count(*) AS n FROM news WHERE ${among(NAMESPACE)}`).get(spaces) as { n: number };
  const last = prepared(database, `SELECT * FROM delivery WHERE failedAt IS NOT NULL AND ${among('namespace')} ORDER BY failedAt DESC, id DESC LIMIT 1`).get(spaces) as DeliveryRow | undefined;
  const lastFailure = last === undefined ? {} : { lastFailure: { hook: last.label, id: last.eventId, definition: last.definition, at: new Date(last.failedAt as number), problem: last.problem ?? '' } };
  return { waiting: counts.waiting + fresh.n, failed: counts.failed, ...lastFailure };
}
