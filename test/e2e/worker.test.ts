import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isFinished, type Instance } from '@nightshift/sdk';
import { newInstanceId } from '../../packages/host/src/launch/instance-id.ts';
import { serverOfThisFile } from '../../plugins/engine-pgboss/test/server.ts';
import { hostPid } from './code-place.ts';
import { contentOf, isAlive, waitFor } from './product.ts';
import { newFleet, type Worker } from './worker-place.ts';

const server = serverOfThisFile();
/** Longer than any pause on a busy machine: nothing is lost here but by intent. */
const PATIENT = 20_000;

/** Most need no more than a machine that runs what comes. */
let fleet: ReturnType<typeof newFleet>;
let worker: Worker;
const endings: (() => unknown)[] = [];
beforeAll(async () => {
  fleet = newFleet(server, PATIENT, undefined, (end) => endings.push(end));
  fleet.env['A_SECRET'] = 'of the worker';
  worker = await fleet.ready('one');
});
afterAll(async () => {
  for (const end of endings.toReversed()) await end();
});

test('a job runs on the machine of a worker as on one machine: its output byte for byte, its end, its names, and none of the worker\'s secrets', async () => {
  const { job, run } = await fleet.submit({
    name: 'Named',
    command: String.raw`printf 'a\000\377\n'; echo problem >&2; echo "$NIGHTSHIFT_JOB_ID $NIGHTSHIFT_JOB_NAME $NIGHTSHIFT_ATTEMPT $A_SECRET."; echo "$TOLD"; cat; exit 3`,
    launch: { secrets: { TOLD: 'env:A_SECRET' }, input: ['from', 'input'] },
  });
  expect(await fleet.ended(job)).toMatchObject({ state: 'Failed', reason: 'exit', exitCode: 3, statusMessage: 'the command exited with code 3', outputBytes: 48 + String(job.id).length });
  expect(await fleet.row(run)).toMatchObject({ state: 'Failed', exitCode: 3, attempt: 1, beginTime: expect.any(Date), endTime: expect.any(Date) });
  const output = await fleet.output(run);
  expect([...output.subarray(0, 4)]).toEqual([97, 0, 255, 10]);
  expect(output.subarray(4).toString()).toBe(`${job.id} Named 1 .\nof the worker\nfrom\ninput\n`);
  expect(await fleet.text(run, 'stderr')).toBe('problem\n');
});

test('a job of which nobody can read what is to be run has failed, and keeps no slot', async () => {
  const facts = { type: 'BackgroundJob', command: 'true' } as const;
  const [job, run] = await fleet.engine.store.insert({ ...facts, instanceId: newInstanceId(), origin: { kind: 'demand', runNow: true } }, [{ ...facts, instanceId: newInstanceId(), origin: { kind: 'parent' }, run: { carries: newInstanceId() }, launch: '{"argv":[' }]);
  expect(await fleet.ended(job as Instance)).toMatchObject({ state: 'Failed', reason: 'spawn' });
  expect(await fleet.row(run as Instance)).toMatchObject({ state: 'Failed', reason: 'spawn', statusMessage: 'SpawnFailed: what is to be run cannot be read any more', attempt: 1 });
});

test('what a job writes is seen while it runs; somebody holds it, lets it go on and stops it, wherever he is', async () => {
  const { job, run } = await fleet.submit({ command: 'trap "echo tidied; exit 4" TERM; i=0; while :; do echo "line $i"; i=$((i+1)); sleep 0.05; done' });
  await fleet.wrote(run, 'line 3');
  await fleet.engine.store.wish(job.instanceId, { wish: 'suspend' });
  await fleet.inState(job, 'Suspended');
  await fleet.engine.store.wish(job.instanceId, { wish: 'resume' });
  await fleet.inState(job, 'Running');
  await fleet.engine.store.wish(job.instanceId, { wish: 'stop', reason: 'stopped', gracePeriod: 5_000 });
  expect(await fleet.ended(job)).toMatchObject({ state: 'Stopped', reason: 'stopped', exitCode: 4 });
  expect(await fleet.text(run)).toMatch(/tidied\n$/);
  expect(worker.events.filter(({ event }) => event === 'wish').map(({ wish }) => wish)).toEqual(['suspend', 'resume', 'stop']);
  const deaf = await fleet.submit({ command: 'trap "" TERM; echo deaf; while :; do sleep 0.05; done' });
  await fleet.wrote(deaf.run, 'deaf');
  await fleet.engine.store.wish(deaf.job.instanceId, { wish: 'kill' });
  expect(await fleet.ended(deaf.job)).toMatchObject({ state: 'Stopped', signal: 'SIGKILL' });
});

