import { existsSync } from 'node:fs';
import type { Instance } from '@nightshift/sdk';
import { expect, test } from 'vitest';
import { aboveEngines, insertMirrored, isOfEngine } from '../src/index.ts';
import { countingIn, newInstanceId, openStore, sessionKind, temporaryFolder } from './folder.ts';

const me = { host: 'here', boot: 'boot-1', pid: 7, startTime: '70' };

function leased(attempt: number): readonly [Instance, Instance] {
  const job: Instance = { id: 40, instanceId: newInstanceId(), name: 'Nightly', type: 'ScheduledJob', location: 'localhost', command: 'true', origin: { kind: 'demand', runNow: true }, attempt, state: 'Running', statusMessage: 'attempt 3 of 4 starts soon', notBefore: new Date(0) };
  return [job, { ...job, id: 77, instanceId: newInstanceId(), name: 'Job77', parentId: 40, origin: { kind: 'parent', parentId: 40 }, beginTime: new Date(5), fence: 9, run: { carries: job.instanceId }, launch: '{}' }];
}

test('a job of an engine keeps its ids, and waits for the attempt that was leased', async () => {
  const store = openStore(sessionKind(temporaryFolder()));
  const [job, run] = leased(3);
  insertMirrored(store, [job, run]);
  const [row] = await store.find({ instanceIds: [run.instanceId] });
  expect(row).toMatchObject({ id: 77, parentId: 40, name: 'Job77', attempt: 3, state: 'NotStarted' });
  expect(row).not.toHaveProperty('beginTime');
  expect((await store.find({ ids: [40] }))[0]).not.toHaveProperty('statusMessage');
  const taken = await store.takeUp(row as Instance, me);
  expect(taken).toMatchObject({ attempt: 3, run: { holder: me } });
  expect(existsSync(`${taken?.runFolder}/3`)).toBe(true);
});

test('what such a job starts gets an id that no engine gives', async () => {
  const root = temporaryFolder();
  const ids = aboveEngines(countingIn(root));
  const first = ids.take(2, 41, false);
  expect(isOfEngine({ id: first })).toBe(false);
  expect(ids.take(1, 41, false)).toBe(first + 2);
  expect(isOfEngine({ id: 77 })).toBe(true);
});
