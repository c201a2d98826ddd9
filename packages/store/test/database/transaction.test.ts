import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { newDatabase } from '../../src/database/open.ts';
import { inTransaction } from '../../src/database/transaction.ts';
import { temporaryFolder } from '../folder.ts';

function table(): DatabaseSync {
  const database = newDatabase(join(temporaryFolder(), 'a.db'), {});
  onTestFinished(() => database.close());
  database.exec('CREATE TABLE t (n INTEGER UNIQUE)');
  return database;
}
const rows = (database: DatabaseSync): unknown[] => database.prepare('SELECT n FROM t ORDER BY n').all().map((row) => row['n']);

test('a transaction keeps everything it did and returns what it found', () => {
  const database = table();
  expect(inTransaction(database, () => (database.exec('INSERT INTO t VALUES (1), (2)'), 'found'))).toBe('found');
  expect(rows(database)).toEqual([1, 2]);
});

test('a transaction that fails keeps nothing, and the next one works', () => {
  const database = table();
  expect(() =>
    inTransaction(database, () => {
      database.exec('INSERT INTO t VALUES (1)');
      throw new Error('half-way');
    }),
  ).toThrow('half-way');
  expect(rows(database)).toEqual([]);
  inTransaction(database, () => database.exec('INSERT INTO t VALUES (3)'));
  expect(rows(database)).toEqual([3]);
});

test('a transaction that the database refuses keeps nothing', () => {
  const database = table();
  expect(() => inTransaction(database, () => database.exec('INSERT INTO t VALUES (1); INSERT INTO t VALUES (1)'))).toThrow('UNIQUE');
  expect(rows(database)).toEqual([]);
  expect(database.isTransaction).toBe(false);
});
