import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { guarded, storeNewerSchema, storeTrouble, storeUnavailable } from '../src/errors.ts';
import { insertOne, jobError, openStore, sessionKind, temporaryFolder } from './folder.ts';

describe('a failure of the system', () => {
  test.each([
    ['ENOSPC', 'StoreFull'],
    ['EDQUOT', 'StoreFull'],
    ['EROFS', 'ReadOnlyFileSystem'],
    ['EIO', 'InputOutputError'],
    ['EACCES', 'StoreUnavailable'],
    ['EPERM', 'StoreUnavailable'],
  ])('%s is %s, with the path and the cause', (code, expected) => {
    const cause = Object.assign(new Error(`${code}: it went wrong`), { code });
    const error = storeTrouble('/state/jobs.db', cause);
    expect(error).toMatchObject({ name: 'JobError', code: expected, file: '/state/jobs.db', cause });
  });

  test.each([
    [5, 'StoreLocked'],
    [517, 'StoreLocked'],
    [8, 'ReadOnlyFileSystem'],
    [264, 'ReadOnlyFileSystem'],
    [10, 'InputOutputError'],
    [778, 'InputOutputError'],
    [13, 'StoreFull'],
    [11, 'StoreUnavailable'],
    [14, 'StoreUnavailable'],
    [26, 'StoreUnavailable'],
    [1, 'StoreUnavailable'],
  ])('in SQLite, %i, is %s', (errcode, expected) => {
    expect(storeTrouble('/state/jobs.db', Object.assign(new Error('sqlite'), { code: 'ERR_SQLITE_ERROR', errcode }))).toMatchObject({ code: expected, file: '/state/jobs.db' });
  });

  test.each([
    ['another code', Object.assign(new Error('x'), { code: 'ENOENT' })],
    ['no code', new TypeError('x')],
    ['an error of ours', storeNewerSchema('/p', 2, 1)],
  ])('with %s comes back as it was', (_what, cause) => {
    expect(storeTrouble('/state/jobs.db', cause)).toBe(cause);
    expect(() => guarded('/state/jobs.db', () => {
      throw cause;
    })).toThrow(cause);
  });

  test('that is none gives back what was found', () => {
    expect(guarded('/p', () => 7)).toBe(7);
  });

  test('tells what helps', () => {
    expect(storeUnavailable('/p', 'torn')).toMatchObject({ code: 'StoreUnavailable', message: 'the store cannot be read: torn', hint: expect.stringContaining('doctor --repair') as string });
    expect(storeNewerSchema('/p', 3, 2)).toMatchObject({ code: 'StoreNewerSchema', message: 'the store has schema 3; this version of Nightshift knows schemas up to 2' });
  });
});

describe('a real store', () => {
  test('that is full says so', async () => {
    const store = openStore(sessionKind(temporaryFolder()));
    store.database.exec('PRAGMA max_page_count = 1');
    await expect(insertOne(store, { command: 'x'.repeat(100_000) })).rejects.toThrow(jobError('StoreFull'));
  });

  test('that somebody else holds says so', async () => {
    const root = temporaryFolder();
    const store = openStore(sessionKind(root));
    const other = new DatabaseSync(join(root, 'jobs.db'));
    onTestFinished(() => other.close());
    other.exec('BEGIN IMMEDIATE');
    store.database.exec('PRAGMA busy_timeout = 1');
    await expect(insertOne(store)).rejects.toThrow(jobError('StoreLocked'));
    other.exec('ROLLBACK');
    expect(await insertOne(store)).toMatchObject({ state: 'NotStarted' });
  });

  test('that may not be written says so', async () => {
    const store = openStore(sessionKind(temporaryFolder()));
    store.database.exec('PRAGMA query_only = ON');
    await expect(store.saveReading('i1', { cursor: '' as never, reasonDelivered: false, drained: false })).rejects.toThrow(jobError('ReadOnlyFileSystem'));
  });
});
