import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { newDatabase, openDatabase } from '../../src/database/open.ts';
import { jobError, modeOf, temporaryFolder } from '../folder.ts';

const ONE = "CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (1)";
const TWO = 'ALTER TABLE t ADD COLUMN m INTEGER; UPDATE t SET m = n * 10';
const BAD = 'CREATE TABLE u (n INTEGER); SELECT nothing FROM nowhere';

/** A database of schema 1 with a row in it. */
function old(): string {
  const path = join(temporaryFolder(), 'jobs.db');
  openDatabase(path, 'OFF', [ONE]).close();
  return path;
}

function opened(path: string, migrations: readonly string[]): DatabaseSync {
  const database = openDatabase(path, 'OFF', migrations);
  onTestFinished(() => database.close());
  return database;
}

const versionOf = (database: DatabaseSync): unknown => database.prepare('PRAGMA user_version').get()?.['user_version'];
const rowsOf = (database: DatabaseSync): unknown[] => database.prepare('SELECT * FROM t').all().map((row) => ({ ...row }));

/** What lies in a database, read from a copy so that the look changes nothing. */
function contentOf(path: string): { version: unknown; rows: unknown[] } {
  const folder = temporaryFolder();
  for (const suffix of ['', '-wal']) if (existsSync(path + suffix)) copyFileSync(path + suffix, join(folder, `copy.db${suffix}`));
  using database = newDatabase(join(folder, 'copy.db'), {});
  return { version: versionOf(database), rows: rowsOf(database) };
}

describe('a schema', () => {
  test('is made in a new file, step by step, without a copy', () => {
    const path = join(temporaryFolder(), 'jobs.db');
    const database = opened(path, [ONE, TWO]);
    expect(versionOf(database)).toBe(2);
    expect(rowsOf(database)).toEqual([{ n: 1, m: 10 }]);
    expect(readdirSync(dirname(path)).filter((name) => name.includes('schema'))).toEqual([]);
  });

  test('of an existing file is left alone when it is the newest', () => {
    const path = old();
    const before = readFileSync(path);
    openDatabase(path, 'OFF', [ONE]).close();
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(dirname(path))).toEqual(['jobs.db']);
  });

  test('of an existing file is brought up to date, and what lies in it is kept', () => {
    const path = old();
    const database = opened(path, [ONE, TWO]);
    expect(versionOf(database)).toBe(2);
    expect(rowsOf(database)).toEqual([{ n: 1, m: 10 }]);
  });

  test('that is changed leaves a copy of the file as it was', () => {
    const path = old();
    opened(path, [ONE, TWO]);
    expect(contentOf(`${path}.schema-1`)).toEqual({ version: 1, rows: [{ n: 1 }] });
  });

  test('whose change fails stays as it was', () => {
    const path = old();
    expect(() => openDatabase(path, 'OFF', [ONE, BAD])).toThrow(jobError('StoreUnavailable'));
    expect(contentOf(path)).toEqual({ version: 1, rows: [{ n: 1 }] });
  });

  test('whose change was cut off after the copy is changed by the next open', () => {
    const path = old();
    copyFileSync(path, `${path}.schema-1`);
    const database = opened(path, [ONE, TWO]);
    expect(versionOf(database)).toBe(2);
    expect(rowsOf(database)).toEqual([{ n: 1, m: 10 }]);
  });

  test('whose change failed once is changed when the cause is gone', () => {
    const path = old();
    expect(() => openDatabase(path, 'OFF', [ONE, BAD])).toThrow();
    expect(rowsOf(opened(path, [ONE, TWO]))).toEqual([{ n: 1, m: 10 }]);
  });

  test('is made once by two that open the file at the same time', () => {
    const path = join(temporaryFolder(), 'jobs.db');
    const [first, second] = [opened(path, [ONE]), opened(path, [ONE])];
    expect(rowsOf(first)).toEqual([{ n: 1 }]);
    expect(rowsOf(second)).toEqual([{ n: 1 }]);
  });

  test('that is newer than we are is refused, and the file stays as it is', () => {
    const path = old();
    openDatabase(path, 'OFF', [ONE, TWO]).close();
    rmSync(`${path}.schema-1`);
    const before = readFileSync(path);
    expect(() => openDatabase(path, 'OFF', [ONE])).toThrow(jobError('StoreNewerSchema', 'schema 2'));
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(dirname(path))).toEqual(['jobs.db']);
  });

  test('copy is readable by its owner alone', () => {
    const path = old();
    const umask = process.umask(0);
    onTestFinished(() => void process.umask(umask));
    opened(path, [ONE, TWO]);
    expect(modeOf(`${path}.schema-1`)).toBe('0600');
  });

  test('of a file with a quote in its name is brought up to date', () => {
    const path = join(temporaryFolder(), "it's.db");
    openDatabase(path, 'OFF', [ONE]).close();
    expect(rowsOf(opened(path, [ONE, TWO]))).toEqual([{ n: 1, m: 10 }]);
  });
});
