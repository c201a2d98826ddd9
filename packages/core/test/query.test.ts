import { STREAM_NAMES, type JobError, type JobState } from '@nightshift/sdk';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { durableLayout, openEmbeddedStore } from '@nightshift/store';
import { describe, expect, test } from 'vitest';
import { createJobHost, type JobSelector } from '../src/index.ts';
import { createWorkbench, definitionOf, definitionsOf, jobError, uuid7, type Workbench } from './workbench.ts';

async function found({ host }: Workbench, selector: JobSelector): Promise<number[]> {
  const { jobs, problems } = await host.getJobs(selector);
  expect(problems).toEqual([]);
  return jobs.map(({ id }) => id);
}

async function problemsOf({ host }: Workbench, selector: JobSelector): Promise<readonly string[]> {
  return (await host.getJobs(selector)).problems.map(({ code }) => code);
}

const seconds = (count: number): Date => new Date(Date.UTC(2026, 0, 1) + count * 1_000);

describe('a word', () => {
  test('of digits is an id', async () => {
    const bench = createWorkbench();
    await bench.put({ name: '2' });
    await bench.put();
    expect(await found(bench, { words: ['2'] })).toEqual([2]);
  });

  test.each(['whole', 'WHOLE', 'prefix', 'suffix', 'PREFIX'])('may be an instance id: %s', async (form) => {
    const bench = createWorkbench();
    const instanceId = '0190aaaa-bbbb-7ccc-8ddd-eeeeffff0001';
    await bench.put({ instanceId });
    await bench.put();
    const word = { whole: instanceId, prefix: instanceId.slice(0, 9), suffix: instanceId.slice(-10) }[form.toLowerCase()] as string;
    expect(await found(bench, { words: [form === form.toUpperCase() ? word.toUpperCase() : word] })).toEqual([1]);
  });

  test('of eight hexadecimal digits is a name first', async () => {
    const bench = createWorkbench();
    await bench.put({ instanceId: 'deadbeef-bbbb-7ccc-8ddd-eeeeffff0001' });
    await bench.put({ name: 'deadbeef' });
    expect(await found(bench, { words: ['deadbeef'] })).toEqual([2]);
  });

  test('of seven hexadecimal digits is a name only', async () => {
    const bench = createWorkbench();
    await bench.put({ instanceId: 'deadbeef-bbbb-7ccc-8ddd-eeeeffff0001' });
    expect(await problemsOf(bench, { words: ['deadbee'] })).toEqual(['JobWithSpecifiedNameNotFound']);
  });

  test('that several instance ids begin with is ambiguous, and all are named', async () => {
    const bench = createWorkbench();
    const [one, other] = [uuid7(seconds(0), 1), uuid7(seconds(0), 2)];
    await bench.put({ instanceId: one });
    await bench.put({ instanceId: other });
    const { jobs, problems } = await bench.host.getJobs({ words: [one.slice(0, 10)] });
    expect(jobs).toEqual([]);
    expect(problems).toEqual([jobError('InstanceIdAmbiguous', `${one}, ${other}`)]);
  });

  test('that fits a job and its own child means the job', async () => {
    const bench = createWorkbench();
    const { view } = await bench.start();
    expect(await found(bench, { words: [view.instanceId.slice(0, 13)] })).toEqual([view.id]);
  });

  test('that fits only a child means the child', async () => {
    const bench = createWorkbench();
    const { run } = await bench.start();
    expect(await found(bench, { words: [run.instanceId.slice(-12)] })).toEqual([run.id]);
  });

  test.each([
    ['99', 'JobWithSpecifiedSessionNotFound'],
    ['0', 'JobWithSpecifiedSessionNotFound'],
    ['99999999999999999999999', 'JobWithSpecifiedSessionNotFound'],
    ['0190aaaa-bbbb-7ccc-8ddd-eeeeffff0099', 'JobWithSpecifiedInstanceIdNotFound'],
    ['0190aaab', 'JobWithSpecifiedInstanceIdNotFound'],
    ['nobody', 'JobWithSpecifiedNameNotFound'],
    ['100%', 'JobWithSpecifiedNameNotFound'],
    ["x' OR 1=1 --", 'JobWithSpecifiedNameNotFound'],
    ['-deadbeef-', 'JobWithSpecifiedInstanceIdNotFound'],
  ])('%j that nothing answers to is %s', async (word, code) => {
    const bench = createWorkbench();
    await bench.put();
    expect(await problemsOf(bench, { words: [word] })).toEqual([code]);
  });

  test('that nothing answers to leaves the other jobs to be listed', async () => {
    const bench = createWorkbench();
    await bench.put();
    const { jobs, problems } = await bench.host.getJobs({ words: ['99', '1', 'nobody'] });
    expect(jobs.map(({ id }) => id)).toEqual([1]);
    expect(problems).toEqual([jobError('JobWithSpecifiedSessionNotFound', '99'), jobError('JobWithSpecifiedNameNotFound', '"nobody"')]);
  });
});

