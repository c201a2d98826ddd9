// What people ask of the PostgreSQL engine where a million instances are (`ENGINE_ROWS`): thirty days, two hundred definitions.
// Each question is asked as the verbs ask it, through the store of the engine; the figure is the slowest median of those that
// somebody waits for. What only retention and the start of a scheduler ask is measured beside it.
import { closeDays } from '../plugins/engine-pgboss/src/close-days.ts';
import { openDatabase } from '../plugins/engine-pgboss/src/database.ts';
import { migrate } from '../plugins/engine-pgboss/src/migrate.ts';
import { openEngine } from '../plugins/engine-pgboss/src/open.ts';
import { startPostgres } from '../plugins/engine-pgboss/test/postgres.ts';
import { median } from './pairs.mjs';
import { seed } from './queues/seed.mjs';

const ROWS = Number(process.env.ENGINE_ROWS ?? 1_000_000);
const ROUNDS = 15;
const FINISHED = ['Completed', 'Failed', 'Stopped'];
const UNFINISHED = ['NotStarted', 'Running', 'Blocked', 'Suspended', 'Disconnected', 'Suspending', 'Stopping', 'AtBreakpoint'];
const BESIDE = ['newest 50 on a new connection', 'beyond the newest of a definition but five', 'ten beyond the limits', 'definitions with a history', 'traces of a definition'];
const clock = { now: () => new Date(), monotonic: () => performance.now(), sleep: async () => {} };

export async function bench() {
  const server = await startPostgres({ fsync: 'off', full_page_writes: 'off', max_wal_size: '8GB', shared_buffers: '512MB', maintenance_work_mem: '256MB' });
  const options = { connection: server.connectionString, schema: 'nightshift', lease: 10_000, demand: 'session', keepDays: 400, acceptDataLoss: true };
  const database = openDatabase(options, clock);
  const engine = openEngine(options, { clock, namespace: 'bench' });
  try {
    await migrate(database);
    const begun = performance.now();
    await seed(database, 'nightshift', ROWS);
    await closeDays({ database, schema: 'nightshift' });
    const seeded = (performance.now() - begun) / 1_000;
    const times = {};
    for (const [what, ask] of Object.entries(await questions(engine))) times[what] = await time(ask);
    times['newest 50 on a new connection'] = await time(() => onNewConnection(options));
    const [slowest] = Object.entries(times).filter(([what]) => !BESIDE.includes(what)).toSorted(([, a], [, b]) => b.median - a.median);
    return {
      figure: slowest[1].median,
      atMost: 50,
      what: `ms for the slowest of ${Object.keys(times).length - BESIDE.length} questions where ${ROWS.toLocaleString('en')} instances are: ${slowest[0]}`,
      details: `seeded in ${seeded.toFixed(0)} s; ${Object.entries(times).map(([what, { median: middle, most, found }]) => `${what} ${middle.toFixed(1)} ms (at most ${most.toFixed(1)}; ${found})`).join('; ')}`,
      measured: times,
    };
  } finally {
    await engine[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
    await server.stop();
  }
}

/** As a verb asks, once: the server knows nothing of the tables on such a connection yet. */
async function onNewConnection(options) {
  const engine = openEngine(options, { clock, namespace: 'bench' });
  const found = await engine.store.find({ topLevel: true, newest: 50 });
  await engine[Symbol.asyncDispose]();
  return found;
}

async function time(ask) {
  const times = [];
  let found = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const begun = performance.now();
    const answer = await ask();
    times.push(performance.now() - begun);
    found = Array.isArray(answer) ? answer.length : answer;
  }
  return { median: median(times), most: Math.max(...times), found };
}

async function questions({ store, firings, definitions }) {
  const middle = (await store.find({ topLevel: true, above: Math.floor(ROWS / 2), first: 1 }))[0];
  const { id, instanceId } = middle;
  return {
    'newest 50': () => store.find({ topLevel: true, newest: 50 }),
    'newest 100': () => store.find({ topLevel: true, newest: 100 }),
    unfinished: () => store.find({ topLevel: true, states: UNFINISHED }),
    'newest 50 failed': () => store.find({ topLevel: true, states: ['Failed'], newest: 50 }),
    'newest 50 of a definition': () => store.find({ topLevel: true, definitions: ['bench/d7'], newest: 50 }),
    'unfinished of a definition': () => store.find({ definitions: ['bench/d7'], states: UNFINISHED }),
    'how many have ended': () => store.count({ topLevel: true, states: FINISHED }),
    'how many of a definition': () => store.count({ definitions: ['bench/d7'] }),
    'a page of 500': () => store.find({ topLevel: true, above: id, first: 500 }),
    'the first page of 500': () => store.find({ topLevel: true, above: 0, first: 500 }),
    'by id': () => store.find({ ids: [id] }),
    'by 50 ids': () => store.find({ ids: Array.from({ length: 50 }, (_, index) => id + index) }),
    'by instance id': () => store.find({ instanceIds: [instanceId] }),
    'by the beginning of an instance id': () => store.find({ instanceIdPart: instanceId.slice(0, 11) }),
    'by the end of an instance id': () => store.find({ instanceIdPart: instanceId.slice(-10) }),
    'by name': () => store.find({ topLevel: true, names: ['Nobody'] }),
    'by a name of thousands, newest 50': () => store.find({ topLevel: true, names: ['nightly7'], newest: 50 }),
    'a family': () => store.find({ family: id }),
    'children of 50': () => store.find({ parentIds: Array.from({ length: 50 }, (_, index) => id + 2 * index) }),
    'below 50': () => store.find({ below: Array.from({ length: 50 }, (_, index) => id + 2 * index) }),
    'unfinished of a definition, with children': () => store.unfinishedOf('bench/d7'),
    'beyond the newest of a definition but five': async () => store.finishedBeyond('bench/d7', (await store.count({ definitions: ['bench/d7'], states: FINISHED })) - 5),
    'ten beyond the limits': async () => store.beyondLimits({ jobs: (await store.count({ topLevel: true, states: FINISHED })) - 10, oneEach: true }),
    'history, newest 50': () => firings.firings({ limit: 50 }),
    'history of a definition, newest 50': () => firings.firings({ definitions: ['bench/d7'], limit: 50 }),
    'history of a day': () => firings.firings({ since: new Date(Date.now() - 5 * 86_400_000), until: new Date(Date.now() - 4 * 86_400_000), limit: 50 }),
    'definitions with a history': () => firings.definitions(),
    'traces of a definition': async () => Object.values(await definitions.traces('bench/d7')).length,
  };
}
