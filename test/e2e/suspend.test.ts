import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { contentOf, isAlive, isInstalled, newPlace, waitFor, type Place } from './product.ts';
import { isStill, runOf, stateOf } from './runs.ts';

const onLinux = process.platform === 'linux';
const hasBash = isInstalled('bash');
const UNTIL_GO = 'until [ -e go ]; do sleep 0.05; done';
/** Nightshift with its failpoints. */
const ARMED = fileURLToPath(new URL('../crash/armed.cjs', import.meta.url));

describe.skipIf(!onLinux)('a suspended job', () => {
  test('stands still with all that it has started, while its shim and its time limit go on', async () => {
    const place = newPlace();
    await place.start('--timeout', '1h', `sh -c 'while :; do :; done' & sleep 600 & echo $! > up; ${UNTIL_GO}`);
    await waitFor('the job is up', () => contentOf(join(place.work, 'up')));
    const { shim, watchdogs, processes } = await runOf(place, 1);
    await place.stdoutOf('suspend-job', '1');
    expect(processes().length).toBeGreaterThanOrEqual(3);
    expect(processes().filter((one) => !isStill(one))).toEqual([]);
    expect(watchdogs()).toHaveLength(2);
    expect([shim, ...watchdogs()].map(stateOf)).not.toContain('T');
    await place.stdoutOf('resume-job', '1');
    await waitFor('nothing stands still any more', () => processes().filter(({ state }) => state === 'T'), (still) => still.length === 0);
    writeFileSync(join(place.work, 'go'), '');
    expect(await place.finished(1)).toMatchObject({ state: 'Completed' });
  });

  test.skipIf(!hasBash)('stands still in every process group of a shell with job control', async () => {
    const place = newPlace();
    await place.start('--shell', 'bash', `set -m; sleep 600 & (while :; do sleep 0.05; done) & sleep 601 | sleep 602 & echo up > up; ${UNTIL_GO}`);
    await waitFor('the job is up', () => contentOf(join(place.work, 'up')));
    const { processes } = await runOf(place, 1);
    await waitFor('the groups are there', () => new Set(processes().map(({ group }) => group)).size, (groups) => groups >= 4);
    await place.stdoutOf('suspend-job', '1');
    expect(processes().filter((one) => !isStill(one))).toEqual([]);
    await place.stdoutOf('resume-job', '1');
    await waitFor('nothing stands still any more', () => processes().filter(({ state }) => state === 'T'), (still) => still.length === 0);
  });

  test('is stopped like any other, and hears SIGTERM before the end', async () => {
    const place = newPlace();
    await place.start("trap 'echo tidied up; exit 3' TERM; echo ready; while :; do sleep 0.05; done");
    await waitFor('the trap is set', () => place.stdoutOf('receive-job', '1', '--keep'));
    const { processes } = await runOf(place, 1);
    await place.stdoutOf('suspend-job', '1');
    await place.stdoutOf('stop-job', '1');
    expect(await place.job(1)).toMatchObject({ state: 'Stopped', reason: 'stopped', exitCode: 3 });
    expect(await place.stdoutOf('receive-job', '1')).toBe('ready\ntidied up\n');
    expect(processes()).toEqual([]);
  });

  test.each([['stop-job', '1', '--force'], ['remove-job', '1', '--force']])('is ended by %s %s %s with all that it has started', async (verb, ...args) => {
    const place = newPlace();
    await place.start(`sleep 600 & echo $! > up; ${UNTIL_GO}`);
    await waitFor('the job is up', () => contentOf(join(place.work, 'up')));
    const { processes } = await runOf(place, 1);
    await place.stdoutOf('suspend-job', '1');
    await place.stdoutOf(verb as string, ...args);
    expect(processes()).toEqual([]);
    expect((await place.jobs()).map(({ state }) => state)).toEqual(verb === 'stop-job' ? ['Stopped'] : []);
  });

  test.each([
    ['SIGKILL', { state: 'Failed', reason: 'signal', signal: 'SIGKILL' }],
    ['SIGCONT', { state: 'Completed', reason: null, exitCode: 0 }],
  ] as const)('whose process somebody sends %s ends without being resumed', async (signal, ends) => {
    const place = newPlace();
    await place.start('--', 'sh', '-c', `echo $$ > pid; ${UNTIL_GO}`);
    const pid = Number(await waitFor('the process is known', () => contentOf(join(place.work, 'pid'))));
    const { processes } = await runOf(place, 1);
    await place.stdoutOf('suspend-job', '1');
    writeFileSync(join(place.work, 'go'), '');
    for (const found of processes().toSorted((one, other) => Number(one.pid === pid) - Number(other.pid === pid))) process.kill(found.pid, signal);
    expect(await waitFor('it has ended', () => place.job(1), ({ state }) => state !== 'Suspended')).toMatchObject(ends);
    expect(await place.run('resume-job', ['1', '-o', 'id'])).toMatchObject({ code: 0, stdout: '1\n', stderr: expect.stringContaining('state is not valid for this operation') });
  });

  test('whose shim is killed is Failed (interrupted)', async () => {
    const place = newPlace();
    await place.start(UNTIL_GO);
    const { shim } = await runOf(place, 1);
    await place.stdoutOf('suspend-job', '1');
    process.kill(shim, 'SIGKILL');
    await waitFor('the shim is gone', () => !isAlive(shim));
    expect(await place.job(1)).toMatchObject({ state: 'Failed', reason: 'interrupted' });
  });

  test.each([[['wait-job', '1', '-o', 'id'], '1\n'], [['receive-job', '1', '--wait'], 'early\n']] as const)('lets go who waits for it already: %j', async ([verb, ...args], prints) => {
    const place = newPlace();
    await place.start(`echo early; ${UNTIL_GO}`);
    await waitFor('the job has begun', () => place.stdoutOf('receive-job', '1', '--keep'));
    const waiting = place.run(verb, [...args]);
    await place.stdoutOf('suspend-job', '1');
    expect(await waiting).toMatchObject({ code: 0, stdout: prints });
    expect(await place.job(1)).toMatchObject({ state: 'Suspended' });
  });

  test.each([
    ['suspended in the moment of its start', 'suspend-job', 'Suspended', '1\n'],
    ['resumed in the moment of its start, which is only a warning', 'resume-job', 'Running', '1\n'],
  ])('may be %s', async (_what, verb, state, prints) => {
    const place = newPlace();
    await place.jobs();
    const starting = place.start(UNTIL_GO);
    await waitFor('there is a job', () => place.jobs(), (jobs) => jobs.length > 0);
    expect(await place.run(verb, ['1', '-o', 'id'])).toMatchObject({ code: 0, stdout: prints });
    await starting;
    expect(await place.job(1)).toMatchObject({ state });
  });
});

