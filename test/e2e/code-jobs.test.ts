// Jobs that run JavaScript, in processes of their own: from their start to their removal, through the verbs.

import { closeSync, existsSync, globSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { newCodePlace, type CodePlace, type Step } from './code-place.ts';
import { isAlive, waitFor, type Job } from './product.ts';

const UNTIL_GO = { until: 'go' };

describe('a job that runs JavaScript', () => {
  test('begins, writes in exact order, ends, is received once and removed', async () => {
    const place = newCodePlace();
    const job = await place.startNote([{ who: 1 }, { write: ['warning', 'careful'] }, { print: 'noise\n' }, { write: ['progress', { activity: 'Counting', percent: 5 }] }, UNTIL_GO, { write: ['output', { a: [1] }] }], { name: 'Notes', argumentList: ['x', 1] });
    expect(job).toMatchObject({ id: 1, name: 'Notes', type: 'NoteJob', state: 'Running', childJobs: [], exitCode: null, origin: { kind: 'demand' } });
    place.go();
    expect(await place.finished(1)).toMatchObject({ state: 'Completed', reason: null, hasMoreData: true });
    const who = { instance: { id: 1, name: 'Notes', instanceId: job.instanceId, attempt: 1 }, origin: 'demand', id: '1', folder: true, workingDirectory: place.work, argumentList: ['x', 1] };
    expect(await place.records(1)).toEqual([`output ${JSON.stringify(who)}`, 'warning careful', 'progress {"activity":"Counting","percent":5}', 'output {"a":[1]}']);
    expect((await place.job(1)).hasMoreData).toBe(false);
    expect(await place.records(1)).toEqual([]);
    expect(await place.records(1, '--from', 'start', '--stream', 'warning')).toEqual(['warning careful']);
    await place.stdoutOf('remove-job', '1');
    expect(globSync('**/records.ndjson', { cwd: place.state })).toEqual([]);
  });

  test('gets its input once in order, as values or as the lines of a kept standard input, and a new host gets it anew', async () => {
    const place = newCodePlace();
    await place.startNote([{ input: null }, { input: null }], { input: ['a', { b: [1] }, null] });
    await place.finished(1);
    expect(await place.records(1)).toEqual(['output {"input":"a"}', 'output {"input":{"b":[1]}}', 'output {"input":null}']);
    writeFileSync(place.file('typed'), 'one\n\ntwo\r\nlast');
    const typed = openSync(place.file('typed'), 'r');
    const job = await place.startNote([{ input: 1 }, { checkpoint: { done: 2 } }, { input: null }, UNTIL_GO], { inputDescriptor: typed });
    closeSync(typed);
    await waitFor('it has its checkpoint', () => globSync('**/checkpoint.json', { cwd: place.state }).length > 0);
    process.kill(place.hostPid(job), 'SIGKILL');
    await place.inState(2, 'Suspended');
    await place.stdoutOf('resume-job', '2');
    place.go();
    await place.finished(2);
    expect(await place.records(2)).toEqual(['output {"input":"one"}', 'output {"input":"one"}', 'output {"input":""}', 'output {"input":"two"}', 'output {"input":"last"}']);
  });

  test('fails as it says, and its last record says why', async () => {
    const place = newCodePlace();
    await place.startNote([{ write: ['output', 'before'] }, { end: { state: 'Failed', error: { message: 'no luck', code: 'NoLuck' }, exitCode: 7 } }]);
    expect(await place.finished(1)).toMatchObject({ state: 'Failed', reason: 'exit', exitCode: 7, statusMessage: 'no luck' });
    expect(await place.records(1)).toEqual(['output before', 'error no luck']);
  });

  test('whose spec is not that of its type is refused before there is a job', async () => {
    const place = newCodePlace();
    await expect(place.host.startJob({ what: { type: 'NoteJob', spec: {} }, callerDirectory: place.work, warn: () => {} })).rejects.toThrow(AggregateError);
    expect(await place.jobs()).toEqual([]);
  });

  test('that takes long to prepare is shown as it is, and is stopped without having begun', async () => {
    const place = newCodePlace();
    const job = await place.startNote([], { facts: { prepare: 'stopped', disposed: place.file('disposed') } });
    expect(job.state).toBe('NotStarted');
    await place.stdoutOf('stop-job', '1');
    expect(await place.job(1)).toMatchObject({ state: 'Stopped', reason: 'stopped', beginTime: null });
    expect(readFileSync(place.file('disposed'), 'utf8')).toBe('disposed\n');
  });

  test('is stopped: it is asked, it is killed by its own type, or its process ends', async () => {
    const place = newCodePlace();
    const plain = { type: 'PlainJob' } as const;
    await place.startNote([{ stopped: 1 }, { write: ['output', 'tidied up'] }], { facts: { disposed: place.file('disposed') } });
    await place.startNote([{ never: 1 }]);
    await place.startNote([{ never: 1 }], plain);
    await place.startNote([{ never: 1 }], plain);
    await place.startNote([{ loop: 1 }], plain);
    await Promise.all([place.stdoutOf('stop-job', '1'), place.stdoutOf('stop-job', '2', '--force'), place.stdoutOf('stop-job', '3', '--grace-period', '200ms'), place.stdoutOf('stop-job', '4', '--force'), place.stdoutOf('stop-job', '5', '--grace-period', '100ms')]);
    const said = (await place.jobs('--all')).map(({ state, reason, statusMessage }) => [state, reason, statusMessage]);
    expect(said).toEqual([
      ['Stopped', 'stopped', ''],
      ['Stopped', 'stopped', ''],
      ['Stopped', 'stopped', expect.stringMatching(/^PluginTimedOut: 'nightshift-plugin-note' did not end PlainJob in .*\. Does start\(\) watch context\.signal\?$/)],
      ['Stopped', 'stopped', ''],
      ['Stopped', 'stopped', `PluginTimedOut: 'nightshift-plugin-note' did not answer the wish to stop PlainJob, so its process was ended. Does start() keep the process busy?`],
    ]);
    expect(await place.records(1)).toEqual(['output tidied up']);
    expect(readFileSync(place.file('disposed'), 'utf8')).toBe('disposed\n');
  });

  test('that waits for an answer is Blocked, goes on with it, and keeps nobody waiting for ever', async () => {
    const place = newCodePlace();
    await place.startNote([{ blocked: 'which way?' }]);
    expect(await place.inState(1, 'Blocked')).toMatchObject({ statusMessage: 'which way?' });
    expect((await place.run('wait-job', ['1'])).stderr).toContain('BlockedJobsDeadlockWithWaitJob');
    expect(await place.host.unblockJobs({ ids: [1] }, { way: 'left' })).toMatchObject({ problems: [] });
    expect(await place.finished(1)).toMatchObject({ state: 'Completed' });
    expect(await place.records(1)).toEqual(['output {"answer":{"way":"left"}}']);
    expect(await place.host.unblockJobs({ ids: [1] }, 1)).toMatchObject({ problems: [{ code: 'InvalidJobState' }] });
  });

  test('is followed while it runs', async () => {
    const place = newCodePlace();
    await place.startNote([{ write: ['output', 'first'] }, UNTIL_GO, { write: ['output', 'last'] }]);
    const following = place.run('receive-job', ['1', '--follow']);
    await waitFor('it has written', () => globSync('**/records.ndjson', { cwd: place.state }).length === 1);
    place.go();
    expect((await following).stdout).toBe('first\nlast\n');
  });

  test('that is kept comes back when the index is lost', async () => {
    const place = newCodePlace();
    await place.startNote([{ write: ['output', 'kept'] }], { persist: true });
    await place.finished(1);
    for (const name of ['jobs.db', 'jobs.db-wal', 'jobs.db-shm']) if (existsSync(join(place.state, name))) writeFileSync(join(place.state, name), 'damaged');
    await place.host[Symbol.asyncDispose]();
    await place.stdoutOf('nightshift', 'doctor', '--repair');
    expect(await place.job(1)).toMatchObject({ state: 'Completed', type: 'NoteJob' });
    expect(await place.records(1)).toEqual(['output kept']);
  });
});

describe('suspending a job that runs JavaScript', () => {
  test('is done by its type, and resuming as well', async () => {
    const place = newCodePlace();
    await place.startNote([UNTIL_GO]);
    expect(JSON.parse(await place.stdoutOf('suspend-job', '1', '--wait', '-o', 'json'))).toMatchObject([{ state: 'Suspended' }]);
    expect(JSON.parse(await place.stdoutOf('resume-job', '1', '-o', 'json'))).toMatchObject([{ state: 'Running', attempt: 1 }]);
    place.go();
    await place.finished(1);
    expect(await place.records(1)).toEqual(['verbose suspend', 'verbose resume']);
  });

  test('is refused for a type that cannot', async () => {
    const place = newCodePlace();
    await place.startNote([{ stopped: 1 }], { type: 'PlainJob' });
    expect((await place.run('suspend-job', ['1'])).stderr).toContain('Job2OperationNotSupportedOnJob');
  });

  test('by itself, stopping while it is suspended, and being removed by force', async () => {
    const place = newCodePlace();
    await place.startNote([{ suspend: 'step 2' }, { stopped: 1 }]);
    expect(await place.inState(1, 'Suspended')).toMatchObject({ statusMessage: 'step 2' });
    await place.stdoutOf('stop-job', '1');
    expect(await place.job(1)).toMatchObject({ state: 'Stopped' });
    await place.stdoutOf('remove-job', '1', '--force');
  });
});

describe('a job whose host is killed', () => {
  const checkpointed = [{ write: ['output', 'one'] }, { append: ['effects', 'one\n'] }, { checkpoint: { done: 3 } }, { restored: 1 }, { until: 'go' }, { write: ['output', 'two'] }];

  async function cutOff(place: CodePlace, job: Pick<Job, 'id' | 'instanceId'>): Promise<Job> {
    await waitFor('it has come to its checkpoint', () => globSync('**/checkpoint.json', { cwd: place.state }).length > 0 && globSync('**/records.ndjson', { cwd: place.state }).some((file) => readFileSync(join(place.state, file), 'utf8').includes('null')));
    process.kill(place.hostPid(job), 'SIGKILL');
    return (await waitFor('it has been noticed', async () => (await place.job(job.id)), ({ state }) => state !== 'Running'));
  }

  test('goes on from its checkpoint in a new process, once, whoever resumes it', async () => {
    const place = newCodePlace();
    const job = await place.startNote(checkpointed);
    expect(await cutOff(place, job)).toMatchObject({ state: 'Suspended', reason: 'interrupted' });
    await Promise.all([place.run('resume-job', ['1']), place.run('resume-job', ['1'])]);
    expect(await place.job(1)).toMatchObject({ state: 'Running', attempt: 2, reason: null, statusMessage: '' });
    expect(globSync('**/started', { cwd: place.state })).toHaveLength(2);
    place.go();
    expect(await place.finished(1)).toMatchObject({ state: 'Completed', instanceId: job.instanceId });
    expect(readFileSync(place.file('effects'), 'utf8')).toBe('one\n');
    const lines = (await place.stdoutOf('receive-job', '1', '-o', 'jsonl')).trim().split('\n').map((line) => JSON.parse(line) as { seq: number; value: unknown });
    expect(lines.map(({ seq, value }) => [seq, value])).toEqual([[1, 'one'], [2, null], [3, { done: 3 }], [4, 'two']]);
  });

  test('stays suspended, may be stopped, and its shim may be killed with it', async () => {
    const place = newCodePlace();
    const job = await place.startNote(checkpointed);
    await cutOff(place, job);
    await place.stdoutOf('stop-job', '1');
    expect(await place.job(1)).toMatchObject({ state: 'Stopped', reason: 'stopped' });
  });

  test('is cut off by suspend-job --force, and goes on like any other', async () => {
    const place = newCodePlace();
    await place.startNote([{ checkpoint: { done: 1 } }, { restored: 1 }, { loop: 1 }]);
    await waitFor('it has its checkpoint', () => globSync('**/checkpoint.json', { cwd: place.state }).length > 0);
    expect(JSON.parse(await place.stdoutOf('suspend-job', '1', '--force', '-o', 'json'))).toMatchObject([{ state: 'Suspended', reason: 'interrupted' }]);
  });

  test('and which has no checkpoint has failed, with how its process ended', async () => {
    const place = newCodePlace();
    const job = await place.startNote([{ stopped: 1 }]);
    process.kill(place.hostPid(job), 'SIGKILL');
    expect(await place.finished(1)).toMatchObject({ state: 'Failed', reason: 'interrupted', statusMessage: 'the process of the job was ended by signal SIGKILL' });
  });
});

describe('a job that outlives its host', () => {
  /** Its host is killed; somebody looks. */
  async function leftAlone(place: CodePlace): Promise<Job> {
    const job = await place.startNote([], { type: 'AwayJob' });
    await place.inState(job.id, 'Running');
    process.kill(place.hostPid(job), 'SIGKILL');
    return place.inState(job.id, 'Disconnected');
  }

  test('is Disconnected without one, and taken up once by its token, whoever resumes it', async () => {
    const place = newCodePlace();
    expect(await leftAlone(place)).toMatchObject({ reason: null, attempt: 1, statusMessage: expect.stringContaining('resume-job') });
    await Promise.all([place.stdoutOf('resume-job', '1'), place.stdoutOf('resume-job', '1')]);
    expect(await place.job(1)).toMatchObject({ state: 'Running', attempt: 2, statusMessage: '' });
    expect(readFileSync(place.file('reattached'), 'utf8')).toBe('work-of-1\n');
    process.kill(place.hostPid(await place.job(1)), 'SIGKILL');
    await place.inState(1, 'Disconnected');
    place.go('work-of-1');
    expect(await place.stdoutOf('receive-job', '1', '--wait')).toBe('attempt 1\nattempt 2\nattempt 3\n');
    expect(await place.job(1)).toMatchObject({ state: 'Completed', attempt: 3 });
  });

  test('goes on for who waits for its end, fails where its type says that the work is gone, and is stopped through a new host', async () => {
    const place = newCodePlace();
    await leftAlone(place);
    await leftAlone(place);
    await leftAlone(place);
    place.go('work-of-1');
    expect(JSON.parse(await place.stdoutOf('wait-job', '1', '--force', '-o', 'json'))).toMatchObject([{ state: 'Completed' }]);
    place.go('work-of-2-lost');
    await place.run('resume-job', ['2']);
    expect(await place.finished(2)).toMatchObject({ state: 'Failed', reason: 'spawn', statusMessage: expect.stringContaining('the work is gone') });
    await place.stdoutOf('stop-job', '3');
    expect(await place.job(3)).toMatchObject({ state: 'Stopped', reason: 'stopped', attempt: 2 });
  });
});

describe('a job that starts children', () => {
  const command = (text: string, more: object = {}): Step => ({ child: { type: 'BackgroundJob', spec: { scriptBlock: text }, ...more } });

  test('of any type, waits for them, and is listed, received and removed with them', async () => {
    const place = newCodePlace();
    await place.startNote([
      command('echo $NIGHTSHIFT_PARENT_JOB_ID $NIGHTSHIFT_JOB_ID $NIGHTSHIFT_JOB_NAME; exit 3', { name: 'step', location: 'somewhere' }),
      { child: { type: 'BackgroundJob', spec: { scriptBlock: 'true' }, failedDependency: 'step has failed' } },
      { write: ['output', 'mine'] }, { finished: 1 },
    ]);
    expect(await place.finished(1)).toMatchObject({ state: 'Completed', childJobs: [2, 3], type: 'NoteJob' });
    expect((await place.jobs('1', '--include-child-job')).map(({ id, name, state, reason, location, statusMessage, origin }) => [id, name, state, reason, location, statusMessage, origin])).toEqual([
      [1, 'Job1', 'Completed', null, 'localhost', '', { kind: 'demand', runNow: false }],
      [2, 'step', 'Failed', 'exit', 'somewhere', 'the command exited with code 3', { kind: 'parent', parentId: 1 }],
      [3, 'Job3', 'Failed', 'dependency', 'localhost', 'step has failed', { kind: 'parent', parentId: 1 }],
    ]);
    expect(await place.records(1)).toEqual([
      'output {"child":2}', 'output {"child":3}', 'output mine', 'output {"id":2,"outcome":"Failed"}', 'output {"id":3,"outcome":"Failed"}',
      'output 1 2 step', 'error the command exited with code 3', 'error step has failed',
    ]);
    expect((await place.job(1)).hasMoreData).toBe(false);
    expect((await place.run('remove-job', ['2'])).stderr).toContain('CannotRemoveJob');
    await place.stdoutOf('remove-job', '1');
    expect(await place.jobs()).toEqual([]);
    expect(globSync('**/job.json', { cwd: place.state })).toEqual([]);
  });

  test('takes the whole family with it when it is stopped', async () => {
    const place = newCodePlace();
    await place.startNote([{ child: { type: 'NoteJob', spec: { do: [command('echo $$ >pid; echo grandchild; sleep 600'), { stopped: 1 }] } } }, { stopped: 1 }]);
    const pid = await waitFor('the grandchild runs', () => existsSync(place.file('pid')) && Number(readFileSync(place.file('pid'), 'utf8')));
    expect((await place.jobs('1', '--include-child-job')).map(({ id, state, childJobs }) => [id, state, childJobs])).toEqual([[1, 'Running', [2]], [2, 'Running', [3]], [3, 'Running', []]]);
    await place.stdoutOf('stop-job', '1');
    expect((await place.jobs('1', '--include-child-job')).map(({ state }) => state)).toEqual(['Stopped', 'Stopped', 'Stopped']);
    expect(isAlive(pid as number)).toBe(false);
    expect(await place.records(1)).toEqual(['output {"child":2}', 'output {"child":3}', 'output grandchild']);
    await place.stdoutOf('remove-job', '1');
    expect(globSync('**/job.json', { cwd: place.state })).toEqual([]);
  });

  test('and is killed leaves them running, and a new process adopts them', async () => {
    const place = newCodePlace();
    const job = await place.startNote([command('until [ -e go ]; do sleep 0.05; done; echo done'), { checkpoint: { done: 2 } }, { write: ['output', null] }, { finished: 1 }]);
    await waitFor('it has its checkpoint', () => globSync('**/checkpoint.json', { cwd: place.state }).length > 0);
    process.kill(place.hostPid(job), 'SIGKILL');
    await place.inState(1, 'Suspended');
    expect(await place.job(2)).toMatchObject({ state: 'Running' });
    await place.stdoutOf('resume-job', '1');
    place.go();
    expect(await place.finished(1)).toMatchObject({ state: 'Completed', childJobs: [2] });
    expect(await place.records(1)).toContain('output {"id":2,"outcome":"Completed"}');
  });
});
