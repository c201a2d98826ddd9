import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createIdCounter } from '../src/index.ts';
import { countingIn, durableKind, insertPair, jobError, modeOf, openBoth, openStore, temporaryFolder } from './folder.ts';

const takeIds = fileURLToPath(new URL('programs/take-ids.ts', import.meta.url));

async function takeInProcess(folder: string, times: number, count: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=source', '--no-warnings', takeIds, folder, String(times), String(count), '1']);
  return JSON.parse(stdout) as number[];
}

describe('an id', () => {
  test('is counted from one, in blocks', () => {
    const ids = countingIn(temporaryFolder());
    expect([ids.take(1, 1, false), ids.take(2, 1, false), ids.take(5, 1, false), ids.take(1, 1, false)]).toEqual([1, 2, 4, 9]);
  });

  test('goes on after the counter was closed', () => {
    const folder = temporaryFolder();
    const ids = countingIn(folder);
    ids.take(7, 1, false);
    ids.close();
    expect(ids.take(1, 1, false)).toBe(8);
    expect(countingIn(folder).take(1, 1, false)).toBe(9);
  });

  test('is never below the floor', () => {
    const ids = countingIn(temporaryFolder());
    expect([ids.take(2, 50, false), ids.take(1, 10, false), ids.take(1, 53, false), ids.take(1, 100, true)]).toEqual([50, 52, 53, 100]);
  });

  test('is one of a kind in both stores', async () => {
    const { session, durable } = openBoth();
    const rows = [...(await insertPair(session)), ...(await insertPair(durable)), ...(await insertPair(session))];
    expect(rows.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('is not given again after its job was removed', async () => {
    const { session, durable } = openBoth();
    for (const store of [session, durable]) await store.remove(await insertPair(store));
    expect((await insertPair(session))[0].id).toBe(5);
  });

  test('is counted in a file for its owner alone', () => {
    const folder = temporaryFolder();
    countingIn(folder).take(1, 1, false);
    expect(modeOf(join(folder, 'ids.db'))).toBe('0600');
  });

  test('for a durable job survives a power cut: the counter is synced', () => {
    const folder = temporaryFolder();
    const ids = countingIn(folder);
    expect(ids.take(1, 1, true)).toBe(1);
    expect(ids.take(1, 1, false)).toBe(2);
  });

  test('is told as store trouble when the counter is no database', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'ids.db'), 'a shopping list'.repeat(100));
    expect(() => countingIn(folder).take(1, 1, false)).toThrow(jobError('StoreUnavailable'));
  });
});

describe('a counter that was lost', () => {
  test('goes on above the ids of kept jobs', async () => {
    const { state, durable, ids } = openBoth();
    await insertPair(durable);
    const [, last] = await insertPair(durable);
    ids.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(state, `ids.db${suffix}`), { force: true });
    expect(countingIn(state).take(1, 1, false)).toBe(last.id + 1);
  });

  test('and that its finder made anew without using it goes on above them as well', async () => {
    const { state, durable, ids } = openBoth();
    const [, last] = await insertPair(durable);
    ids.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(state, `ids.db${suffix}`), { force: true });
    // As a process leaves it that is killed between making the file and taking an id.
    writeFileSync(join(state, 'ids.db'), '', { mode: 0o600 });
    expect(countingIn(state).take(1, 1, false)).toBe(last.id + 1);
  });

  test('goes on above the ids of session jobs, whose store knows its highest', async () => {
    const { state, session, ids } = openBoth();
    await insertPair(session);
    ids.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(state, `ids.db${suffix}`), { force: true });
    expect((await insertPair(session)).map(({ id }) => id)).toEqual([3, 4]);
  });

  test('begins at one when no job was ever kept', () => {
    const folder = temporaryFolder();
    expect(countingIn(folder).take(1, 1, false)).toBe(1);
  });

  test('is told as store trouble when the kept jobs cannot be read', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'jobs.db'), 'a shopping list'.repeat(100));
    expect(() => countingIn(folder).take(1, 1, false)).toThrow(jobError('StoreUnavailable'));
  });

  test('beside a durable store that is empty begins at one', () => {
    const folder = temporaryFolder();
    openStore(durableKind(folder), createIdCounter(folder));
    expect(countingIn(folder).take(1, 1, false)).toBe(1);
  });
});

describe('several processes', () => {
  test('that take ids at once never take the same', { timeout: 30_000 }, async () => {
    const folder = temporaryFolder();
    const [times, count] = [100, 2];
    const taken = await Promise.all([takeInProcess(folder, times, count), takeInProcess(folder, times, count), takeInProcess(folder, times, count)]);
    const all = taken.flat().flatMap((first) => [first, first + 1]);
    expect(all.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 3 * times * count }, (_, index) => index + 1));
    for (const own of taken) expect(own).toEqual(own.toSorted((a, b) => a - b));
  });
});
