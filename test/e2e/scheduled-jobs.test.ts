// The verbs of definitions beside a scheduler, beside each other, and killed half-way.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { contentOf, isAlive, newPlace, waitFor, type Place } from './product.ts';

const ARMED = fileURLToPath(new URL('../crash/armed.cjs', import.meta.url));
const ANYWHERE = 'options: { startIfOnBatteries: true';

function placeWith(definitions: Record<string, string>) {
  const place = newPlace();
  mkdirSync(join(place.work, 'definitions'));
  const file = (name: string) => join(place.work, 'definitions', `${name}.yaml`);
  for (const [name, text] of Object.entries(definitions)) writeFileSync(file(name), text, { mode: 0o644 });
  return { ...place, file, set: (...args: string[]) => place.run('set-scheduled-job', args) };
}

/** A scheduler that is ready, and what it has said so far. */
async function scheduler({ begin }: Place) {
  const child = begin('nightshift', ['scheduler', 'run', '-o', 'jsonl'], { env: { NIGHTSHIFT_MIN_FREE: '0' } });
  let stderr = '';
  child.stderr.on('data', (bytes: Buffer) => (stderr += String(bytes)));
  const events = () => stderr.split('\n').slice(0, -1).map((line) => JSON.parse(line) as Record<string, unknown>);
  const said = (event: string, facts: object = {}) => waitFor(`it says ${event}`, events, (all) => all.some((one) => one['event'] === event && Object.entries(facts).every(([key, value]) => one[key] === value)));
  await said('ready');
  return { child, said, events };
}

describe('run now beside a scheduler', () => {
  test('its failed attempts are tried again by the scheduler, as one job', async () => {
    const place = placeWith({ Flaky: `job: { scriptBlock: 'test "$NIGHTSHIFT_ATTEMPT" = 2' }\ntriggers: [ { daily: { at: "00:00" } } ]\n${ANYWHERE}, retry: { limit: 2, delay: 10ms } }\n` });
    await scheduler(place);
    expect(await place.set('Flaky', '--run-now')).toMatchObject({ code: 0 });
    const job = await waitFor('the second attempt has ended', () => place.job(1), ({ state }) => state === 'Completed' || state === 'Failed');
    expect(job).toMatchObject({ state: 'Completed', attempt: 2, origin: { kind: 'demand', runNow: true } });
    expect(await place.jobs()).toHaveLength(1);
  });

  test('where none runs the next reader records the end', async () => {
    const place = placeWith({ Flaky: `job: { command: ["false"] }\n${ANYWHERE}, retry: { limit: 2, delay: 10ms } }\n` });
    await place.set('Flaky', '--run-now');
    expect(await place.finished(1)).toMatchObject({ state: 'Failed', attempt: 1, exitCode: 1 });
  });

  test('a run in its queue goes on when its turn has come', async () => {
    const place = placeWith({ Queues: `job: { scriptBlock: 'until [ -e ../go ]; do sleep 0.05; done' }\ntriggers: [ { daily: { at: "00:00" } } ]\n${ANYWHERE}, multipleInstancePolicy: Queue }\n` });
    await scheduler(place);
    await place.set('Queues', '--run-now');
    expect(await place.set('Queues', '--run-now')).toMatchObject({ code: 0, stderr: 'set-scheduled-job: job 3 (Queues) NotStarted: waits for its turn behind job 1\n' });
    expect(await place.set('Queues', '--run-now')).toMatchObject({ code: 7, stderr: expect.stringContaining('RunNowOverlap') as string });
    writeFileSync(join(place.work, 'go'), '');
    expect(await waitFor('both have ended', () => place.jobs(), (jobs) => jobs.every(({ state }) => state === 'Completed'))).toHaveLength(2);
  });

  test('a due time meets a run that was started now', async () => {
    const place = placeWith({ Often: `job: { scriptBlock: 'until [ -e ../go ]; do sleep 0.05; done' }\ntriggers: [ { every: 100ms } ]\n${ANYWHERE} }\n` });
    await place.set('Often', '--run-now');
    const { said } = await scheduler(place);
    await said('skipped', { definition: 'Often', reason: 'overlap' });
    expect(await place.jobs()).toHaveLength(1);
  });
});