describe('a name', () => {
  test('is compared without case', async () => {
    const bench = createWorkbench();
    await bench.put({ name: 'Build' });
    expect(await found(bench, { names: ['bUILD'] })).toEqual([1]);
  });

  test('finds every job that bears it', async () => {
    const bench = createWorkbench();
    for (const name of ['Build', 'Test', 'build']) await bench.put({ name });
    expect(await found(bench, { names: ['Build'] })).toEqual([1, 3]);
  });

  test.each([
    ['B*', [1, 3]],
    ['*u*', [1, 3]],
    ['?est', [2]],
    ['[bt]*', [1, 2, 3]],
    ['*', [1, 2, 3]],
    ['x*', []],
  ])('with wildcards, %j, finds %j', async (pattern, ids) => {
    const bench = createWorkbench();
    for (const name of ['Build', 'Test', 'Bundle']) await bench.put({ name });
    expect(await found(bench, { names: [pattern] })).toEqual(ids);
    expect(await found(bench, { words: [pattern] })).toEqual(ids);
  });

  test('of a child is searched when no job without a parent bears it', async () => {
    const bench = createWorkbench();
    const { run } = await bench.start();
    expect(await found(bench, { names: ['Job2'] })).toEqual([run.id]);
    await bench.put({ name: 'job2' });
    expect(await found(bench, { names: ['Job2'] })).toEqual([3]);
  });

  test('with wildcards finds children only when no job without a parent fits', async () => {
    const bench = createWorkbench();
    await bench.start({}, { name: 'Build' });
    expect(await found(bench, { names: ['Job*'] })).toEqual([2]);
    expect(await found(bench, { names: ['*'] })).toEqual([1]);
  });

  test('in both stores is found in both', async () => {
    const bench = createWorkbench();
    await bench.put({ name: 'Build' });
    await bench.put({ name: 'Build' }, bench.durable());
    expect(await found(bench, { names: ['build'] })).toEqual([1, 2]);
  });
});

