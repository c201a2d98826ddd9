import type { DatabaseSync } from 'node:sqlite';

/** Runs `act` as one transaction: all of it or none. */
export type Write = <T>(act: () => T) => T;

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

/** Writes to a database, each time asking `fence` first whether it still may: inside the transaction, so that nobody gets in between. */
export function writerOf(database: DatabaseSync, fence?: () => void): Write {
  return (act) =>
    inTransaction(database, () => {
      fence?.();
      return act();
    });
}