describe('overlap of runs that are started now', () => {
  test('IgnoreNew refuses one beside another, Parallel up to its limit', async () => {
    const wait = "job: { scriptBlock: 'until [ -e ../go ]; do sleep 0.05; done' }\n";
    const place = placeWith({ Ignores: `${wait}${ANYWHERE} }\n`, Two: `${wait}${ANYWHERE}, multipleInstancePolicy: Parallel, maxParallel: 2 }\n` });
    const codes = [];
    for (const name of ['Ignores', 'Ignores', 'Two', 'Two', 'Two']) codes.push((await place.set(name, '--run-now')).code);
    expect(codes).toEqual([0, 7, 0, 0, 7]);
    writeFileSync(join(place.work, 'go'), '');
  });

  test('StopExisting stops the other first', async () => {
    const place = placeWith({ Stops: `job: { command: [sleep, "1000"] }\n${ANYWHERE}, multipleInstancePolicy: StopExisting }\n` });
    await place.set('Stops', '--run-now');
    await place.set('Stops', '--run-now');
    expect(await place.jobs()).toMatchObject([{ state: 'Stopped', reason: 'overlap' }, { state: 'Running' }]);
  });

  test('of several at one moment exactly one starts', async () => {
    const place = placeWith({ Once: `job: { scriptBlock: 'echo x >> ../effects; until [ -e ../go ]; do sleep 0.05; done' }\n${ANYWHERE} }\n` });
    const ends = await Promise.all([1, 2, 3, 4].map(() => place.set('Once', '--run-now')));
    expect(ends.map(({ code }) => code).toSorted()).toEqual([0, 7, 7, 7]);
    expect(await place.jobs()).toHaveLength(1);
    writeFileSync(join(place.work, 'go'), '');
    await place.finished((await place.jobs())[0]?.id as number);
    expect(contentOf(join(place.work, 'effects'))).toBe('x');
  });

  test('one whose starter was killed is started by the next, where no scheduler runs', async () => {
    const place = placeWith({ Cut: `job: { scriptBlock: 'echo x >> ../effects' }\n${ANYWHERE} }\n` });
    const killed = await place.run(process.execPath, [ARMED, 'set-scheduled-job', 'Cut', '--run-now'], { env: { NIGHTSHIFT_FAILPOINTS: 'fire.committed:1=kill' } });
    expect(killed.signal).toBe('SIGKILL');
    expect(await place.job(1)).toMatchObject({ state: 'NotStarted' });
    await place.set('Cut', '--run-now');
    expect(await place.finished(1)).toMatchObject({ state: 'Completed' });
  });
});

describe('verbs that change one definition at the same moment', () => {
  test('lose nothing of each other', async () => {
    const place = placeWith({ Shared: 'job: { command: [echo] }\n' });
    const names = ['A', 'B', 'C', 'D', 'E', 'F'];
    const ends = await Promise.all([...names.map((name) => place.set('Shared', '--env', `${name}=1`)), ...[1, 2, 3].map((n) => place.set('Shared', '--run-every', `${n}h`))]);
    expect(ends.map(({ code, stderr }) => [code, stderr])).toEqual(ends.map(() => [0, '']));
    const text = readFileSync(place.file('Shared'), 'utf8');
    for (const name of names) expect(text).toContain(`${name}: "1"`);
    expect(text.match(/repetitionInterval/g)).toHaveLength(3);
  });

  test('register one name once', async () => {
    const place = newPlace();
    const ends = await Promise.all([1, 2, 3].map((n) => place.run('register-scheduled-job', ['New', `echo ${n}`])));
    expect(ends.map(({ code }) => code).toSorted()).toEqual([0, 7, 7]);
    expect(readdirSync(join(place.work, 'definitions'))).toEqual(['New.yaml']);
  });

  test('give one name once, in whatever letters', async () => {
    const place = placeWith({ A: 'job: { command: [echo] }\n', B: 'job: { command: [echo] }\n' });
    const ends = await Promise.all([place.set('A', '--new-name', 'NEW'), place.set('B', '--new-name', 'New'), place.run('register-scheduled-job', ['new', 'echo'])]);
    expect(ends.map(({ code }) => code).toSorted()).toEqual([0, 7, 7]);
    expect(readdirSync(join(place.work, 'definitions')).filter((file) => /^new/iu.test(file))).toHaveLength(1);
  });
});

