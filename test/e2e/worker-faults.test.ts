import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FAST } from '../../plugins/engine-pgboss/test/postgres.ts';
import { serverOfThisFile } from '../../plugins/engine-pgboss/test/server.ts';
import { contentOf, waitFor } from './product.ts';
import { newFleet } from './worker-place.ts';

// One test ends it.
const server = serverOfThisFile(FAST);
const LEASE = 5_000;
/** What takes long: run by night. */
const isNightly = process.env['NIGHTSHIFT_NIGHTLY'] === '1';

/** Says which process it is, then a line at a time, in a file of its own as well: what was said is known whatever becomes of it. */
const counting = (lines: number, log: string): string => `echo $$ > ${log}.pid; i=0; while [ $i -lt ${lines} ]; do echo "line $i" | tee -a ${log}; i=$((i+1)); sleep 0.05; done`;

test('a worker that is killed and started again within its lease goes on with what runs: nothing is lost, nothing comes twice', async () => {
  const fleet = newFleet(server, 10_000);
  const first = await fleet.ready('one');
  const log = join(fleet.work, 'log');
  const { job, run } = await fleet.submit({ command: counting(40, log) });
  await fleet.wrote(run, 'line 3');
  await first.kill();
  const second = await fleet.ready('one');
  expect(second.events[0]).toMatchObject({ event: 'ready', resumed: 1 });
  expect(await fleet.ended(job)).toMatchObject({ state: 'Completed', attempt: 1, exitCode: 0 });
  expect(await fleet.text(run)).toBe(readFileSync(log, 'utf8'));
  expect(readFileSync(log, 'utf8').match(/line 39\n/g)).toHaveLength(1);
});

test('a worker that is gone for good is noticed: its run has failed, or is tried again where that was asked for; one that comes too late stops what it finds', async () => {
  const fleet = newFleet(server, LEASE);
  const first = await fleet.ready('one');
  const log = join(fleet.work, 'log');
  const retry = { limit: 1, delay: 0, factor: 1, maxDelay: 0, onInterrupted: true };
  const lost = await fleet.submit({ command: counting(2_000, log) });
  const again = await fleet.submit({ command: `[ "$NIGHTSHIFT_ATTEMPT" = 2 ] && exit; ${counting(2_000, `${log}-2`)}`, run: { retry } });
  await fleet.wrote(lost.run, 'line 3');
  await fleet.wrote(again.run, 'line 3');
  const second = await fleet.ready('two');
  await first.kill();
  const since = performance.now();
  expect(await fleet.ended(lost.job)).toMatchObject({ state: 'Failed', reason: 'interrupted', statusMessage: 'the run was interrupted: its worker was lost' });
  expect(performance.now() - since).toBeLessThan(15_000);
  expect(await fleet.ended(again.job)).toMatchObject({ state: 'Completed', attempt: 2 });
  expect(await fleet.engine.store.attempts(again.run.instanceId)).toMatchObject([{ attempt: 1, reason: 'interrupted' }]);
  expect(second.events.filter(({ event }) => event === 'abandoned')).toHaveLength(2);
  const late = await fleet.ready('one');
  await waitFor('the processes that nobody waits for are stopped', () => existsSync(`/proc/${contentOf(`${log}.pid`)}`), (lives) => !lives);
  expect(late.events.filter(({ event }) => event === 'lost')).toHaveLength(2);
  const said = await fleet.text(lost.run);
  expect(readFileSync(log, 'utf8').startsWith(said)).toBe(true);
});

test('a worker that stood still for longer than its lease finds that another has decided: its output and its result are refused, and the run is stopped', async () => {
  const fleet = newFleet(server, LEASE);
  const first = await fleet.ready('one');
  const log = join(fleet.work, 'log');
  const { job, run } = await fleet.submit({ command: counting(2_000, log) });
  await fleet.wrote(run, 'line 3');
  await fleet.ready('two', '--route', 'none');
  first.send('SIGSTOP');
  expect(await fleet.ended(job)).toMatchObject({ state: 'Failed', reason: 'interrupted' });
  const said = await fleet.text(run);
  first.send('SIGCONT');
  await first.said('lost', { job: job.id });
  await waitFor('the run is stopped', () => existsSync(`/proc/${contentOf(`${log}.pid`)}`), (lives) => !lives);
  expect(readFileSync(log, 'utf8').length).toBeGreaterThan(said.length);
  expect(await fleet.text(run)).toBe(said);
  expect(await fleet.row(job)).toMatchObject({ state: 'Failed', reason: 'interrupted' });
  await waitFor('its folder is marked', () => globSync('worker/one/session/*/*/fenced', { cwd: first.state }), (marks) => marks.length === 1);
});