describe('a selection', () => {
  test('is in id order and has each job once, whatever the words', async () => {
    const bench = createWorkbench();
    for (const name of ['Build', 'Test', 'Bundle']) await bench.put({ name });
    expect(await found(bench, { words: ['3', 'B*', '1', 'test', '3'] })).toEqual([1, 2, 3]);
  });

  test('of instance ids and their parts finds each', async () => {
    const bench = createWorkbench();
    const one = await bench.put({ instanceId: uuid7(seconds(0), 1) });
    const other = await bench.put({ instanceId: uuid7(seconds(9_999), 2) });
    expect(await found(bench, { instanceIds: [one.instanceId.toUpperCase(), other.instanceId.slice(0, 13)] })).toEqual([1, 2]);
    expect(await problemsOf(bench, { instanceIds: [uuid7(seconds(1), 3)] })).toEqual(['JobWithSpecifiedInstanceIdNotFound']);
  });

  test.each([
    [['Suspended'], [2]],
    [['Suspended', 'Completed'], [2, 3]],
    [['Blocked'], []],
    [['NotStarted'], [1]],
  ] as const)('of the states %j finds %j', async (states, ids) => {
    const bench = createWorkbench();
    await bench.put();
    await bench.put({ state: 'Suspended' });
    await bench.put({ state: 'Completed', endTime: seconds(1) });
    expect(await found(bench, { states: states as readonly JobState[] })).toEqual(ids);
  });

  test('of states goes by what is true now, not by what was written', async () => {
    const bench = createWorkbench();
    const { view, run } = await bench.start();
    bench.machine.exit(run, { exitCode: 0 });
    expect(await found(bench, { states: ['Running'] })).toEqual([]);
    expect(await found(bench, { states: ['Completed'] })).toEqual([view.id]);
  });

  test('of states finds no children', async () => {
    const bench = createWorkbench();
    const { view } = await bench.start();
    expect(await found(bench, { states: ['Running'] })).toEqual([view.id]);
  });

  test.each([
    ['make all', [1]],
    ['  make all  ', [1]],
    ['MAKE ALL', [1]],
    ['make', []],
    ['make*', [1, 2]],
    ['*test*', [2]],
    ['echo [x]', [3, 4]],
    ['echo x', [4]],
    ['*', [1, 2, 3, 4]],
  ])('of the command %j finds %j', async (command, ids) => {
    const bench = createWorkbench();
    for (const text of [' make all\n', 'make test', 'echo [x]', 'echo x']) await bench.put({ command: text });
    expect(await found(bench, { command })).toEqual(ids);
  });

  test('takes states and commands as further conditions beside names', async () => {
    const bench = createWorkbench();
    await bench.put({ name: 'Build', state: 'Suspended' });
    await bench.put({ name: 'Build' });
    await bench.put({ name: 'Test', state: 'Suspended' });
    expect(await found(bench, { names: ['Build'], states: ['Suspended'] })).toEqual([1]);
    expect(await found(bench, { names: ['Build'], command: 'false' })).toEqual([]);
  });

  test('is mandatory for every verb but get-job', async () => {
    const bench = createWorkbench();
    await bench.put();
    const missing = jobError('MissingMandatoryParameter');
    await expect(bench.host.stopJobs({}, {})).rejects.toThrow(missing);
    await expect(bench.host.removeJobs({}, { force: true })).rejects.toThrow(missing);
    await expect(bench.host.waitJobs({}, {})).rejects.toThrow(missing);
    await expect(bench.host.receiveJobs({}, { streams: STREAM_NAMES, from: 'cursor', keep: false })).rejects.toThrow(missing);
  });
});

