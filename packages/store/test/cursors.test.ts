import type { Cursor, Reading } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { insertPair, newInstanceId, openStore, sessionKind, temporaryFolder } from './folder.ts';

const readingOf = (cursor: string, reasonDelivered = false, drained = false): Reading => ({ cursor: cursor as Cursor, reasonDelivered, drained });
const open = (): ReturnType<typeof openStore> => openStore(sessionKind(temporaryFolder()));

describe('how far a job was received', () => {
  test('is not known before the first time', async () => {
    expect(await open().reading([newInstanceId()])).toEqual(new Map());
  });

  test('is found again for each job, also one that lies in the other store', async () => {
    const store = open();
    const [one, other, third] = [newInstanceId(), newInstanceId(), newInstanceId()];
    await store.saveReading(one, readingOf('a'));
    await store.saveReading(other, readingOf('b', true, true));
    expect(await store.reading([one, other, third])).toEqual(new Map([[one, readingOf('a')], [other, readingOf('b', true, true)]]));
  });

  test('moves, while what was delivered or drained stays so', async () => {
    const store = open();
    const id = newInstanceId();
    await store.saveReading(id, readingOf('b', true, true));
    await store.saveReading(id, readingOf('a', false, false));
    expect((await store.reading([id])).get(id)).toEqual(readingOf('a', true, true));
  });

  test('knows our own warnings from the reason of a failure', async () => {
    const store = open();
    const id = newInstanceId();
    await store.saveReading(id, { ...readingOf('a'), warningsDelivered: true });
    expect((await store.reading([id])).get(id)).toEqual({ ...readingOf('a'), warningsDelivered: true });
    await store.saveReading(id, readingOf('b', true));
    expect((await store.reading([id])).get(id)).toEqual({ ...readingOf('b', true), warningsDelivered: true });
  });

  test('is found for 50,000 jobs in one question', async () => {
    const store = open();
    const ids = Array.from({ length: 50_000 }, () => newInstanceId());
    await store.saveReading(ids[49_999] as string, readingOf('z'));
    expect([...(await store.reading(ids)).keys()]).toEqual([ids[49_999]]);
  });

  test('is forgotten with its job, child and parent', async () => {
    const store = open();
    const pair = await insertPair(store);
    const kept = newInstanceId();
    for (const id of [...pair.map(({ instanceId }) => instanceId), kept]) await store.saveReading(id, readingOf('a'));
    await store.remove(pair);
    expect([...(await store.reading([...pair.map(({ instanceId }) => instanceId), kept])).keys()]).toEqual([kept]);
  });

  test('is forgotten with the child when only the parent is named', async () => {
    const store = open();
    const [parent, child] = await insertPair(store);
    await store.saveReading(child.instanceId, readingOf('a'));
    await store.remove([parent]);
    expect(await store.reading([child.instanceId])).toEqual(new Map());
    expect(await store.find({})).toEqual([]);
  });
});
