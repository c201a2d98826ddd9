import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { contentOf, isAlive, newPlace, waitFor, type Job, type Place } from './product.ts';
import { runOf } from './runs.ts';

const onLinux = process.platform === 'linux';
const UNTIL_GO = 'until [ -e go ]; do sleep 0.05; done';
const DEAF = "trap '' TERM; : > up; while :; do sleep 0.05; done";

describe('a job that runs longer than its time limit is Failed (timeout)', () => {
  test.each([
    ['by SIGTERM', '300ms', UNTIL_GO, { signal: 'SIGTERM', exitCode: null }, 'the command ran longer than 300ms'],
    ['with the code that it gives itself', '1.2s', `trap 'exit 7' TERM; ${UNTIL_GO}`, { signal: null, exitCode: 7 }, 'the command ran longer than 1s200ms'],
    ['also when it ends well at SIGTERM', 'PT0.3S', `trap 'exit 0' TERM; ${UNTIL_GO}`, { signal: null, exitCode: 0 }, 'the command ran longer than 300ms'],
    ['at once when it has no time', '0', UNTIL_GO, { signal: 'SIGTERM', exitCode: null }, 'the command ran longer than 0'],
  ])('%s: --timeout %s %j', async (_what, timeout, text, how, statusMessage) => {
    const place = newPlace();
    await place.start('--timeout', timeout, text);
    expect(await place.finished(1)).toMatchObject({ state: 'Failed', reason: 'timeout', statusMessage, ...how });
    expect(await place.job(2)).toMatchObject({ state: 'Failed', reason: 'timeout', statusMessage, ...how });
    const { folder } = await runOf(place, 1);
    const facts = Object.fromEntries(Object.entries(how).filter(([, value]) => value !== null));
    expect(JSON.parse(readFileSync(join(folder, 'exit.json'), 'utf8'))).toEqual({ reason: 'timeout', ...facts });
    expect(await place.run('receive-job', ['1'])).toMatchObject({ code: 0, stdout: '', stderr: expect.stringMatching(new RegExp(`(^|\n)${statusMessage}\n$`)) });
  });

  test('by SIGKILL, when the grace period has passed and never before', async () => {
    const place = newPlace();
    await place.start('--timeout', '300ms', '--grace-period', '400ms', `echo deaf; ${DEAF}`);
    const job = await place.finished(1);
    expect(job).toMatchObject({ state: 'Failed', reason: 'timeout', signal: 'SIGKILL', exitCode: null });
    expect(lifeOf(job)).toBeGreaterThanOrEqual(690);
    expect(await place.stdoutOf('receive-job', '1', '--stream', 'output')).toBe('deaf\n');
  });

  test('and start-job --wait says so, and exits with 10 for a signal', async () => {
    expect(await newPlace().run('start-job', ['--wait', '--timeout', '200ms', '--', 'sleep', '600'])).toMatchObject({ code: 10, stdout: '', stderr: 'the command ran longer than 200ms\n' });
  });

  test.each([['/nowhere'], ['.'], ['']])('whatever PATH it has: %j', async (path) => {
    const place = newPlace();
    writeFileSync(join(place.work, 'sleep'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    await place.start('--timeout', '200ms', '--env', `PATH=${path}`, '--', '/bin/sleep', '600');
    expect(await place.finished(1)).toMatchObject({ state: 'Failed', reason: 'timeout', signal: 'SIGTERM' });
  });

  test('in the durable store too', async () => {
    const place = newPlace();
    await place.start('--persist', '--timeout', '200ms', UNTIL_GO);
    expect(await place.finished(1)).toMatchObject({ state: 'Failed', reason: 'timeout' });
  });

  test.skipIf(!onLinux)('with the processes that have left its session', async () => {
    const place = newPlace();
    await place.start('--timeout', '500ms', '--grace-period', '200ms', `setsid sh -c "(sleep 600 & echo \\$! > stray)"; ${UNTIL_GO}`);
    const stray = Number(await waitFor('the process is known', () => contentOf(join(place.work, 'stray'))));
    expect(await place.finished(1)).toMatchObject({ reason: 'timeout' });
    await waitFor('the process is gone', () => !isAlive(stray));
  });
});

describe('the first reason to end a job counts', () => {
  test('a stop before the limit: Stopped', async () => {
    const place = newPlace();
    await place.start('--timeout', '600ms', '--grace-period', '2s', DEAF);
    await waitFor('it ignores SIGTERM', () => place.run('test', ['-e', 'up']).then(({ code }) => code === 0));
    await place.stdoutOf('stop-job', '1');
    expect(await place.job(1)).toMatchObject({ state: 'Stopped', reason: 'stopped' });
  });

  test('the limit before a stop: Failed (timeout)', async () => {
    const place = newPlace();
    await place.start('--timeout', '200ms', '--grace-period', '60s', DEAF);
    const { folder } = await runOf(place, 1);
    await waitFor('the limit has run out', () => contentOf(join(folder, 'stop')), (reason) => reason === 'timeout');
    await place.stdoutOf('stop-job', '1', '--force');
    expect(await place.job(1)).toMatchObject({ state: 'Failed', reason: 'timeout' });
  });

  test('an end of its own before the limit: its exit code', async () => {
    const place = newPlace();
    await place.start('--timeout', '1h', 'exit 3');
    expect(await place.finished(1)).toMatchObject({ state: 'Failed', reason: 'exit', exitCode: 3 });
  });
});

describe.skipIf(!onLinux)('the keeper of a time limit', () => {
  test('goes with the job', async () => {
    const place = newPlace();
    await place.start('--timeout', '1h', UNTIL_GO);
    const { watchdogs } = await runOf(place, 1);
    const keepers = await waitFor('the keeper sleeps', watchdogs, (pids) => pids.length === 2);
    writeFileSync(join(place.work, 'go'), '');
    expect(await place.finished(1)).toMatchObject({ state: 'Completed' });
    await waitFor('the keeper is gone', () => keepers.every((pid) => !isAlive(pid)));
  });

  test('is not among the processes that the job sees as its children', async () => {
    const place = newPlace();
    expect(await place.stdoutOf('start-job', '--wait', '--timeout', '1h', 'wait; ps -o pid= --ppid $$ | wc -l')).toMatch(/^\s*2\n$/);
  });

  test.each([
    ['before the limit has run out', false, { state: 'Failed', reason: 'interrupted' }],
    ['when the limit has run out', true, { state: 'Failed', reason: 'timeout', statusMessage: 'the command ran longer than 200ms' }],
  ])('leaves the truth behind when the shim is killed %s', async (_what, hasRunOut, ends) => {
    const place = newPlace();
    await place.start('--timeout', hasRunOut ? '200ms' : '1h', '--grace-period', hasRunOut ? '60s' : '300ms', DEAF);
    const { folder, shim } = await runOf(place, 1);
    if (hasRunOut) await waitFor('the limit has run out', () => contentOf(join(folder, 'stop')));
    process.kill(shim, 'SIGKILL');
    await waitFor('the shim is gone', () => !isAlive(shim));
    expect(await place.job(1)).toMatchObject({ ...ends, exitCode: null });
    if (!hasRunOut) await removed(place);
  });
});

/** Milliseconds between begin and end. */
function lifeOf({ beginTime, endTime }: Job): number {
  return new Date(endTime as string).getTime() - new Date(beginTime as string).getTime();
}

/** What a killed shim left running goes with the job, after the grace period that is the job's own. */
async function removed(place: Place): Promise<void> {
  const { processes } = await runOf(place, 1);
  await place.stdoutOf('remove-job', '1');
  expect(processes()).toEqual([]);
}