describe('a filter', () => {
  async function mixed(): Promise<Workbench> {
    const bench = createWorkbench();
    await bench.put({ name: 'Build', command: 'make all', location: 'server1' });
    await bench.put({ name: 'Test', state: 'Completed', endTime: seconds(100), definition: { key: 'p/nightly', name: 'Nightly', path: '/d/Nightly.yaml' } });
    await bench.put({ name: 'Bundle', type: 'BriefJob', state: 'Failed', endTime: seconds(200) });
    const failed = await bench.put({ name: 'Bad', state: 'Running' });
    await bench.session.transition([{ instanceId: failed.instanceId, from: ['Running'], to: 'Failed', reason: 'exit', statusMessage: 'the command exited with code 3', exitCode: 3, beginTime: seconds(250), endTime: seconds(300) }]);
    const killed = await bench.put({ name: 'Killed', state: 'Running' });
    await bench.session.transition([{ instanceId: killed.instanceId, from: ['Running'], to: 'Failed', reason: 'signal', signal: 'SIGKILL', endTime: seconds(400) }]);
    return bench;
  }

  test.each([
    ['id', '2', [2]],
    ['instanceId', '*000000000003', [3]],
    ['name', 'b*', [1, 3, 4]],
    ['NAME', 'BUILD', [1]],
    ['type', 'briefjob', [3]],
    ['state', 'failed', [3, 4, 5]],
    ['reason', 'exit', [4]],
    ['statusMessage', '*code 3', [4]],
    ['location', 'server?', [1]],
    ['command', 'MAKE*', [1]],
    ['beginTime', '2026-01-01T00:04:10*', [4]],
    ['endTime', '2026-01-01T00:03:20.000Z', [3]],
    ['exitCode', '3', [4]],
    ['signal', 'sigkill', [5]],
    ['definition', 'nightly', [2]],
    ['origin', 'demand', [1, 2, 3, 4, 5]],
    ['attempt', '1', [1, 2, 3, 4, 5]],
    ['attempt', '2', []],
    ['before', seconds(200).toISOString(), [2]],
    ['after', seconds(200).toISOString(), [4, 5]],
    ['hasMoreData', 'false', [2]],
  ])('on %s=%j finds %j', async (key, value, ids) => {
    expect(await found(await mixed(), { filters: [[key, value]] })).toEqual(ids);
  });

  test('on childJobs finds the parent of that child', async () => {
    const bench = createWorkbench();
    await bench.start();
    const { run } = await bench.start();
    expect(await found(bench, { filters: [['childJobs', String(run.id)]] })).toEqual([3]);
  });

  test('must hold with all others', async () => {
    const bench = await mixed();
    expect(await found(bench, { filters: [['state', 'Failed'], ['name', 'B*']] })).toEqual([3, 4]);
    expect(await found(bench, { filters: [['after', seconds(100).toISOString()], ['before', seconds(300).toISOString()]] })).toEqual([3]);
  });

  test('of an unknown key is an error that names the known ones', async () => {
    const bench = await mixed();
    await expect(bench.host.getJobs({ filters: [['colour', 'red']] })).rejects.toThrow(jobError('ParameterArgumentValidationError', '"colour"'));
  });

  test('of an unknown key is an error also when there is no job', async () => {
    await expect(createWorkbench().host.getJobs({ filters: [['colour', 'red']] })).rejects.toThrow(jobError('ParameterArgumentValidationError'));
  });

  test('on location or reason finds a parent through its children', async () => {
    const bench = createWorkbench();
    const parent = bench.plan();
    const [top, first] = (await bench.session.insert(parent, [bench.plan({ origin: { kind: 'parent' }, location: 'server7' }), bench.plan({ origin: { kind: 'parent' } })])) as unknown as readonly [{ id: number }, { instanceId: string }];
    await bench.session.transition([{ instanceId: first.instanceId, from: ['NotStarted'], to: 'Failed', reason: 'spawn' }]);
    await bench.put();
    expect(await found(bench, { filters: [['location', 'server7']] })).toEqual([top.id]);
    expect(await found(bench, { filters: [['reason', 'spawn']] })).toEqual([top.id]);
    expect(await found(bench, { filters: [['name', 'Job2']] })).toEqual([]);
  });
});