describe.skipIf(!onLinux)('a time limit goes on while the job is suspended', () => {
  test('and ends it softly', async () => {
    const place = newPlace();
    await place.start('--timeout', '1s', "trap 'echo tidied up; exit 3' TERM; while :; do sleep 0.05; done");
    await place.stdoutOf('suspend-job', '1');
    const { processes } = await runOf(place, 1);
    expect(await waitFor('it has ended', () => place.job(1), ({ state }) => state !== 'Suspended')).toMatchObject({ state: 'Failed', reason: 'timeout', exitCode: 3 });
    expect(await place.stdoutOf('receive-job', '1', '--stream', 'output')).toBe('tidied up\n');
    expect(processes()).toEqual([]);
  });

  test('and by force when it does not listen', async () => {
    const place = newPlace();
    await place.start('--timeout', '1s', '--grace-period', '300ms', "trap '' TERM; while :; do sleep 0.05; done");
    await place.stdoutOf('suspend-job', '1');
    expect(await waitFor('it has ended', () => place.job(1), ({ state }) => state !== 'Suspended')).toMatchObject({ state: 'Failed', reason: 'timeout', signal: 'SIGKILL' });
  });
});

describe.skipIf(!onLinux)('a suspend-job or resume-job that is killed half-way', () => {
  test.each([
    ['suspend.wished', 'Suspending'],
    ['suspend.group', 'Suspending'],
    ['suspend.held', 'Suspending'],
  ])('at %s leaves the job %s, and suspend-job does the rest', async (point, state) => {
    const place = newPlace();
    await begun(place);
    expect((await armed(place, point, 'suspend-job')).signal).toBe('SIGKILL');
    expect(await place.job(1)).toMatchObject({ state });
    expect(await place.stdoutOf('suspend-job', '1', '-o', 'id')).toBe('1\n');
    const { shim, watchdogs, processes } = await runOf(place, 1);
    expect(processes().filter((one) => !isStill(one))).toEqual([]);
    expect([shim, ...watchdogs()].map(stateOf)).not.toContain('T');
    await goesOn(place);
  });

  test.each(['suspend.wished', 'suspend.group', 'suspend.held'])('at %s can be undone by resume-job', async (point) => {
    const place = newPlace();
    await begun(place);
    await armed(place, point, 'suspend-job');
    await goesOn(place);
  });

  test.each(['suspend.wished', 'suspend.group', 'suspend.held'])('at %s leaves a job that can be stopped', async (point) => {
    const place = newPlace();
    await begun(place);
    const { processes } = await runOf(place, 1);
    await armed(place, point, 'suspend-job');
    await place.stdoutOf('stop-job', '1');
    expect(await place.job(1)).toMatchObject({ state: 'Stopped', reason: 'stopped' });
    expect(processes()).toEqual([]);
  });

  test('at resume.signalled leaves a job that goes on, and that resume-job takes for Running', async () => {
    const place = newPlace();
    await begun(place);
    await place.stdoutOf('suspend-job', '1');
    expect((await armed(place, 'resume.signalled', 'resume-job')).signal).toBe('SIGKILL');
    const { processes } = await runOf(place, 1);
    await waitFor('nothing stands still', () => processes().every(({ state }) => state !== 'T'));
    await goesOn(place);
  });
});

async function begun(place: Place): Promise<void> {
  await place.start('--timeout', '1h', `: > up; ${UNTIL_GO}; echo done`);
  await waitFor('the job is up', () => existsSync(join(place.work, 'up')));
}

function armed(place: Place, point: string, verb: string) {
  return place.run(process.execPath, [ARMED, verb, '1'], { env: { NIGHTSHIFT_FAILPOINTS: `${point}:1=kill` } });
}

/** After resume-job it runs to its end. */
async function goesOn(place: Place): Promise<void> {
  expect(await place.stdoutOf('resume-job', '1', '-o', 'id')).toBe('1\n');
  expect(await place.job(1)).toMatchObject({ state: 'Running' });
  writeFileSync(join(place.work, 'go'), '');
  expect(await place.finished(1)).toMatchObject({ state: 'Completed', exitCode: 0 });
  expect(await place.stdoutOf('receive-job', '1')).toBe('done\n');
}
