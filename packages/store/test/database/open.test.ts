import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { checkIntegrity, newDatabase, openDatabase, type Synchronous } from '../../src/database/open.ts';
import { jobError, modeOf, temporaryFolder } from '../folder.ts';

const TABLE = ['CREATE TABLE t (n INTEGER)'];

describe('a database', () => {
  test.each([
    ['FULL', 2],
    ['NORMAL', 1],
    ['OFF', 0],
  ] as const)('that is opened %s is as durable as that, waits, keeps its references, and a short log where that costs nothing', (synchronous: Synchronous, level) => {
    const database = openDatabase(join(temporaryFolder(), 'jobs.db'), synchronous, TABLE);
    onTestFinished(() => database.close());
    const pragma = (name: string): unknown => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
    expect({ synchronous: pragma('synchronous'), journal: pragma('journal_mode'), timeout: pragma('busy_timeout'), references: pragma('foreign_keys'), checkpoint: pragma('wal_autocheckpoint') }).toEqual({
      synchronous: level, journal: 'wal', timeout: 5_000, references: 1, checkpoint: synchronous === 'FULL' ? 1_000 : 100,
    });
  });

  test('is made for its owner alone', () => {
    const path = join(temporaryFolder(), 'jobs.db');
    openDatabase(path, 'OFF', TABLE).close();
    expect(modeOf(path)).toBe('0600');
  });

  test('is found again as it was', () => {
    const path = join(temporaryFolder(), 'jobs.db');
    const first = openDatabase(path, 'OFF', TABLE);
    first.exec('INSERT INTO t VALUES (7)');
    first.close();
    const again = openDatabase(path, 'OFF', TABLE);
    onTestFinished(() => again.close());
    expect(again.prepare('SELECT n FROM t').get()).toEqual({ n: 7 });
  });

  test.each([
    ['a text', Buffer.from('this is a shopping list\n'.repeat(100))],
    ['noise', Buffer.from(Array.from({ length: 8_192 }, (_, index) => (index * 7) % 251))],
    ['a header and nothing true behind it', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(4_080, 0xff)])],
  ])('that is %s is refused, and nothing of it or beside it is written', (_what, bytes) => {
    const folder = temporaryFolder();
    const path = join(folder, 'jobs.db');
    writeFileSync(path, bytes);
    expect(() => openDatabase(path, 'OFF', TABLE)).toThrow(jobError('StoreUnavailable'));
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(readdirSync(folder)).toEqual(['jobs.db']);
  });

  test('that is damaged keeps the log that lies beside it', () => {
    const path = join(temporaryFolder(), 'jobs.db');
    const database = openDatabase(path, 'OFF', TABLE);
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    database.exec('INSERT INTO t VALUES (7)');
    const log = readFileSync(`${path}-wal`);
    database.close();
    writeFileSync(path, 'this is a shopping list\n'.repeat(400));
    writeFileSync(`${path}-wal`, log);
    expect(() => openDatabase(path, 'OFF', TABLE)).toThrow(jobError('StoreUnavailable'));
    expect(readFileSync(`${path}-wal`).equals(log)).toBe(true);
  });

  test.each([
    ['a folder', (path: string) => mkdirSync(path)],
    ['a link to nowhere that can be made', (path: string) => symlinkSync('/no/such/folder/jobs.db', path)],
  ])('in whose place lies %s is an error with its path', (_what, plant) => {
    const path = join(temporaryFolder(), 'jobs.db');
    plant(path);
    expect(() => openDatabase(path, 'OFF', TABLE)).toThrow();
  });

  test('that is sound passes the check, one that is not is refused', () => {
    const path = join(temporaryFolder(), 'jobs.db');
    const database = openDatabase(path, 'OFF', TABLE);
    for (let row = 0; row < 2_000; row++) database.exec(`INSERT INTO t VALUES (${row})`);
    expect(() => checkIntegrity(database, path)).not.toThrow();
    database.close();
    const bytes = readFileSync(path);
    bytes.fill(0xff, 4_096, 8_192);
    writeFileSync(path, bytes);
    const damaged = newDatabase(path, {});
    onTestFinished(() => damaged.close());
    expect(() => checkIntegrity(damaged, path)).toThrow(jobError('StoreUnavailable'));
  });
});