describe('the list without a selector', () => {
  test('has all unfinished jobs and the newest hundred finished ones, in id order, and says how many are left', async () => {
    const bench = createWorkbench();
    await bench.put();
    // The later a job was made, the earlier it ended.
    for (let made = 0; made < 105; made++) await bench.put({ state: 'Completed', endTime: seconds(1_000 - made) });
    await bench.put({ state: 'Suspended' });
    const { jobs, left, problems } = await bench.host.getJobs({});
    expect(problems).toEqual([]);
    expect(left).toBe(5);
    expect(jobs.map(({ id }) => id)).toEqual([...Array.from({ length: 101 }, (_, index) => index + 1), 107]);
  });

  test('leaves nothing out when all are asked for', async () => {
    const bench = createWorkbench();
    for (let made = 0; made < 105; made++) await bench.put({ state: 'Completed', endTime: seconds(made) });
    const { jobs, left } = await bench.host.getJobs({}, { all: true });
    expect([jobs.length, left]).toEqual([105, 0]);
  });

  test('counts the finished jobs of both stores together', async () => {
    const bench = createWorkbench();
    for (let made = 0; made < 60; made++) {
      await bench.put({ state: 'Completed', endTime: seconds(2 * made) });
      await bench.put({ state: 'Completed', endTime: seconds(2 * made + 1) }, bench.durable());
    }
    const { jobs, left } = await bench.host.getJobs({});
    expect(left).toBe(20);
    expect(jobs.map(({ id }) => id)).toEqual(Array.from({ length: 100 }, (_, index) => index + 21));
  });

  test.each([
    [1, [1]],
    [2, [1, 4]],
    [9, [1, 2, 4]],
  ])('of the newest %i has those with the latest end, in id order, and no unfinished one', async (newest, ids) => {
    const bench = createWorkbench();
    await bench.put({ state: 'Completed', endTime: seconds(300) });
    await bench.put({ state: 'Failed', endTime: seconds(100) });
    await bench.put();
    await bench.put({ state: 'Stopped', endTime: seconds(200) });
    const { jobs, left } = await bench.host.getJobs({}, { newest });
    expect(jobs.map(({ id }) => id)).toEqual(ids);
    expect(left).toBe(0);
    expect((await bench.host.getJobs({ names: ['*'] }, { newest })).jobs.map(({ id }) => id)).toEqual(ids);
  });

  test('of the newest takes the higher id of two that ended together', async () => {
    const bench = createWorkbench();
    for (let made = 0; made < 3; made++) await bench.put({ state: 'Completed', endTime: seconds(1) }, made === 1 ? bench.durable() : bench.session);
    expect((await bench.host.getJobs({}, { newest: 2 })).jobs.map(({ id }) => id)).toEqual([2, 3]);
  });

  test('shows no children', async () => {
    const bench = createWorkbench();
    const { view } = await bench.start();
    expect((await bench.host.getJobs({})).jobs).toMatchObject([{ id: view.id, childJobs: [2] }]);
  });

  test('shows a job that has ended since as finished', async () => {
    const bench = createWorkbench();
    const { run } = await bench.start();
    bench.machine.exit(run, { exitCode: 0 });
    expect(await bench.host.getJobs({})).toMatchObject({ jobs: [{ state: 'Completed' }], left: 0 });
  });

  test('of no job at all is empty, and makes no durable store', async () => {
    const bench = createWorkbench();
    expect(await bench.host.getJobs({})).toEqual({ jobs: [], problems: [], left: 0 });
    expect(bench.parts.stores.durable()).toBeUndefined();
  });
});