test('SIGTERM ends a worker at once, or when what runs has ended in time; what goes on is taken up by the next of its name', async () => {
  const fleet = newFleet(server, 10_000);
  const patient = await fleet.ready('one', '--drain', '30s');
  const short = await fleet.submit({ command: 'echo begun; until [ -e go ]; do sleep 0.05; done; echo ended' });
  await fleet.wrote(short.run, 'begun');
  patient.send('SIGTERM');
  await patient.said('stopping', { running: 1 });
  const waits = await fleet.submit({ command: 'echo later; until [ -e more ]; do sleep 0.05; done' });
  await fleet.stdoutOf('touch', join(fleet.work, 'go'));
  expect(await patient.gone).toBe(0);
  expect(await fleet.row(short.job)).toMatchObject({ state: 'Completed' });
  expect(await fleet.row(waits.job)).toMatchObject({ state: 'NotStarted' });
  const hasty = await fleet.ready('one');
  await fleet.wrote(waits.run, 'later');
  expect(await hasty.kill('SIGTERM')).toBe(0);
  await fleet.stdoutOf('touch', join(fleet.work, 'more'));
  const next = await fleet.ready('one');
  expect(next.events[0]).toMatchObject({ resumed: 1 });
  expect(await fleet.ended(waits.job)).toMatchObject({ state: 'Completed', attempt: 1 });
});

test.skipIf(!isNightly)('a server that is away for longer than a lease changes nothing: what runs goes on, and is delivered when it is back', async () => {
  const fleet = newFleet(server, LEASE);
  const [first] = await Promise.all([fleet.ready('one'), fleet.ready('two')]);
  const log = join(fleet.work, 'log');
  const long = await fleet.submit({ command: counting(160, log) });
  const short = await fleet.submit({ command: 'echo begun; until [ -e go ]; do sleep 0.05; done; echo ended' });
  await fleet.wrote(long.run, 'line 3');
  await fleet.wrote(short.run, 'begun');
  await server.server.kill();
  await fleet.stdoutOf('touch', join(fleet.work, 'go'));
  const before = readFileSync(log, 'utf8').length;
  await first.said('trouble');
  await waitFor('it goes on for two leases', () => readFileSync(log, 'utf8').length, (length) => length > before + 800);
  await server.server.start();
  expect(await fleet.ended(short.job)).toMatchObject({ state: 'Completed', attempt: 1 });
  expect(await fleet.ended(long.job)).toMatchObject({ state: 'Completed', attempt: 1 });
  expect(await fleet.text(long.run)).toBe(readFileSync(log, 'utf8'));
  await first.said('recovered');
});

/** Between any two lines of a start, and of an end. */
const POINTS = ['worker.leased', 'worker.mirrored', 'start.folder', 'start.phase', 'spawn.before', 'start.opened', 'start.spawned', 'spawn.after', 'running.committed', 'worker.settled', 'remove.folder'];

describe.skipIf(!isNightly)('a worker that is killed at a point of its own', () => {
  test.each(POINTS)('%s has begun the run once, whoever comes after it, and has lost nothing of it', async (point) => {
    const fleet = newFleet(server, 10_000);
    const effects = join(fleet.work, 'effects');
    const first = fleet.doomed('one', point);
    await first.said('ready');
    const { job, run } = await fleet.submit({ command: `echo effect >> ${effects}; echo output; sleep 0.3; echo end` });
    await first.gone;
    const second = await fleet.ready('one');
    const { attempt } = await fleet.ended(job);
    expect(await fleet.row(job)).toMatchObject({ state: 'Completed' });
    expect(readFileSync(effects, 'utf8')).toBe('effect\n');
    expect(await fleet.text(run, 'stdout', attempt)).toBe('output\nend\n');
    await waitFor('nothing is left here', () => globSync('worker/one/{leases/*,session/*/*-*-*}', { cwd: second.state }), (left) => left.length === 0);
  });
});
