import { describe, expect, test } from 'vitest';
import { JOBS_001 } from '../src/database/migrations/jobs-001.ts';
import { JOBS_002 } from '../src/database/migrations/jobs-002.ts';
import { JOBS_003 } from '../src/database/migrations/jobs-003.ts';
import { openDatabase } from '../src/database/open.ts';
import type { EmbeddedStore } from '../src/embedded-store.ts';
import { openTellings } from '../src/tellings.ts';
import { durableKind, openStore, temporaryFolder } from './folder.ts';

const COLUMNS = 'id, instanceId, parentId, name, type, state, location, command, endTime, definition, origin, attempt, definitionKey';
const TRIGGERED = '{"kind":"trigger","triggerId":"1","dueAt":"2026-01-02T03:04:05.000Z","catchUp":false}';
const job = (id: number, key: string, state: string, endTime: number | null, origin = TRIGGERED) =>
  `INSERT INTO instance (${COLUMNS}) VALUES (${id}, 'i${id}', NULL, 'Nightly', 'ScheduledJob', '${state}', 'localhost', 'true', ${endTime}, '{"key":"${key}","name":"Nightly","path":"/d/N.yaml"}', '${origin}', 1, '${key}');`;

/** The end of a run, as anybody writes it. */
const end = (store: EmbeddedStore, id: number, state: 'Completed' | 'Failed' | 'Stopped', endTime: number) => store.transition([{ instanceId: `i${id}`, from: ['Running'], to: state, endTime: new Date(endTime), statusMessage: 'm' }]);

function running(count: number, key = 'p/nightly', origin = TRIGGERED): EmbeddedStore {
  const store = openStore(durableKind(temporaryFolder()));
  for (let id = 1; id <= count; id += 1) store.database.exec(job(id, key, 'Running', null, origin));
  return store;
}

const factsIn = (store: EmbeddedStore, namespace = 'p') => openTellings(store, [namespace]).news(10).map(({ facts }) => facts);
const delivery = (eventId: string) => ({ namespace: 'p', hook: 'h', label: 'onFailure 1', eventId, definition: 'Nightly', body: '{}' });

describe('news', () => {
  test('is written with the end of a run, whoever ends it, and says how the one before it ended', async () => {
    const store = running(3);
    openTellings(store, ['p']).registerHooks(['h']);
    await end(store, 1, 'Failed', 10);
    await end(store, 2, 'Completed', 20);
    await end(store, 3, 'Stopped', 30);
    expect(factsIn(store)).toMatchObject([
      { is: 'ended', job: 1, instanceId: 'i1', name: 'Nightly', path: '/d/N.yaml', state: 'Failed', before: null, statusMessage: 'm', dueAt: '2026-01-02T03:04:05.000Z' },
      { job: 2, state: 'Completed', before: 'Failed' },
      { job: 3, state: 'Stopped', before: 'Completed' },
    ]);
  });

  test.each([
    ['nobody wants it', 'p/nightly', TRIGGERED, false],
    ['only another namespace wants it', 'q/nightly', TRIGGERED, true],
    ['a person started the run', 'p/nightly', '{"kind":"demand","runNow":false}', true],
  ])('is not written where %s', async (_, key, origin, isRegistered) => {
    const store = running(1, key, origin);
    if (isRegistered) openTellings(store, ['p']).registerHooks(['h']);
    await end(store, 1, 'Failed', 10);
    expect(factsIn(store, key.slice(0, 1))).toEqual([]);
  });

  test('of run-now is written', async () => {
    const store = running(1, 'p/nightly', '{"kind":"demand","runNow":true}');
    openTellings(store, ['p']).registerHooks(['h']);
    await end(store, 1, 'Failed', 10);
    expect(factsIn(store)).toMatchObject([{ state: 'Failed', dueAt: null }]);
  });

  test('of before a hook is not for it', async () => {
    const store = running(2);
    const tellings = openTellings(store, ['p']);
    tellings.registerHooks(['h']);
    await end(store, 1, 'Failed', 10);
    tellings.registerHooks(['h', 'later']);
    await end(store, 2, 'Failed', 20);
    const [first, second] = tellings.news(10).map(({ id }) => id) as [number, number];
    const since = tellings.since();
    expect([first > since('p', 'h'), first > since('p', 'later'), second > since('p', 'later'), second > since('q', 'h')]).toEqual([true, false, true, false]);
  });

  test('becomes deliveries once', async () => {
    const store = running(1);
    const tellings = openTellings(store, ['p']);
    tellings.registerHooks(['h']);
    await end(store, 1, 'Failed', 10);
    const ids = tellings.news(10).map(({ id }) => id);
    for (let round = 0; round < 2; round += 1) tellings.expand(ids, [delivery('e')], new Date(50));
    expect([tellings.news(10), tellings.summary()]).toEqual([[], { waiting: 1, failed: 0 }]);
  });
});

