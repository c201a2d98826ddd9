import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** A program that starts many jobs asks the same few questions each time. They end with their database. */
const KNOWN = new WeakMap<DatabaseSync, Map<string, StatementSync>>();

/** The statement of a text, compiled once for each database. Never for a text that holds a value: each would be kept. */
export function prepared(database: DatabaseSync, sql: string): StatementSync {
  let statements = KNOWN.get(database);
  if (statements === undefined) KNOWN.set(database, (statements = new Map()));
  let statement = statements.get(sql);
  if (statement === undefined) statements.set(sql, (statement = database.prepare(sql)));
  return statement;
}
