import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@nightshift/sdk';
import { afterAll, describe, expect, test } from 'vitest';
import { workerFile } from '../src/hand.ts';
import { createThreadPool, type Ending, type PooledJob, type ThreadPool, type Work } from '../src/pool.ts';

const clock: Clock = { now: () => new Date(), monotonic: () => performance.now(), sleep: async (milliseconds, signal) => void (await sleep(milliseconds, undefined, signal === undefined ? {} : { signal })) };

interface Ran {
  readonly job: PooledJob;
  readonly ended: Promise<{ readonly ending: Ending; readonly records: readonly { readonly seq: number; readonly stream: string; readonly value: unknown }[] }>;
  readonly begun: Promise<void>;
  /** The first record is there. */
  readonly wrote: Promise<void>;
  isBegun: boolean;
}

const pools: ThreadPool[] = [];
function newPool(aheads = false): ThreadPool {
  const pool = createThreadPool({ clock, worker: workerFile(), aheads });
  pools.push(pool);
  return pool;
}
afterAll(() => Promise.all(pools.map((pool) => pool.close())));

const shared = newPool();

function run(scriptBlock: string, more: Partial<Work> & { readonly pool?: ThreadPool } = {}): Ran {
  const { pool = shared, ...work } = more;
  const [ended, begun, wrote] = [Promise.withResolvers<Awaited<Ran['ended']>>(), Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const text: string[] = [];
  const ran = { ended: ended.promise, begun: begun.promise, wrote: wrote.promise, isBegun: false } as Ran & { job: PooledJob };
  ran.job = pool.add({
    work: { scriptBlock, args: [], input: [], workingDirectory: '/tmp', environment: {}, gracePeriod: 5_000, ...work },
    begun() {
      ran.isBegun = true;
      begun.resolve();
      return true;
    },
    wrote(bytes) {
      text.push(Buffer.from(bytes).toString());
      wrote.resolve();
    },
    ended: (ending) => ended.resolve({ ending, records: text.join('').split('\n').filter(Boolean).map((line) => JSON.parse(line)) }),
  });
  return ran;
}

const UNTIL_STOPPED = 'await new Promise((done) => signal.addEventListener("abort", done))';
const values = ({ records }: Awaited<Ran['ended']>): unknown[] => records.map(({ value }) => value);

describe('a body', () => {
  test('sees its arguments with their types, and what it returns is output', async () => {
    const deep = { list: [1, { when: new Date(0) }], map: new Map([['a', 1]]) };
    const { ending, records } = await run('return [args[0], args[1].length, args[2].list[1].when.getTime(), args[2].map.get("a")]', { args: [7, [1, 2, 3], deep] }).ended;
    expect(ending).toEqual({ state: 'Completed' });
    expect(records.map(({ seq, stream, value }) => [seq, stream, value])).toEqual([[1, 'output', [7, 3, 0, 1]]]);
  });

  test('writes to all streams in one order, whichever way it writes', async () => {
    const ran = run('console.log("a"); await streams.warning.write("b"); console.error("c"); process.stdout.write("d\\n"); await streams.output.write({ e: 1 }); console.table?.call; return "f"');
    expect((await ran.ended).records.map(({ seq, stream, value }) => [seq, stream, value])).toEqual([
      [1, 'output', 'a'], [2, 'warning', 'b'], [3, 'error', { message: 'c' }], [4, 'output', 'd'], [5, 'output', { e: 1 }], [6, 'output', 'f'],
    ]);
  });

  test.each([
    ['throws', 'throw new Error("boom")', { state: 'Failed', reason: 'error', message: 'boom' }],
    ['throws no error', 'throw { a: 1 }', { state: 'Failed', reason: 'error', message: '{"a":1}' }],
    ['does not parse', 'let x = ;', { state: 'Failed', reason: 'error', code: 'ThreadJobError' }],
    ['closes the function that it is put into', '} ); (function () {', { state: 'Failed', reason: 'error', code: 'ThreadJobError' }],
    ['ends the process', 'process.exit(3)', { state: 'Failed', reason: 'exit', exitCode: 3 }],
    ['ends the process well', 'process.exit()', { state: 'Completed', exitCode: 0 }],
    ['fails where nobody waits for it', 'queueMicrotask(() => { throw new Error("behind") }); await new Promise(() => {})', { state: 'Failed', reason: 'error', message: 'behind' }],
    ['returns what is no JSON', 'return () => 1', { state: 'Failed', reason: 'error', code: 'RecordNotSerializable' }],
  ])('that %s ends as it should, and the next one is none the worse', async (_what, body, ending) => {
    expect((await run(body).ended).ending).toMatchObject(ending);
    expect(values(await run('return 1').ended)).toEqual([1]);
  });

  test('does not see what the one before it left behind', async () => {
    const pool = newPool();
    pool.setLimit(1);
    await run('globalThis.left = 1; process.env.LEFT = "1"; process.cwd = () => "/elsewhere"; setInterval(() => {}, 1000)', { pool }).ended;
    expect(values(await run('return [typeof left, process.env.LEFT, process.cwd()]', { pool }).ended)).toEqual([['undefined', null, '/tmp']]);
  });

  test('runs its initialization script first; when that throws, it does not run', async () => {
    expect(values(await run('f()', { initializationScript: 'function f() { console.log("from init") }' }).ended)).toEqual(['from init']);
    const { ending, records } = await run('console.log("never")', { initializationScript: 'throw new Error("no")' }).ended;
    expect(ending).toMatchObject({ state: 'Failed', message: 'initialization script: no' });
    expect(records).toEqual([]);
  });

  test('that writes more than anybody reads at a time loses nothing', async () => {
    const { records } = await run('for (let n = 0; n < 20000; n++) console.log("line " + n)').ended;
    expect([records.length, records.at(-1)]).toEqual([20_000, { seq: 20_000, at: expect.any(String), stream: 'output', value: 'line 19999' }]);
  });

  test('may write a record that is larger than the memory between us', async () => {
    expect((values(await run('return "x".repeat(1_000_000)').ended)[0] as string).length).toBe(1_000_000);
  });
});

describe('a stop', () => {
  test('is a signal first, which the body may follow', async () => {
    const ran = run(`${UNTIL_STOPPED}; console.log(signal.reason)`);
    await ran.begun;
    ran.job.stop({ reason: 'stopped' });
    const { ending, records } = await ran.ended;
    expect(ending).toEqual({ state: 'Stopped', reason: 'stopped' });
    expect(records.map(({ value }) => value)).toEqual(['stopped']);
  });

  test('ends an endless loop after the grace period, and what it wrote is kept', async () => {
    const ran = run('console.log("before"); for (;;);', { gracePeriod: 50 });
    await ran.wrote;
    ran.job.stop({ reason: 'stopped' });
    const { ending, records } = await ran.ended;
    expect(ending).toEqual({ state: 'Stopped', reason: 'stopped' });
    expect(records.map(({ value }) => value)).toEqual(['before']);
    expect(values(await run('return 1').ended)).toEqual([1]);
  });

  test('at the time limit makes it Failed (timeout)', async () => {
    const { ending } = await run('for (;;);', { timeout: 30, gracePeriod: 10 }).ended;
    expect(ending).toMatchObject({ state: 'Failed', reason: 'timeout' });
  });

  test('of one that waits ends it without its ever having begun', async () => {
    const pool = newPool();
    pool.setLimit(1);
    const [first, second] = [run(UNTIL_STOPPED, { pool }), run('return 1', { pool })];
    second.job.stop({ reason: 'stopped' });
    expect((await second.ended).ending).toEqual({ state: 'Stopped', reason: 'stopped' });
    expect(second.isBegun).toBe(false);
    first.job.stop({ reason: 'stopped' });
    await first.ended;
    expect(pool.size).toBe(0);
  });
});

describe('a pool', () => {
  test('gives each job arguments of its own, though they were given the same', async () => {
    const pool = newPool(true);
    const args: readonly unknown[] = [];
    const ended = await Promise.all(Array.from({ length: 200 }, () => run('return args.push(1)', { pool, args }).ended));
    expect(new Set(ended.flatMap(values))).toEqual(new Set([1]));
  });

  test('runs every job exactly once, also where workers run ahead', async () => {
    const pool = newPool(true);
    const ran = Array.from({ length: 3_000 }, (_, n) => run('return args[0]', { pool, args: [n] }));
    const ended = await Promise.all(ran.map(async ({ ended }) => values(await ended)));
    expect(ended.flat()).toEqual(ran.map((_, n) => n));
  });

  test('a long job keeps none of those waiting that were to run behind it', async () => {
    const pool = newPool(true);
    pool.setLimit(2);
    await Promise.all(Array.from({ length: 200 }, () => run(' ', { pool }).ended));
    const loop = run('for (;;);', { pool });
    await Promise.all(Array.from({ length: 200 }, () => run(' ', { pool }).ended));
    loop.job.stop({ reason: 'stopped', force: true });
    expect((await loop.ended).ending.state).toBe('Stopped');
  });

  test('a place that is lent lets a nested job run, with a limit of one', async () => {
    const pool = newPool();
    pool.setLimit(1);
    const outer = run(UNTIL_STOPPED, { pool });
    await outer.begun;
    const takeBack = outer.job.lend();
    expect(values(await run('return "inner"', { pool }).ended)).toEqual(['inner']);
    takeBack();
    const third = run('return 3', { pool });
    outer.job.stop({ reason: 'stopped' });
    expect(values(await third.ended)).toEqual([3]);
  });

  test('a job that is started by hand runs at once, whatever the limit says', async () => {
    const pool = newPool();
    pool.setLimit(1);
    const [first, second] = [run(UNTIL_STOPPED, { pool }), run(UNTIL_STOPPED, { pool })];
    await first.begun;
    expect(second.isBegun).toBe(false);
    second.job.start();
    await second.begun;
    for (const { job } of [first, second]) job.stop({ reason: 'stopped' });
    await Promise.all([first.ended, second.ended]);
  });
});