describe('a delivery', () => {
  test('is due when its time has come, or was put off by a clock that ran ahead', () => {
    const tellings = openTellings(running(0), ['p']);
    tellings.expand([], [delivery('e')], new Date(50));
    const { id } = tellings.due('h', new Date(50), 100) as { id: number };
    tellings.putOff(id, 1, new Date(120), 'p');
    expect(tellings.due('h', new Date(119), 100)).toBeUndefined();
    expect(tellings.due('h', new Date(120), 100)).toMatchObject({ id, tries: 1 });
    expect(tellings.due('h', new Date(10), 100)).toMatchObject({ id });
    expect([tellings.nextAt(['other', 'h']), tellings.nextAt(['other']), tellings.nextAt([])]).toEqual([new Date(120), undefined, undefined]);
  });

  test('that was given up is remembered and never due', () => {
    const tellings = openTellings(running(0), ['p']);
    tellings.expand([], [delivery('e')], new Date(50));
    tellings.giveUp((tellings.due('h', new Date(50), 100) as { id: number }).id, 3, new Date(60), 'nobody answers');
    expect(tellings.due('h', new Date(1_000), 100)).toBeUndefined();
    expect(tellings.summary()).toEqual({ waiting: 0, failed: 1, lastFailure: { hook: 'onFailure 1', id: 'e', definition: 'Nightly', at: new Date(60), problem: 'nobody answers' } });
  });

  test('of another namespace is left alone', () => {
    const store = running(0);
    openTellings(store, ['p']).expand([], [delivery('e')], new Date(50));
    const other = openTellings(store, ['q']);
    expect([other.registerHooks([]), other.due('h', new Date(50), 100), other.nextAt(['h']), other.summary().waiting]).toEqual([[], undefined, undefined, 0]);
    expect(openTellings(store, ['p']).registerHooks([])).toEqual([{ label: 'onFailure 1', dropped: 1 }]);
  });
});

test('a store of the schema before knows how the last runs ended', async () => {
  const root = temporaryFolder();
  const database = openDatabase(`${root}/jobs.db`, 'FULL', [JOBS_001, JOBS_002, JOBS_003]);
  database.exec(job(1, 'p/nightly', 'Completed', 10) + job(2, 'p/nightly', 'Failed', 30) + job(3, 'p/nightly', 'Running', null) + job(4, 'p/other', 'Failed', 40, '{"kind":"demand","runNow":false}'));
  database.close();
  const store = openStore(durableKind(root));
  expect(openTellings(store, ['p']).outcomes(['p/nightly'], new Date(100))).toEqual([{ definition: 'p/nightly', seenAt: new Date(10), completedAt: new Date(10) }]);
  openTellings(store, ['p']).registerHooks(['h']);
  expect(factsIn(store)).toEqual([]);
  await end(store, 3, 'Completed', 50);
  expect(factsIn(store)).toMatchObject([{ before: 'Failed' }]);
});
