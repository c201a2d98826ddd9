import { describe, expect, test } from 'vitest';
import { newPlace, waitFor } from './product.ts';

test('twenty jobs started at the same time have twenty ids, and none is lost', async () => {
  const place = newPlace();
  const numbers = Array.from({ length: 20 }, (_, n) => n);
  const started = await Promise.all(numbers.map((n) => place.run('start-job', ['-o', 'json', '--', 'echo', String(n)])));
  expect(started.map(({ code, stderr }) => ({ code, stderr }))).toEqual(numbers.map(() => ({ code: 0, stderr: '' })));
  const jobs = started.map(({ stdout }) => JSON.parse(stdout) as { id: number; instanceId: string; childJobs: number[] });
  const ids = jobs.flatMap(({ id, childJobs }) => [id, ...childJobs]).sort((a, b) => a - b);
  expect(ids).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
  expect(new Set(jobs.map(({ instanceId }) => instanceId)).size).toBe(20);
  await place.stdoutOf('wait-job', '*', '--timeout', '20s');
  const received = (await place.stdoutOf('receive-job', '*')).trim().split('\n').map(Number);
  expect(received.sort((a, b) => a - b)).toEqual(numbers);
  expect((await place.jobs()).every(({ state }) => state === 'Completed')).toBe(true);
});

test('a session and a kept job never have the same id', async () => {
  const place = newPlace();
  await place.jobs();
  const started = await Promise.all(Array.from({ length: 12 }, (_, n) => place.start(...(n % 2 === 0 ? ['--persist'] : []), '--', 'true')));
  expect(started.sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, n) => 2 * n + 1));
});

test('the first verbs on an empty store may come at the same time', async () => {
  for (let round = 0; round < 15; round += 1) {
    const place = newPlace();
    const verbs = [place.run('start-job', ['--', 'true']), place.run('get-job'), place.run('start-job', ['--persist', '--', 'true']), place.run('get-job')];
    expect((await Promise.all(verbs)).map(({ code, stderr }) => ({ code, stderr }))).toEqual(verbs.map(() => ({ code: 0, stderr: '' })));
    expect(await place.jobs()).toHaveLength(2);
  }
});

describe('of 105 finished jobs of both stores and one that runs', () => {
  test('get-job lists the newest 100 and the running one, and says how many it left out', { timeout: 90_000 }, async () => {
    const place = newPlace();
    const running = await place.start('--', 'sleep', '600');
    const some = (count: number, ...flags: string[]) =>
      place.run('sh', ['-ec', `for n in $(seq ${count}); do start-job -o id ${flags.join(' ')} -- true; done`], { deadline: 80_000 });
    const runs = await Promise.all([some(52), some(53, '--persist')]);
    expect(runs.map(({ code, stderr }) => ({ code, stderr }))).toEqual([{ code: 0, stderr: '' }, { code: 0, stderr: '' }]);
    const every = await waitFor('all but one are finished', () => place.jobs('--all'), (jobs) => jobs.filter(({ endTime }) => endTime !== null).length === 105);

    const { stdout, stderr } = await place.run('get-job', ['-o', 'json']);
    const listed = JSON.parse(stdout) as typeof every;
    const oldest = every.filter(({ endTime }) => endTime !== null).sort((a, b) => String(a.endTime).localeCompare(String(b.endTime)) || a.id - b.id).slice(0, 5);
    expect(listed).toHaveLength(101);
    expect(listed.map(({ id }) => id)).toEqual(listed.map(({ id }) => id).sort((a, b) => a - b));
    expect(listed[0]).toMatchObject({ id: running, state: 'Running' });
    const newestOfThoseLeftOut = String(oldest.at(-1)?.endTime);
    expect(listed.filter(({ endTime }) => endTime !== null && endTime < newestOfThoseLeftOut)).toEqual([]);
    expect(stderr).toMatch(/^[^\n]*\b5\b[^\n]*--all[^\n]*--newest[^\n]*\n$/);
    expect(every).toHaveLength(106);
    const { stdout: all, stderr: silence } = await place.run('get-job', ['--all', '-o', 'id']);
    expect({ lines: all.trim().split('\n').length, silence }).toEqual({ lines: 106, silence: '' });
    expect((await place.stdoutOf('get-job', 'Job*', '-o', 'id')).trim().split('\n')).toHaveLength(106);
  });
});