test('a job that fails is tried again as its policy says, and one whose time is up has failed', async () => {
  const retry = { limit: 2, delay: 50, factor: 1, maxDelay: 1_000, onInterrupted: false };
  const flaky = await fleet.submit({ command: 'echo "try $NIGHTSHIFT_ATTEMPT"; [ "$NIGHTSHIFT_ATTEMPT" = 2 ]', run: { retry } });
  const slow = await fleet.submit({ command: 'sleep 600', launch: { timeout: 200 }, run: { timeout: 200 } });
  expect(await fleet.ended(flaky.job)).toMatchObject({ state: 'Completed', attempt: 2 });
  expect(await fleet.engine.store.attempts(flaky.run.instanceId)).toMatchObject([{ attempt: 1, reason: 'exit', exitCode: 1 }]);
  expect([await fleet.text(flaky.run, 'stdout', 1), await fleet.text(flaky.run, 'stdout', 2)]).toEqual(['try 1\n', 'try 2\n']);
  expect(await fleet.ended(slow.job)).toMatchObject({ state: 'Failed', reason: 'timeout' });
});

test('several workers share what is to be done, each job once, each worker only what its routes name, and no more at a time than it has slots', async () => {
  const fleet = newFleet(server, PATIENT);
  const log = join(fleet.work, 'log');
  await Promise.all([fleet.ready('one', '--slots', '2'), fleet.ready('two', '--slots', '2'), fleet.ready('gpu', '--route', 'gpu,arm', '--slots', '1')]);
  const jobs = await Promise.all(Array.from({ length: 20 }, (_, index) => fleet.submit({ name: `J${index}`, command: `echo begin >> ${log}; sleep 0.05; echo end >> ${log}; echo "$NIGHTSHIFT_RUN_DIR"` })));
  const special = await Promise.all(['gpu', 'arm'].map((route) => fleet.submit({ command: 'echo "$NIGHTSHIFT_RUN_DIR"', more: { route } })));
  const nobodys = await fleet.submit({ command: 'true', more: { route: 'sparc' } });
  for (const { job } of [...jobs, ...special]) expect(await fleet.ended(job)).toMatchObject({ state: 'Completed' });
  const lines = readFileSync(log, 'utf8').trim().split('\n');
  expect(lines.filter((line) => line === 'begin')).toHaveLength(20);
  const most = lines.reduce(({ now, most }, line) => ({ now: now + (line === 'begin' ? 1 : -1), most: Math.max(most, now + (line === 'begin' ? 1 : -1)) }), { now: 0, most: 0 }).most;
  expect(most).toBeLessThanOrEqual(4);
  const places = await Promise.all(jobs.map(async ({ run }) => /\/state-(\w+)\//.exec(await fleet.text(run))?.[1]));
  expect(new Set(places)).toEqual(new Set(['one', 'two']));
  for (const { run } of special) expect(await fleet.text(run)).toContain('/state-gpu/');
  expect(await fleet.row(nobodys.job)).toMatchObject({ state: 'NotStarted' });
  // Where it waits, and then where it runs.
  expect((await fleet.row(nobodys.run)).location).toBe('sparc');
  expect(new Set(await Promise.all(jobs.map(async ({ run }) => (await fleet.row(run)).location)))).toEqual(new Set(['one', 'two']));
  const id = await fleet.start('--persist', '--route', 'arm', 'true');
  expect(await fleet.finished(id)).toMatchObject({ state: 'Completed', location: 'gpu' });
  expect(await fleet.run('start-job', ['--route', 'arm', 'true'])).toMatchObject({ code: 2, stderr: expect.stringContaining('add --persist') });
  const list = JSON.parse(await fleet.stdoutOf('nightshift', 'worker', 'list', '-o', 'json')) as object[];
  expect(list).toMatchObject([{ name: 'gpu', routes: ['gpu', 'arm'], slots: 1 }, { name: 'one', slots: 2 }, { name: 'two', routes: ['default'] }]);
  expect(await fleet.stdoutOf('nightshift', 'worker', 'list')).toMatch(/^Name +State +Routes +Slots +Running +LastSeen\ngpu +here +gpu,arm +1 +0 /);
});

const reference = { type: 'WorkflowJob', plugin: '@nightshift/workflow-job', version: '0.1.0' };
const submitWorkflow = (...steps: readonly Record<string, unknown>[]): ReturnType<typeof fleet.submit> => {
  const can = { suspend: true, kill: true };
  return fleet.submit({ launch: { argv: ['WorkflowJob'], code: { reference, spec: { steps }, argumentList: [], can } }, run: { form: 'code', plugin: reference.plugin, can } });
};

test('a workflow runs on a worker, and everybody sees its steps with their output', async () => {
  const { job, run } = await submitWorkflow({ name: 'make', scriptBlock: 'echo made' }, { name: 'check', scriptBlock: 'echo checked; exit 5' });
  expect(await fleet.ended(job)).toMatchObject({ state: 'Failed' });
  const steps = await fleet.engine.store.find({ below: [run.id] });
  expect(steps).toMatchObject([{ name: 'make', state: 'Completed', exitCode: 0 }, { name: 'check', state: 'Failed', exitCode: 5, run: { needs: [steps[0]?.id] } }]);
  expect(await Promise.all(steps.map((step) => fleet.text(step)))).toEqual(['made\n', 'checked\n']);
  expect(await fleet.text(run, 'records')).toContain('"stream":"progress"');
});

test('what the killed host of a run has left running is stopped before the run is over, and says so everywhere', async () => {
  const { job, run } = await submitWorkflow({ name: 'long', command: ['sh', '-c', `echo $$ > ${join(fleet.work, 'long.pid')}; echo begun; exec sleep 600`] });
  const [step] = await waitFor('its step has begun', () => fleet.engine.store.find({ below: [run.id], states: ['Running'] }), (steps) => steps.length === 1) as [Instance];
  await fleet.wrote(step, 'begun');
  const pid = Number(contentOf(join(fleet.work, 'long.pid')));
  process.kill(hostPid(worker, job), 'SIGKILL');
  expect(await fleet.ended(job)).toMatchObject({ state: 'Failed' });
  expect(isAlive(pid)).toBe(false);
  expect(await fleet.row(step)).toMatchObject({ state: 'Stopped', outputBytes: 6 });
});

test('the verbs of any machine start, follow and stop what a worker runs', async () => {
  const id = await fleet.start('--persist', '--name', 'Told', 'echo "$NIGHTSHIFT_JOB_NAME"; sleep 600');
  await waitFor('it is seen at work', () => fleet.stdoutOf('receive-job', String(id), '--keep'), (said) => said === 'Told\n');
  await fleet.stdoutOf('stop-job', String(id));
  expect(await fleet.job(id)).toMatchObject({ name: 'Told', state: 'Stopped', reason: 'stopped' });
});

test('megabytes arrive whole', async () => {
  const { job, run } = await fleet.submit({ command: 'head -c 9000000 /dev/urandom | tee there' });
  expect(await fleet.ended(job)).toMatchObject({ state: 'Completed', outputBytes: 9_000_000 });
  const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
  expect(hash(await fleet.output(run))).toBe(hash(readFileSync(join(fleet.work, 'there'))));
});

test('a worker that is told so works until the queue is empty, and leaves nothing behind', async () => {
  const fleet = newFleet(server, PATIENT);
  const jobs = await Promise.all([1, 2, 3].map(() => fleet.submit({ command: 'echo done' })));
  const worker = fleet.worker('one', '--once', '--slots', '1');
  expect(await worker.gone).toBe(0);
  expect((await Promise.all(jobs.map(({ job }) => fleet.row(job)))).every(({ state }) => isFinished(state))).toBe(true);
  expect(contentOf(join(worker.state, 'worker/one/leases'))).toBe('');
});

test('of one name one worker runs on a machine; another is told so at once', async () => {
  const fleet = newFleet(server, PATIENT);
  const first = await fleet.ready('one');
  const second = await fleet.run('nightshift', ['worker', 'run', '--name', 'one'], { env: { NIGHTSHIFT_STATE_DIR: first.state } });
  expect(second).toMatchObject({ code: 7, stderr: expect.stringContaining('WorkerAlreadyRunning') });
  await first.kill();
  const third = fleet.worker('one');
  await third.said('ready');
  expect(await third.kill('SIGTERM')).toBe(0);
  await waitFor('nothing is wrong', () => third.events.map(({ event }) => event), (events) => events.at(-1) === 'stopping');
});
