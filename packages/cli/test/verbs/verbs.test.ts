import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHost } from '@nightshift/host';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from '../../src/options/parse.ts';
import type { Verb } from '../../src/verb.ts';
import { validate } from '../../src/umbrella/validate.ts';
import { getJobType } from '../../src/verbs/get-job-type.ts';
import { getJob } from '../../src/verbs/get-job.ts';
import { receiveJob } from '../../src/verbs/receive-job.ts';
import { removeJob } from '../../src/verbs/remove-job.ts';
import { startJob } from '../../src/verbs/start-job.ts';
import { stopJob } from '../../src/verbs/stop-job.ts';
import { waitJob } from '../../src/verbs/wait-job.ts';
import { asked } from '../asked.ts';
import { complaintOf } from '../complaint.ts';
import { printed } from '../printed.ts';

/** The verbs against stores of this test alone. */
function place() {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'verbs-')));
  const host = createHost({ environment: { PATH: process.env['PATH'] as string, HOME: root, NIGHTSHIFT_STATE_DIR: join(root, 'state') }, workingDirectory: root });
  onTestFinished(async () => {
    await host.stopJobs({ names: ['*'] }, { force: true });
    await host[Symbol.asyncDispose]();
    rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  });
  return (verb: Verb, ...argv: string[]) =>
    printed(() => verb.run(parse(verb.table, argv), { voice: { verb: verb.table.name, json: false, debug: false }, host: () => host, interrupt: () => new AbortController().signal }));
}

describe('the verbs, one after another', () => {
  test('start, wait, get, receive and remove', async () => {
    const run = place();
    expect(await run(startJob, '-o', 'id', '--name', 'Build', '--', 'echo', 'hello')).toEqual({ result: 0, out: '1\n', error: '' });
    expect(await run(waitJob, 'Build', '--timeout', '20s', '-o', 'id')).toEqual({ result: 0, out: '1\n', error: '' });
    expect(JSON.parse((await run(getJob, '1', '--json')).out)).toMatchObject([{ id: 1, name: 'Build', state: 'Completed', exitCode: 0 }]);
    expect(await run(receiveJob, 'b*')).toEqual({ result: 0, out: 'hello\n', error: '' });
    expect(await run(receiveJob, '1')).toEqual({ result: 0, out: '', error: '' });
    expect(await run(removeJob, '1')).toEqual({ result: 0, out: '', error: '' });
    expect(await run(getJob)).toEqual({ result: 0, out: '', error: '' });
  });

  test.each([
    [['exit 0'], 0], [['exit 7'], 7], [['exit 255'], 255], [['kill -KILL $$'], 10], [['--', 'bogus-program'], 10],
  ])('start-job --wait %j ends with %i', async (argv, status) => {
    expect((await place()(startJob, '--wait', ...argv)).result).toBe(status);
  });

  test.each([
    [['exit 0'], 0], [['exit 7'], 7], [['kill -TERM $$'], 10],
  ])('wait-job --exit-status of %j ends with %i', async (argv, status) => {
    const run = place();
    await run(startJob, ...argv);
    expect((await run(waitJob, '1', '--exit-status', '--timeout', '20s')).result).toBe(status);
  });

  test('wait-job whose time is over prints nothing and ends with 124', async () => {
    const run = place();
    await run(startJob, '--', 'sleep', '600');
    expect(await run(waitJob, '1', '--timeout', '0')).toEqual({ result: 124, out: '', error: '' });
    expect(await run(removeJob, '1')).toMatchObject({ result: 7, out: '', error: expect.stringContaining('JobObjectNotFinishedCannotBeRemoved') });
    expect(await run(stopJob, '1', '--force')).toEqual({ result: 0, out: '', error: '' });
    expect((await run(stopJob, '1', '--pass-thru', '-o', 'id')).out).toBe('1\n');
  });

  test('what is missing is told, the others are handled, and the first complaint gives the status', async () => {
    const run = place();
    await run(startJob, '--wait', 'exit 0');
    expect(await run(getJob, '99', '1', 'bogus', '-o', 'id')).toMatchObject({ result: 4, out: '1\n', error: expect.stringMatching(/^get-job: JobWithSpecifiedSessionNotFound: .*\nget-job: JobWithSpecifiedNameNotFound: .*\n$/) });
    expect(await run(getJob, 'bogus*')).toEqual({ result: 0, out: '', error: '' });
  });

  test.each([stopJob, waitJob, receiveJob, removeJob])('$table.name needs to know which jobs', async (verb) => {
    expect((await complaintOf(() => place()(verb))).code).toBe('MissingMandatoryParameter');
  });
});