describe('a rename that is killed', () => {
  test.each(['rename.begun', 'rename.carried', 'rename.folders', 'rename.file'])('at %s loses nothing, and goes on when it is asked for again', async (point) => {
    const place = placeWith({ Old: `job: { command: [echo, hi] }\n${ANYWHERE} }\n` });
    await place.set('Old', '--run-now');
    await place.finished(1);
    const killed = await place.run(process.execPath, [ARMED, 'set-scheduled-job', 'Old', '--new-name', 'New'], { env: { NIGHTSHIFT_FAILPOINTS: `${point}:1=kill` } });
    expect(killed.signal).toBe('SIGKILL');
    expect(await place.stdoutOf('receive-job', '1', '--keep')).toBe('hi\n');
    if (existsSync(place.file('Old'))) expect(await place.set('Old', '--new-name', 'New')).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(join(place.work, 'definitions'))).toEqual(['New.yaml']);
    expect(readdirSync(join(place.state, 'output')).flatMap((folder) => readdirSync(join(place.state, 'output', folder)))).toEqual(['New']);
    expect(await place.stdoutOf('receive-job', '1')).toBe('hi\n');
    expect(await place.run('unregister-scheduled-job', ['New'])).toMatchObject({ code: 0, stderr: '' });
    expect(await place.jobs('--all')).toEqual([]);
  });

  test('between its two names is one file, and goes on', async () => {
    const place = placeWith({ Old: 'job: { command: [echo] }\n' });
    await place.stdoutOf('sh', '-c', 'ln definitions/Old.yaml definitions/New.yaml');
    expect(await place.set('Old', '--new-name', 'New')).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(join(place.work, 'definitions'))).toEqual(['New.yaml']);
  });
});

describe('unregister beside a scheduler', () => {
  test('ends the run by force, and nothing of the definition comes back', async () => {
    const place = placeWith({ Gone: `job: { scriptBlock: 'echo $$ > ../pid; sleep 1000' }\ntriggers: [ { every: 200ms } ]\n${ANYWHERE} }\n` });
    const { said } = await scheduler(place);
    await said('started', { definition: 'Gone' });
    const pid = Number(await waitFor('the job runs', () => contentOf(join(place.work, 'pid'))));
    expect(await place.run('unregister-scheduled-job', ['Gone'])).toMatchObject({ code: 7, stderr: expect.stringContaining('CantUnregisterScheduledJobDefinition') as string });
    expect(await place.run('unregister-scheduled-job', ['Gone', '--force'])).toMatchObject({ code: 0, stderr: '' });
    expect(isAlive(pid)).toBe(false);
    await waitFor('the scheduler knows', async () => JSON.parse(await place.stdoutOf('nightshift', 'scheduler', 'status', '-o', 'json')) as { definitions: number }, ({ definitions }) => definitions === 0);
    expect(await place.jobs('--all')).toEqual([]);
    expect(await place.run('nightshift', ['history', 'Gone'])).toMatchObject({ code: 4 });
    expect(existsSync(place.file('Gone'))).toBe(false);
  });

  test('a rename keeps runs and clocks, and the scheduler goes on under the new name', async () => {
    const place = placeWith({ Old: `job: { command: [echo, hi] }\ntriggers: [ { every: 300ms } ]\n${ANYWHERE} }\n` });
    const { said } = await scheduler(place);
    await said('started', { definition: 'Old' });
    expect(await place.set('Old', '--new-name', 'New')).toMatchObject({ code: 0, stderr: '' });
    await said('started', { definition: 'New' });
    const { firings } = JSON.parse(await place.stdoutOf('nightshift', 'history', 'New', '--newest', '1000', '-o', 'json')) as { firings: { word: string; instanceId: string | null; dueAt: string }[] };
    const names = new Set((await place.jobs('--all')).map(({ name }) => name));
    expect(names).toEqual(new Set(['Old', 'New']));
    expect(new Set(firings.map(({ dueAt }) => dueAt)).size).toBe(firings.length);
  });

  test('a rename that takes its time gives no due time a word under both names', async () => {
    const place = placeWith({ Old: `job: { command: [echo, hi] }\ntriggers: [ { cron: "* * * * * *" } ]\n${ANYWHERE} }\n` });
    const { said, events } = await scheduler(place);
    await said('started', { definition: 'Old' });
    const slow = { env: { NIGHTSHIFT_FAILPOINTS: 'rename.carried:1=delay:2500' } };
    expect(await place.run(process.execPath, [ARMED, 'set-scheduled-job', 'Old', '--new-name', 'New'], slow)).toMatchObject({ code: 0, stderr: '' });
    const started = await waitFor('it goes on under the new name', () => startsOf(events()), (all) => all.filter(({ definition }) => definition === 'New').length >= 3);
    const dueTimes = started.map(({ dueAt }) => dueAt);
    expect(dueTimes).toEqual([...new Set(dueTimes)]);
    expect(await place.run('nightshift', ['history', 'Old'])).toMatchObject({ code: 4 });
    expect(await place.run('register-scheduled-job', ['Old', 'echo again'])).toMatchObject({ code: 0, stderr: '' });
  });
});

function startsOf(events: readonly Record<string, unknown>[]) {
  return events.filter(({ event }) => event === 'started');
}
