import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { newPlace, type Job, type Place } from './product.ts';

const EXPORT = ['--all', '--include-child-job', '--include-attempts', '-o', 'jsonl'];

async function lines(place: Place, ...args: string[]): Promise<Job[]> {
  return (await place.stdoutOf('get-job', ...args)).trim().split('\n').filter(Boolean).map((line) => JSON.parse(line) as Job);
}

/** Ids as the order of the jobs gives them, so that two stores can be held beside each other. */
function withoutIds(jobs: readonly Job[]): object[] {
  const rank = new Map(jobs.map(({ id }, index) => [id, index + 1]));
  return jobs.map((job) => ({ ...job, id: rank.get(job.id), hasMoreData: false, childJobs: job.childJobs.map((id) => rank.get(id)), origin: job.origin['kind'] === 'parent' ? { kind: 'parent', parentId: rank.get(job.origin['parentId'] as number) } : job.origin }));
}

/** Five jobs that ended in five ways, in both stores. */
async function worked(): Promise<Place> {
  const place = newPlace();
  mkdirSync(join(place.work, 'definitions'));
  writeFileSync(join(place.work, 'definitions/Nightly.yaml'), 'type: ScheduledJob\nmaxResultCount: 2\njob:\n  command: [echo, hi]\n');
  await place.run('start-job', ['--wait', '--', 'echo', 'one']);
  await place.run('start-job', ['--persist', '--wait', '--name', 'Bäckup', '--', 'sh', '-c', 'echo "two, three"; exit 3']);
  await place.run('start-job', ['--wait', '--', 'sh', '-c', 'kill -9 $$']);
  await place.run('start-job', ['--wait', '--', 'no-such-program']);
  await place.run('start-job', ['--definition-name', 'Nightly', '--wait']);
  return place;
}

function exported(to: Place, jobs: readonly object[]): string {
  const file = join(to.root, 'runs.jsonl');
  writeFileSync(file, jobs.map((job) => `${JSON.stringify(job)}\n`).join(''));
  return file;
}

