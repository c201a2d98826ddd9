import type { DatabaseSync } from 'node:sqlite';

/** All of `act` or none of it. Takes the write lock at once, so that two writers wait instead of failing half-way. */
export function inTransaction<T>(database: DatabaseSync, act: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = act();
    database.exec('COMMIT');
    return result;
  } catch (cause) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw cause;
  }
}
