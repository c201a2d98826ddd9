// Work that goes on elsewhere, with everything of ours killed around it: who watches, who starts a watcher, who reconnects, who stops.
// Whatever is killed, the work runs once, its end is told once it is known, and each of its lines comes once.

import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isAlive, waitFor } from '../e2e/product.ts';
import { newWatchPlace, type WatchPlace } from '../e2e/watch-place.ts';
import { ARMED } from './product.ts';

const LINES = 'for n in 1 2 3; do while [ ! -e go$n ]; do sleep 0.05; done; echo line $n; done';
const ALL = 'line 1\nline 2\nline 3\n';

/** A job that watches has delivered its first line, and is cut off then. */
async function disconnected(place: WatchPlace, ...who: readonly ('host' | 'claim')[]): Promise<void> {
  await place.watch([{ name: 'web1', text: LINES }]);
  place.mark('web1', 'go1');
  const job = await place.inState(2, 'Running');
  await waitFor('its first line has come', () => existsSync(place.fileOf(job, 'stdout')) && readFileSync(place.fileOf(job, 'stdout'), 'utf8') === 'line 1\n');
  for (const one of who) process.kill(await place.pidOf(job, one), 'SIGKILL');
  await place.inState(2, 'Disconnected');
  await place.inState(1, 'Disconnected');
}

/** Comes to its end, and nothing of it is lost, doubled or begun twice. */
async function endsWell(place: WatchPlace): Promise<void> {
  for (const n of [2, 3]) place.mark('web1', `go${n}`);
  expect(JSON.parse(await place.stdoutOf('wait-job', '1', '--force', '--timeout', '20s', '-o', 'json'))).toMatchObject([{ state: 'Completed' }]);
  expect(await place.stdoutOf('receive-job', '1')).toBe(ALL);
  expect(place.watchers('web1').filter((line) => line.startsWith('begin'))).toHaveLength(1);
}

describe('kill -9 of who reconnects', () => {
  test.each(['retry.resumed', 'start.folder', 'start.row', 'start.phase', 'spawn.before', 'start.opened', 'start.spawned', 'start.claimed', 'spawn.after'])('at %s: the job is Disconnected or runs, and the next one who asks does it', async (point) => {
    const place = newWatchPlace();
    await disconnected(place, 'host');
    const { signal } = await place.run(process.execPath, [ARMED, 'receive-job', '2', '--keep'], { env: { NIGHTSHIFT_FAILPOINTS: `${point}:1=kill` } });
    expect(signal).toBe('SIGKILL');
    expect(['Running', 'Disconnected']).toContain((await place.job(2)).state);
    await endsWell(place);
  });
});

describe('kill -9 of who starts a watcher', () => {
  const NEVER = { state: 'Failed', reason: 'spawn', statusMessage: 'the start was cut off before the command ran' };
  const ONCE = { state: 'Completed' };
  test.each([
    // A shim that is slow to claim its run is told that it may not begin.
    ['spawn.before', [NEVER]], ['start.spawned', [NEVER, ONCE]], ['start.claimed', [ONCE]], ['spawn.after', [ONCE]],
  ] as const)('at %s: the work never began, or runs once', async (point, ends) => {
    const place = newWatchPlace({ NIGHTSHIFT_FAILPOINTS: `${point}:1=kill` });
    for (const n of [1, 2, 3]) place.mark('web1', `go${n}`);
    await place.watch([{ name: 'web1', text: LINES }]);
    await place.inState(1, 'Disconnected');
    await place.stdoutOf('wait-job', '1', '--force');
    const job = await place.job(2);
    expect(job).toMatchObject(ends.find(({ state }) => state === job.state) ?? ends[0]);
    expect(place.watchers('web1')).toHaveLength(job.state === 'Completed' ? 1 : 0);
  });
});

