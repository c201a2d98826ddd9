import { chmodSync, existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Instance, JobError, ProcessIdentity } from '@nightshift/sdk';
import { expect, test } from 'vitest';
import { openEmbeddedStore, type EmbeddedStore, type StoreKind } from '../src/index.ts';
import { beingRead, markReading } from '../src/readers.ts';
import { countingIn, cut, durableKind, insertPair, sessionKind, temporaryFolder } from './folder.ts';

const ME: ProcessIdentity = { host: 'a machine pid:[1]', boot: 'boot-1', pid: 7, startTime: '70' };
const definition = { key: 'p/nightly', name: 'Nightly', path: '/d/Nightly.yaml' };

interface Bench {
  readonly store: EmbeddedStore;
  readonly warnings: JobError[];
  readonly dead: Set<number>;
  readonly marks: () => readonly string[];
}

function bench(kind: StoreKind = durableKind(temporaryFolder())): Bench {
  const [warnings, dead] = [[] as JobError[], new Set<number>()];
  const store = openEmbeddedStore(kind, { ids: countingIn(kind.root), cutRecord: cut, warn: (warning) => warnings.push(warning), processes: { me: () => ME, isAlive: ({ pid }) => !dead.has(pid) } });
  const folder = join(kind.root, 'readers');
  return { store, warnings, dead, marks: () => (existsSync(folder) ? readdirSync(folder) : []) };
}

async function ended(store: EmbeddedStore, end: number): Promise<readonly [Instance, Instance]> {
  const pair = await insertPair(store, { definition });
  await store.transition(pair.map(({ instanceId }) => ({ instanceId, from: ['NotStarted'], to: 'Completed', endTime: new Date(end) }) as const));
  return pair;
}

const beyond = async (store: EmbeddedStore, keep: number): Promise<number[]> => (await store.finishedBeyond(definition.key, keep)).map(({ id }) => id);

test('a run that is read is passed over with its parent, until the last of its readers is done', async () => {
  const { store, marks } = bench();
  const [, first] = await ended(store, 10);
  await ended(store, 20);
  const readers = [store.spare([first]), store.spare([first])] as const;
  expect(await beyond(store, 0)).toEqual([3, 4]);
  readers[0][Symbol.dispose]();
  expect(await beyond(store, 0)).toEqual([3, 4]);
  readers[1][Symbol.dispose]();
  expect(await beyond(store, 0)).toEqual([1, 2, 3, 4]);
  expect(marks()).toEqual([]);
});

test('a run that is read is passed over where the store is too large, and others go in its place', async () => {
  const { store } = bench();
  const [, first] = await ended(store, 10);
  await ended(store, 20);
  await ended(store, 30);
  const going = async (): Promise<number[]> => (await store.beyondLimits({ jobs: 2 })).map(({ id }) => id);
  const reader = store.spare([first]);
  expect(await going()).toEqual([3, 4]);
  reader[Symbol.dispose]();
  expect(await going()).toEqual([1, 2]);
});

test('a reader that is gone keeps nothing, and its mark is swept', async () => {
  const { store, dead, marks } = bench();
  const [, run] = await ended(store, 10);
  store.spare([run]);
  expect(marks()).toHaveLength(1);
  dead.add(ME.pid);
  expect(await beyond(store, 0)).toEqual([1, 2]);
  expect(marks()).toEqual([]);
});

test('a reader on another machine is believed for a day, and not one from the future', () => {
  const root = temporaryFolder();
  const processes = { me: () => ME, isAlive: () => false };
  markReading(root, ['i1'], { ...ME, host: 'another, machine' });
  const path = join(root, 'readers', readdirSync(join(root, 'readers'))[0] as string);
  const now = Date.UTC(2026, 0, 2);
  utimesSync(path, new Date(now), new Date(now));
  expect([...beingRead(root, processes, now + 23 * 3_600_000)]).toEqual(['i1']);
  expect([...beingRead(root, processes, now - 1)]).toEqual([]);
  expect(existsSync(path)).toBe(false);
});

test('other names beside the marks are left alone', async () => {
  const { store, marks } = bench();
  mkdirSync(join(store.root, 'readers'));
  writeFileSync(join(store.root, 'readers', 'README'), '');
  await ended(store, 10);
  expect(await beyond(store, 0)).toEqual([1, 2]);
  expect(marks()).toEqual(['README']);
});

test('a run of the session costs no mark', async () => {
  const { store, marks } = bench(sessionKind(temporaryFolder()));
  const [, run] = await ended(store, 10);
  store.spare([run])[Symbol.dispose]();
  expect(marks()).toEqual([]);
  expect(existsSync(join(store.root, 'readers'))).toBe(false);
});

test('where no mark can be left, the run is read all the same, and somebody is told', async () => {
  const { store, warnings } = bench();
  const [, run] = await ended(store, 10);
  writeFileSync(join(store.root, 'readers'), 'in the way');
  chmodSync(join(store.root, 'readers'), 0o600);
  store.spare([run])[Symbol.dispose]();
  expect(warnings).toMatchObject([{ code: 'InputOutputError', message: expect.stringContaining('may be pruned') as string }]);
});
