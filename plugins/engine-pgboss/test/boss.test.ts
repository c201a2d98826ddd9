import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { bossOn, type Boss, type Entry, type Held } from '../src/boss.ts';
import type { Database } from '../src/database.ts';
import { serverOfThisFile } from './server.ts';

const file = serverOfThisFile();

function entry(facts: Partial<Entry> = {}): Entry {
  return { entryId: randomUUID(), instanceId: randomUUID(), route: 'linux+gpu', type: 'T', attempt: 1, priority: 0, ...facts };
}

async function bossWith(...entries: readonly Entry[]): Promise<{ boss: Boss; database: Database }> {
  const database = file.database();
  const boss = bossOn(database);
  await boss.prepare(['linux+gpu']);
  await database.transaction((within) => boss.enqueue(within, entries));
  return { boss, database };
}

/** Those of these entries that wait, taken. */
const claimed = ({ boss, database }: { boss: Boss; database: Database }, ...entries: readonly Entry[]): Promise<readonly Held[]> => database.transaction((within) => boss.claim(within, entries));

describe('an entry', () => {
  test('is taken once', async () => {
    const [one, other] = [entry(), entry()];
    const bossed = await bossWith(one, other);
    expect(await claimed(bossed, one)).toEqual([{ id: one.entryId, retryCount: 0 }]);
    expect(await claimed(bossed, one, other)).toEqual([{ id: other.entryId, retryCount: 0 }]);
  });

  test('is gone with the transaction that made it', async () => {
    const bossed = await bossWith();
    const one = entry();
    await expect(bossed.database.transaction(async (within) => {
      await bossed.boss.enqueue(within, [one]);
      throw new Error('no');
    })).rejects.toThrow('no');
    expect(await claimed(bossed, one)).toEqual([]);
  });

  test('whose id is there is not put in a second time', async () => {
    const one = entry();
    const { boss, database } = await bossWith(one);
    expect(await database.transaction((within) => boss.enqueue(within, [one]))).toBe(false);
  });

  test('ends in the hands that hold it, once', async () => {
    const one = entry();
    const { boss, database } = await bossWith(one);
    const [held] = await claimed({ boss, database }, one);
    const end = (retryCount: number): Promise<boolean> => database.transaction((within) => boss.finish(within, 'linux+gpu', { id: held?.id ?? '', retryCount }));
    expect([await end(1), await end(0), await end(0)]).toEqual([false, true, false]);
  });

  test('that was cancelled is neither taken nor ended by anybody', async () => {
    const [waiting, active] = [entry(), entry()];
    const { boss, database } = await bossWith(waiting, active);
    const [held] = await claimed({ boss, database }, active);
    for (const { entryId } of [waiting, active]) expect(await database.transaction((within) => boss.cancel(within, 'linux+gpu', entryId))).toBe(true);
    expect(await claimed({ boss, database }, waiting)).toEqual([]);
    expect(await database.transaction((within) => boss.finish(within, 'linux+gpu', held as Held))).toBe(false);
  });
});

test('two that prepare the same routes at the same time are in nobody\'s way', async () => {
  const options = file.options();
  const bosses = [1, 2, 3].map(() => bossOn(file.database(options)));
  await Promise.all(bosses.map((boss) => boss.prepare(['a', 'b'])));
  for (const boss of bosses) await boss[Symbol.asyncDispose]();
});

test('pg-boss is the version that this was made for', () => {
  expect((createRequire(import.meta.url)('pg-boss/package.json') as { version: string }).version).toMatch(/^12\./);
});