describe('a watcher whose shim was killed', () => {
  test('that sees the end before anybody reconnects has told it, although nothing is left where it was', async () => {
    const place = newWatchPlace();
    await disconnected(place, 'claim');
    place.mark('web1', 'tidy');
    for (const n of [2, 3]) place.mark('web1', `go${n}`);
    await waitFor('it has tidied up', () => !existsSync(place.there('web1', '')));
    await place.inState(1, 'Completed');
    expect(await place.stdoutOf('receive-job', '1')).toBe(ALL);
  });

  test('that sees the end while somebody takes its place is believed: the next one would find nothing', async () => {
    const place = newWatchPlace();
    await disconnected(place, 'claim');
    const { signal } = await place.run(process.execPath, [ARMED, 'receive-job', '2', '--keep'], { env: { NIGHTSHIFT_FAILPOINTS: 'start.phase:1=kill' } });
    expect([signal, (await place.job(2)).attempt]).toEqual(['SIGKILL', 2]);
    place.mark('web1', 'tidy');
    for (const n of [2, 3]) place.mark('web1', `go${n}`);
    await waitFor('it has tidied up', () => !existsSync(place.there('web1', '')));
    await place.inState(1, 'Completed');
    expect(await place.job(2)).toMatchObject({ state: 'Completed', attempt: 2, exitCode: 0 });
    expect(await place.stdoutOf('receive-job', '1')).toBe(ALL);
  });

  test('that sees the end in the moment before it is ended is believed by who was about to take its place', async () => {
    const place = newWatchPlace();
    await disconnected(place, 'claim');
    place.mark('web1', 'tidy');
    const receiving = place.run(process.execPath, [ARMED, 'receive-job', '2', '--keep'], { env: { NIGHTSHIFT_FAILPOINTS: 'start.phase:1=delay:2000' } });
    await waitFor('its place is taken', () => place.job(2), ({ attempt }) => attempt === 2);
    for (const n of [2, 3]) place.mark('web1', `go${n}`);
    expect((await receiving).stdout).toBe(ALL);
    expect(await place.job(2)).toMatchObject({ state: 'Completed', attempt: 2, exitCode: 0 });
    await place.inState(1, 'Completed');
  });

  test('is gone before another one watches, and does not end the work with itself', async () => {
    const place = newWatchPlace();
    await disconnected(place, 'claim');
    const old = await place.pidOf(await place.job(2), 'host');
    expect(isAlive(old)).toBe(true);
    await place.stdoutOf('resume-job', '2');
    expect(isAlive(old)).toBe(false);
    expect(existsSync(place.there('web1', 'wishes'))).toBe(false);
    await endsWell(place);
  });
});

describe('kill -9 of who stops', () => {
  test('before the wish leaves the job as it was, after it the next stop ends it', async () => {
    const place = newWatchPlace();
    await disconnected(place, 'host');
    const { signal } = await place.run(process.execPath, [ARMED, 'stop-job', '2'], { env: { NIGHTSHIFT_FAILPOINTS: 'spawn.after:1=kill' } });
    expect(signal).toBe('SIGKILL');
    expect(await place.job(2)).toMatchObject({ state: 'Running', attempt: 2 });
    await place.stdoutOf('stop-job', '2');
    expect(await place.job(2)).toMatchObject({ state: 'Stopped', reason: 'stopped' });
  });
});

test('over and over, a watcher that is killed at any moment loses no line and doubles none', async () => {
  const place = newWatchPlace();
  const count = 400;
  await place.watch([{ name: 'web1', text: `for n in $(seq ${count}); do echo line $n; sleep 0.003; done` }]);
  // What is cut off before it has begun anything has nothing to go on with.
  await waitFor('the work has begun', () => place.watchers('web1').length === 1);
  for (let round = 0; round < 8; round++) {
    const job = await place.job(2);
    if (['Completed', 'Failed'].includes(job.state)) break;
    const pid = await place.pidOf(job, round % 2 === 0 ? 'host' : 'claim');
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It was quicker.
    }
    await waitFor('it has been seen', () => place.job(2), ({ state }) => state !== 'Running');
    await place.run('resume-job', ['2']);
  }
  await place.stdoutOf('wait-job', '1', '--force', '--timeout', '20s');
  expect(await place.stdoutOf('receive-job', '1')).toBe(Array.from({ length: count }, (_, n) => `line ${n + 1}\n`).join(''));
});

test('a watcher that is killed in the middle of a line leaves a line, not two halves', async () => {
  const place = newWatchPlace();
  await disconnected(place, 'host');
  appendFileSync(place.fileOf(await place.job(2), 'stdout'), 'li');
  expect(await place.stdoutOf('receive-job', '1', '--keep', '--from', 'start')).toBe('line 1\n');
  await endsWell(place);
  expect((await place.stdoutOf('receive-job', '2', '--from', 'start', '-o', 'jsonl')).trim().split('\n').map((line) => (JSON.parse(line) as { value: string }).value)).toEqual(['line 1', 'line 2', 'line 3']);
});

test('a disk on which the outcome was left without its bytes, as by a power cut, has the work asked for anew', async () => {
  const place = newWatchPlace();
  await disconnected(place, 'claim', 'host');
  const job = await place.job(2);
  writeFileSync(place.fileOf(job, 'outcome.json'), '\0'.repeat(60));
  rmSync(place.fileOf(job, 'host'));
  expect(await place.job(2)).toMatchObject({ state: 'Disconnected' });
  await endsWell(place);
});