describe('a store that cannot be read', () => {
  const broken = Object.assign(new Error('the store cannot be read'), { name: 'JobError', code: 'StoreUnavailable', file: '/state/jobs.db' }) as unknown as JobError;
  const refuse = (): never => {
    throw broken;
  };

  test.each([[{}], [{ names: ['*'] }], [{ ids: [1] }], [{ states: ['Completed'] }]] as const)('is one problem, and the session’s jobs are still listed: %j', async (selector) => {
    const bench = createWorkbench();
    await bench.put({ state: 'Completed', endTime: seconds(1) });
    const host = createJobHost({ ...bench.parts, stores: { ...bench.parts.stores, durable: refuse } });
    const { jobs, problems } = await host.getJobs(selector);
    expect(jobs).toMatchObject([{ id: 1 }]);
    expect(problems).toEqual([broken]);
  });

  test.each([[{}], [{ names: ['*'] }]])('is one problem, and the kept jobs are still listed: %j', async (selector) => {
    const bench = createWorkbench();
    await bench.put({ state: 'Completed', endTime: seconds(1) }, bench.durable());
    const host = createJobHost({ ...bench.parts, stores: { ...bench.parts.stores, session: refuse } });
    const { jobs, problems } = await host.getJobs(selector);
    expect(jobs).toMatchObject([{ id: 1 }]);
    expect(problems).toEqual([broken]);
  });

  test.each([[{ ids: [7] }], [{ words: ['7'] }], [{ names: ['Away'] }], [{ instanceIds: ['019a3f6c-7d2e-7c41-9b1f-52d0c3a8e6f4'] }], [{ words: ['52d0c3a8e6f4'] }]] as const)('says of no job that it is not there, since the store may have it: %j', async (selector) => {
    const bench = createWorkbench();
    await bench.put();
    const unopened = createJobHost({ ...bench.parts, stores: { ...bench.parts.stores, durable: refuse } });
    expect(await unopened.getJobs(selector)).toMatchObject({ jobs: [], problems: [broken] });
    const silent = createJobHost({ ...bench.parts, stores: { ...bench.parts.stores, durable: () => ({ ...bench.durable(), find: async () => refuse() }) } });
    expect(await silent.getJobs(selector)).toMatchObject({ jobs: [], problems: [broken] });
  });

  test('is one problem also when only a look into it shows the damage', async () => {
    const bench = createWorkbench();
    await bench.put();
    for (let made = 0; made < 50; made++) await bench.put({ command: 'x'.repeat(500), state: 'Completed', endTime: seconds(made) }, bench.durable());
    bench.durable().close();
    const path = join(bench.folder, 'jobs.db');
    const file = openSync(path, 'r+');
    writeSync(file, Buffer.alloc(16_384, 0xff), 0, 16_384, 4_096);
    closeSync(file);
    const damaged = openEmbeddedStore({ root: bench.folder, layout: durableLayout, synchronous: 'FULL', durable: true }, {} as never);
    const host = createJobHost({ ...bench.parts, stores: { ...bench.parts.stores, durable: () => damaged } });
    const { jobs, problems } = await host.getJobs({}).finally(() => damaged.close());
    expect(jobs).toMatchObject([{ id: 1 }]);
    expect(problems).toEqual([jobError('StoreUnavailable')]);
  });

  test('is the error itself when there is no other', async () => {
    const bench = createWorkbench();
    const host = createJobHost({ ...bench.parts, stores: { session: refuse, durable: refuse, openDurable: refuse } });
    await expect(host.getJobs({})).rejects.toThrow(jobError('StoreUnavailable'));
  });
});

describe('a listed job', () => {
  test('of a definition says which', async () => {
    const bench = createWorkbench({ definitions: definitionsOf(definitionOf()) });
    await bench.host.startJob({ what: { definitionName: 'nightly' }, callerDirectory: '/home/me', warn: () => {} });
    expect((await bench.host.getJobs({})).jobs).toMatchObject([{ name: 'Nightly', definition: { name: 'Nightly', path: '/project/definitions/Nightly.yaml' } }]);
  });
});

describe('every job', () => {
  test('comes in id order from both stores, however many pages that takes, and unfinished ones have been looked at', async () => {
    const bench = createWorkbench();
    const durable = bench.durable();
    for (let made = 0; made < 12; made++) await bench.put({ name: `Job ${made}` }, made % 3 === 0 ? durable : bench.session);
    const many = (store: typeof durable, first: number, by: number): void => {
      const columns = 'id, instanceId, name, type, state, location, command, origin, attempt, endTime';
      store.database.exec(`WITH RECURSIVE n (v) AS (SELECT 0 UNION ALL SELECT v + 1 FROM n WHERE v < 699) INSERT INTO instance (${columns}) SELECT ${first} + v * ${by}, 'i' || (${first} + v * ${by}), 'x', 'ShellJob', 'Completed', 'localhost', 'true', '{"kind":"demand","runNow":false}', 1, 5 FROM n`);
    };
    many(bench.session, 100, 3);
    many(durable, 101, 2 * 3);
    const { pages, problems } = await bench.host.everyJob();
    const ids: number[] = [];
    for await (const page of pages) ids.push(...page.map(({ id }) => id));
    expect(problems).toEqual([]);
    expect(ids).toHaveLength(1412);
    expect(ids).toEqual(ids.toSorted((one, other) => one - other));
    expect(new Set(ids).size).toBe(1412);
  });
});