describe('finished runs', () => {
  test('go out of one store and into another, and come out of it as they were but for their ids', async () => {
    const [from, to] = [await worked(), newPlace()];
    const before = await lines(from, ...EXPORT);
    expect(before).toHaveLength(10);
    await to.run('start-job', ['--wait', '--', 'true']);
    expect(await to.run('nightshift', ['import', '--runs', exported(to, before)])).toMatchObject({ code: 0, stdout: '', stderr: 'import: 10 finished jobs brought in, children counted\n' });
    const after = (await lines(to, ...EXPORT)).slice(2);
    expect(withoutIds(after)).toEqual(withoutIds(before));
    expect(after.map(({ id }) => id)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(after.every(({ hasMoreData }) => !hasMoreData)).toBe(true);
    expect(await to.run('receive-job', after.map(({ id }) => String(id)))).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  test('that are known are counted and left out, also when they come from the same stores', async () => {
    const place = await worked();
    const before = await lines(place, ...EXPORT);
    const result = await place.run('nightshift', ['import', '--runs', '-', '-o', 'json'], { input: before.map((job) => `${JSON.stringify(job)}\n`).join('') });
    expect(JSON.parse(result.stdout)).toEqual({ apiVersion: 1, imported: 0, known: 10, unfinished: 0, pruned: 0 });
    expect(await lines(place, ...EXPORT)).toEqual(before);
  });

  test('are told and not brought with --what-if, and removed like others when they are there', async () => {
    const [from, to] = [await worked(), newPlace()];
    const file = exported(to, await lines(from, ...EXPORT));
    expect(await to.run('nightshift', ['import', '--runs', file, '--what-if'])).toMatchObject({ code: 0, stderr: 'What if: import: 10 finished jobs brought in, children counted\n' });
    expect(await to.jobs('--all')).toEqual([]);
    await to.run('nightshift', ['import', '--runs', file]);
    expect((await to.stdoutOf('nightshift', 'doctor', '--repair')).includes('brought back')).toBe(true);
    expect(await to.run('remove-job', ['*'])).toMatchObject({ code: 0 });
    expect(await to.jobs('--all')).toEqual([]);
  });

  test('of a definition that is there obey what it keeps', async () => {
    const place = await worked();
    const nightly = (await lines(place, ...EXPORT)).find(({ definition }) => definition !== null) as Job;
    const older = Array.from({ length: 5 }, (_, index) => ({ ...nightly, id: index + 100, childJobs: [], instanceId: `${nightly.instanceId.slice(0, -2)}1${index}`, endTime: `2026-01-0${index + 1}T00:00:00.000Z` }));
    expect(await place.run('nightshift', ['import', '--runs', exported(place, older)])).toMatchObject({ code: 0, stderr: 'import: 5 finished jobs brought in, children counted; 3 removed beyond the maxResultCount of their definitions\n' });
    expect((await place.jobs('--all', '--definition', 'Nightly')).filter(({ id }) => id > 10).map(({ endTime }) => endTime?.slice(0, 10))).toEqual(['2026-01-04', '2026-01-05']);
  });
});

describe('a file that is wrong', () => {
  const wrong: readonly (readonly [string, (job: Job) => string, string, string])[] = [
    ['is no JSON', () => '{"id":1,', 'DefinitionSyntaxError: this line is no JSON', ':2:9'],
    ['holds a list', () => '[]', 'DefinitionSyntaxError: this line is no job', ':2:1'],
    ['has a key too many', (job) => JSON.stringify({ ...job, naem: 'x' }), 'DefinitionKeyUnknown: a job has no key "naem"', ':2:'],
    ['has a key too few', (job) => JSON.stringify({ ...job, signal: undefined }), 'DefinitionKeyMissing: a job has the key "signal"', ':2:1'],
    ['has a state that there is not', (job) => JSON.stringify({ ...job, state: 'Done' }), 'DefinitionValueInvalid: "state" takes one of', ':2:'],
    ['has an end that is no time', (job) => JSON.stringify({ ...job, endTime: 'yesterday' }), 'DefinitionValueInvalid: "endTime" takes a time', ':2:'],
    ['has ended without an end', (job) => JSON.stringify({ ...job, endTime: null }), 'DefinitionValueInvalid: a job that is Completed has an "endTime"', ':2:'],
    ['has an origin of no kind', (job) => JSON.stringify({ ...job, origin: { kind: 'constructor' } }), 'DefinitionValueInvalid: the "kind" of an origin', ':2:'],
    ['leads out of the folder', (job) => JSON.stringify({ ...job, definition: { name: '../../x', path: '/x' } }), 'DefinitionValueInvalid: "../../x" is not a name', ':2:'],
    ['is a child of nobody', (job) => JSON.stringify({ ...job, id: 9, origin: { kind: 'parent', parentId: 8 } }), 'DefinitionValueInvalid: this job is a child of job 8', ':2:1'],
    ['is too long', (job) => JSON.stringify({ ...job, command: 'x'.repeat(5 * 1024 * 1024) }), 'LimitExceeded: a line is longer than 4 MiB', ':2:1'],
  ];
  test.each(wrong)('because a line %s is refused whole, with its place', async (_what, lineOf, said, at) => {
    const place = newPlace();
    const good: Job = { id: 1, instanceId: '01a20688-2368-7a0d-9198-df183fef34d5', name: 'Job1', type: 'BackgroundJob', state: 'Completed', reason: null, statusMessage: '', hasMoreData: false, location: 'localhost', command: 'true', beginTime: null, endTime: '2026-01-01T00:00:00.000Z', exitCode: 0, signal: null, childJobs: [], definition: null, origin: { kind: 'demand', runNow: false }, attempt: 1 };
    const file = exported(place, [good]);
    appendFileSync(file, `${lineOf({ ...good, instanceId: '01a20688-2368-7a0d-9198-df183fef34d6', id: 2 })}\n`);
    const { code, stderr } = await place.run('nightshift', ['import', '--runs', file]);
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining(`import: ${said}`) });
    expect(stderr).toContain(`${file}${at}`);
    expect(await place.jobs('--all')).toEqual([]);
  });
});

test('a hundred thousand jobs are printed line by line in 64 MB of heap', { timeout: 120_000 }, async () => {
  const place = newPlace();
  const program = `for (let id = 1; id <= 100000; id++) console.log(JSON.stringify({ id, instanceId: '019b7000-0000-7000-8000-' + id.toString(16).padStart(12, '0'), name: 'Job' + id, type: 'BackgroundJob', state: 'Completed', reason: null, statusMessage: '', hasMoreData: false, location: 'localhost', command: 'make all', beginTime: null, endTime: '2026-01-01T00:00:00.000Z', exitCode: 0, signal: null, childJobs: [], definition: null, origin: { kind: 'demand', runNow: false }, attempt: 1 }))`;
  const all = await place.run('sh', ['-c', `node -e "$PROGRAM" | nightshift import --runs - && get-job --all -o jsonl | tail -1 && NODE_OPTIONS=--max-old-space-size=64 get-job --all -o jsonl | wc -l`], { env: { PROGRAM: program }, deadline: 110_000 });
  expect(all).toMatchObject({ code: 0, stderr: 'import: 100000 finished jobs brought in, children counted\n' });
  expect(all.stdout).toMatch(/^\{"id":100000,.*\}\n100000\n$/);
});