describe('get-job', () => {
  test.each([['0', 'ParameterArgumentValidationError'], ['-1', 'ParameterArgumentValidationError'], ['x', 'ParameterArgumentValidationError']])('--newest %s is %s', async (text, code) => {
    expect(await complaintOf(() => asked(getJob, '--newest', text))).toMatchObject({ code });
  });

  test('--newest, --all and --include-attempts are passed on', async () => {
    expect((await asked(getJob, '--newest', '3')).words[1]).toEqual({ all: false, newest: 3 });
    expect((await asked(getJob, '--all')).words[1]).toEqual({ all: true });
    expect((await asked(getJob, '--include-attempts', '-o', 'json')).words[1]).toEqual({ all: false, attempts: true });
  });
});

describe('stop-job', () => {
  test.each([
    [[], { force: false }], [['--force'], { force: true }], [['--grace-period', '2s'], { force: false, gracePeriod: 2_000 }], [['--grace-period', '0'], { force: false, gracePeriod: 0 }],
  ])('%j asks for %j', async (argv, request) => {
    expect((await asked(stopJob, '7', ...argv)).words[1]).toEqual(request);
  });

  test.each(['5', '-1s', 'x', '-1'])('--grace-period=%s is DurationInvalid', async (text) => {
    expect(await complaintOf(() => asked(stopJob, '7', `--grace-period=${text}`))).toMatchObject({ code: 'DurationInvalid' });
  });
});

describe('remove-job', () => {
  test.each([[[], false], [['--force'], true], [['-Force'], true], [['-F'], true]])('%j forces: %s', async (argv, force) => {
    expect((await asked(removeJob, '7', ...argv)).words[1]).toEqual({ force });
  });
});

describe('get-job-type', () => {
  test('lists the types, also by alias and without case', async () => {
    const run = place();
    expect(await run(getJobType, '-o', 'id')).toEqual({ result: 0, out: 'BackgroundJob\nCrontabJob\nNpmScriptJob\nRemoteJob\nScheduledJob\nThreadJob\nWorkflowJob\n', error: '' });
    expect(await run(getJobType, 'psscheduledjob', '-o', 'id')).toMatchObject({ out: 'ScheduledJob\n' });
    expect(JSON.parse((await run(getJobType, '-o', 'json')).out)).toMatchObject({ apiVersion: 1, types: [{ name: 'BackgroundJob', capabilities: expect.arrayContaining(['suspend', 'kill', 'reattach']) }, { name: 'CrontabJob' }, { name: 'NpmScriptJob' }, { name: 'RemoteJob' }, { name: 'ScheduledJob', aliases: ['PSScheduledJob'] }, { name: 'ThreadJob' }, { name: 'WorkflowJob', aliases: ['PSWorkflowJob'] }] });
  });

  test('tells what is missing, with the nearest', async () => {
    expect(await place()(getJobType, 'BackroundJob')).toMatchObject({ result: 4, error: expect.stringMatching(/JobTypeNotFound: .*known: BackgroundJob, CrontabJob, NpmScriptJob, RemoteJob, ScheduledJob.*\n {2}hint: did you mean BackgroundJob\?\n$/) });
  });
});

describe('validate', () => {
  test('ends with 4 when a path is missing and nothing else is wrong', async () => {
    expect(await place()(validate, 'missing.yaml')).toMatchObject({ result: 4, out: '', error: expect.stringContaining('FilePathNotFound') });
  });
});
