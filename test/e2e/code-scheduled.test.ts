// Definitions whose jobs run JavaScript: fired by the scheduler, run now, tried again, kept in time.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobView } from '@nightshift/host';
import { expect, onTestFinished, test } from 'vitest';
import { newCodePlace, type CodePlace, type Step } from './code-place.ts';
import { waitFor, type Job } from './product.ts';

function define(place: CodePlace, name: string, steps: readonly Step[], more: object = {}): void {
  mkdirSync(join(place.work, 'definitions'), { recursive: true });
  writeFileSync(join(place.work, 'definitions', `${name}.json`), JSON.stringify({ type: 'ScheduledJob', job: { type: 'NoteJob', do: steps }, ...more }));
}

const dueSoon = (): object => ({ triggers: [{ once: { at: new Date(Date.now() + 1_500).toISOString() } }] });

/** Runs until the test ends. */
async function withScheduler(place: CodePlace): Promise<void> {
  mkdirSync(join(place.work, 'definitions'));
  const end = new AbortController();
  const troubles: unknown[] = [];
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  const running = (await place.host.scheduling()).run({ report: (event) => (event.event === 'ready' ? resolve() : event.event === 'trouble' ? void troubles.push(event) : undefined) }, end.signal);
  onTestFinished(async () => {
    end.abort();
    await running;
    expect(troubles).toEqual([]);
  });
  await Promise.race([ready, running]);
}

async function runNow(place: CodePlace, name: string): Promise<JobView> {
  const { runs, problems } = await (await place.host.scheduledJobs()).set({ selector: { names: [name] }, runNow: true });
  expect(problems).toEqual([]);
  return runs[0] as JobView;
}

const theJob = (place: CodePlace): Promise<Job> => waitFor('it has been fired', async () => (await place.host.getJobs({})).jobs[0] as unknown as Job);
const attemptsOf = async (place: CodePlace, id: number): Promise<unknown> => ((await place.host.getJobs({ ids: [id] }, { attempts: true })).jobs[0])?.attempts?.map(({ reason, statusMessage }) => [reason, statusMessage]);

test('a due time fires one; it knows what was due, has its records received through its parent, and its next attempt begins at its checkpoint', async () => {
  const place = newCodePlace();
  await withScheduler(place);
  const retry = { options: { retry: { limit: 2, delay: '0s', onInterrupted: true } } };
  define(place, 'Notes', [{ who: 1 }, { checkpoint: { done: 2 } }, { once: ['exited', { exit: 9 }] }, { once: ['failed', { throw: 'not yet' }] }, { write: ['output', 'done'] }], { ...dueSoon(), ...retry });
  const job = await theJob(place);
  expect(await place.inState(job.id, 'Completed')).toMatchObject({ name: 'Notes', type: 'ScheduledJob', attempt: 3, origin: { kind: 'trigger' }, childJobs: [job.id + 1] });
  expect(await attemptsOf(place, job.id)).toEqual([['interrupted', expect.stringContaining('PluginCrashed') as string], ['error', 'not yet'], [null, '']]);
  const records = await place.records(job.id);
  expect(records).toEqual([expect.stringContaining('"origin":"trigger"') as string, 'output done']);
  expect(records[0]).toContain(`"id":"${job.id}"`);
});

test('one that is due and takes too long has failed, and its end is its own', async () => {
  const place = newCodePlace();
  await withScheduler(place);
  define(place, 'Slow', [{ stopped: 1 }, { write: ['output', 'tidied up'] }], { ...dueSoon(), options: { timeout: '2s', gracePeriod: '5s' } });
  define(place, 'Stuck', [{ loop: 1 }], { ...dueSoon(), options: { timeout: '2s', gracePeriod: '200ms' } });
  await waitFor('both have ended', async () => (await place.jobs('--state', 'Failed')).length === 2);
  const jobs = Object.fromEntries((await place.jobs('--all')).map((job) => [job.name, job]));
  expect(jobs['Slow']).toMatchObject({ state: 'Failed', reason: 'timeout', statusMessage: 'the job ran longer than 2s' });
  expect(jobs['Stuck']).toMatchObject({ state: 'Failed', reason: 'timeout', statusMessage: expect.stringMatching(/^the job ran longer than 2s; PluginTimedOut: 'nightshift-plugin-note' did not answer/) });
  expect(await place.records(jobs['Slow']?.id as number)).toEqual(['output tidied up', 'error the job ran longer than 2s']);
});

test('one that outlives its host is given a new one by the scheduler, and is no retry', async () => {
  const place = newCodePlace();
  await withScheduler(place);
  define(place, 'Away', [], { ...dueSoon(), job: { type: 'AwayJob', do: [] } });
  const job = await theJob(place);
  await place.inState(job.id, 'Running');
  process.kill(place.hostPid(job), 'SIGKILL');
  await waitFor('it is taken up', () => place.host.getJobs({ ids: [job.id + 1] }), ({ jobs: [now] }) => now?.attempt === 2 && now.state === 'Running');
  place.go(join('definitions', `work-of-${job.id + 1}`));
  expect(await place.inState(job.id, 'Completed')).toMatchObject({ attempt: 2 });
  expect(await place.records(job.id)).toEqual(['output attempt 1', 'output attempt 2']);
  expect(readFileSync(place.file('definitions/reattached'), 'utf8')).toBe(`work-of-${job.id + 1}\n`);
});

test('one of a definition is started by a person, with or without its options', async () => {
  const place = newCodePlace();
  define(place, 'Notes', [{ write: ['output', 'hi'] }]);
  const started = await place.host.startJob({ what: { definitionName: 'Notes' }, callerDirectory: place.work, warn: () => {} });
  expect(await place.finished(started.id)).toMatchObject({ state: 'Completed', type: 'ScheduledJob', childJobs: [started.id + 1], command: '{"do":[{"write":["output","hi"]}]}' });
  const now = await runNow(place, 'Notes');
  expect(now).toMatchObject({ origin: { kind: 'demand', runNow: true } });
  expect(await place.finished(now.id)).toMatchObject({ state: 'Completed' });
  expect(await place.records(now.id)).toEqual(['output hi']);
});

test('one that is stopped, and one whose host is killed without a retry, have ended', async () => {
  const place = newCodePlace();
  define(place, 'Kept', [{ checkpoint: { done: 1 } }, { stopped: 1 }]);
  const first = await runNow(place, 'Kept');
  await place.inState(first.id, 'Running');
  await place.stdoutOf('stop-job', String(first.id));
  expect(await place.job(first.id)).toMatchObject({ state: 'Stopped' });
  const second = await runNow(place, 'Kept');
  await place.inState(second.id, 'Running');
  process.kill(place.hostPid(second), 'SIGKILL');
  expect(await place.inState(second.id, 'Failed')).toMatchObject({ reason: 'interrupted' });
});
