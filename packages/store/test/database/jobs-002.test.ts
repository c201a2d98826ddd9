import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { JOBS_001 } from '../../src/database/migrations/jobs-001.ts';
import { openDatabase } from '../../src/database/open.ts';
import { durableKind, insertPair, openStore, temporaryFolder } from '../folder.ts';

const definition = JSON.stringify({ key: 'p/nightly', name: 'Nightly', path: '/d/Nightly.yaml' });

/** A store of the first schema, with a triggered job and its child, a job by hand, and a cursor. */
function storeOfOld(): string {
  const root = temporaryFolder();
  const database = openDatabase(join(root, 'jobs.db'), 'FULL', [JOBS_001]);
  database.exec(`
    INSERT INTO instance VALUES (1, 'i1', NULL, 'Nightly', 'ScheduledJob', 'Completed', NULL, 'm', 'localhost', 'true', 1, 2, 0, NULL, '${definition}', '{"kind":"trigger","triggerId":"1","dueAt":"2026-01-02T03:04:05.000Z","catchUp":false}', 1, NULL, 7, NULL, NULL);
    INSERT INTO instance VALUES (2, 'i2', 1, 'Job2', 'BackgroundJob', 'Completed', NULL, NULL, 'localhost', 'true', 1, 2, 0, NULL, NULL, '{"kind":"parent","parentId":1}', 1, NULL, 7, 'output/p/Nightly/x', '{"holder":{"host":"h","boot":"b","pid":5,"startTime":"6"},"carries":"i1"}');
    INSERT INTO instance VALUES (3, 'i3', NULL, 'Job3', 'BackgroundJob', 'Running', NULL, NULL, 'localhost', 'true', 1, NULL, NULL, NULL, NULL, '{"kind":"demand","runNow":false}', 1, NULL, NULL, NULL, NULL);
    INSERT INTO cursor VALUES ('i2', 'c', 0, 1);
  `);
  database.close();
  return root;
}

test('a store of the first schema keeps its jobs and cursors, and a copy of itself', async () => {
  const root = storeOfOld();
  const store = openStore(durableKind(root));
  expect(await store.find({})).toEqual([
    {
      id: 1, instanceId: 'i1', name: 'Nightly', type: 'ScheduledJob', state: 'Completed', statusMessage: 'm', location: 'localhost', command: 'true', attempt: 1,
      origin: { kind: 'trigger', triggerId: '1', dueAt: new Date('2026-01-02T03:04:05Z'), catchUp: false }, exitCode: 0, outputBytes: 7, beginTime: new Date(1), endTime: new Date(2), definition: JSON.parse(definition),
    },
    expect.objectContaining({ id: 2, parentId: 1, runFolder: join(root, 'output/p/Nightly/x'), run: { holder: { host: 'h', boot: 'b', pid: 5, startTime: '6' }, carries: 'i1' } }),
    expect.objectContaining({ id: 3, state: 'Running' }),
  ]);
  expect((await store.reading(['i2'])).get('i2')).toEqual({ cursor: 'c', reasonDelivered: false, drained: true });
  expect(existsSync(join(root, 'jobs.db.schema-1'))).toBe(true);
});

test('a store of the first schema takes new jobs, and its old ones count for retention', async () => {
  const store = openStore(durableKind(storeOfOld()));
  expect((await store.finishedBeyond('p/nightly', 0)).map(({ id }) => id)).toEqual([1, 2]);
  const pair = await insertPair(store, { queued: true, notBefore: new Date(9), launch: '{}' });
  expect(await store.find({ ids: pair.map(({ id }) => id) })).toEqual(pair);
  expect(pair[0]).toMatchObject({ id: 4, queued: true, notBefore: new Date(9), launch: '{}' });
});
