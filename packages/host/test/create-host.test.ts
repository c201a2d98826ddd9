import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { STREAM_NAMES, type JobError } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { createHost, type Host, type HostOptions } from '../src/create-host.ts';
import type { ReceiveRequest, StartRequest } from '../src/index.ts';
import { complaintOf, runs, temporaryFolder, until, write } from './folder.ts';

function place(more: NodeJS.ProcessEnv = {}) {
  const root = temporaryFolder();
  const warnings: JobError[] = [];
  const environment = { PATH: process.env['PATH'] as string, HOME: root, NIGHTSHIFT_STATE_DIR: join(root, 'state'), FOLDER: `${root}/`, ...more };
  const host = (options: HostOptions = {}): Host => createHost({ environment, workingDirectory: root, warn: (warning) => warnings.push(warning), ...options });
  const start = (to: Host, spec: unknown, facts: Partial<StartRequest> = {}) => to.startJob({ what: { type: 'BackgroundJob', spec }, callerDirectory: root, warn: (warning) => warnings.push(warning), ...facts });
  return { root, state: join(root, 'state'), warnings, host, start };
}

const all: ReceiveRequest = { streams: STREAM_NAMES, from: 'cursor', keep: false };

async function received(host: Host, id: number, request: Partial<ReceiveRequest> = {}): Promise<unknown[]> {
  const { batches, commit } = await host.receiveJobs({ ids: [id] }, { ...all, ...request });
  const values: unknown[] = [];
  for await (const { records } of batches) values.push(...records.map(({ value }) => value));
  await commit();
  return values;
}

describe('the library', () => {
  test('starts, waits, receives and removes a job', async () => {
    const { host, start } = place();
    await using one = host();
    const job = await start(one, { command: ['printf', 'a\\nb\\n'] }, { name: 'Build' });
    expect(job).toMatchObject({ id: 1, name: 'Build', type: 'BackgroundJob', childJobs: [2], exitCode: null });
    const waited = await one.waitJobs({ ids: [1] }, {});
    expect(waited).toMatchObject({ done: true, jobs: [{ id: 1, state: 'Completed', exitCode: 0, hasMoreData: true }] });
    expect(await received(one, 1)).toEqual(['a', 'b']);
    expect(await received(one, 1)).toEqual([]);
    expect(await received(one, 1, { from: 'start' })).toEqual(['a', 'b']);
    expect(await one.removeJobs({ ids: [1] }, { force: false })).toMatchObject({ problems: [] });
    expect((await one.getJobs({})).jobs).toEqual([]);
  });

  test('stops a job with everything that it started', async () => {
    const { root, host, start } = place();
    await using one = host();
    await start(one, { scriptBlock: `echo $$ >pid; sleep 600 & echo $! >other; wait` });
    const pids = await until('both are known', () => {
      const numbers = ['pid', 'other'].map((name) => Number(existsSync(join(root, name)) && statSync(join(root, name)).size > 0 ? readNumber(join(root, name)) : 0));
      return numbers.every((pid) => pid > 0) && numbers;
    });
    expect(await one.stopJobs({ names: ['Job1'] }, { force: true })).toMatchObject({ problems: [], jobs: [{ state: 'Stopped', reason: 'stopped' }] });
    expect(pids.filter(runs)).toEqual([]);
  });

  test('follows a job to its end', async () => {
    const { root, host, start } = place();
    await using one = host();
    await start(one, { scriptBlock: 'echo first; until [ -e go ]; do sleep 0.05; done; echo last; exit 4' });
    const { batches, commit } = await one.receiveJobs({ ids: [1] }, { ...all, until: 'finished' });
    const values: unknown[] = [];
    for await (const { records } of batches) {
      values.push(...records.map(({ value }) => value));
      if (values.includes('first')) write(join(root, 'go'), '');
    }
    await commit();
    expect(values.slice(0, 2)).toEqual(['first', 'last']);
    expect((await one.getJobs({ ids: [1] })).jobs).toMatchObject([{ state: 'Failed', reason: 'exit', exitCode: 4 }]);
  });

  test('leaves jobs running when it is disposed of, and finds them again', async () => {
    const { root, host, start } = place();
    {
      await using one = host();
      await start(one, { scriptBlock: 'until [ -e go ]; do sleep 0.05; done; echo done' });
    }
    await using other = host();
    expect((await other.getJobs({})).jobs).toMatchObject([{ id: 1, state: 'Running' }]);
    write(join(root, 'go'), '');
    expect(await other.waitJobs({ ids: [1] }, { timeout: 15_000 })).toMatchObject({ done: true });
    expect(await received(other, 1)).toEqual(['done']);
  });

  test('gives up waiting after a time, and looks only once when the time is nought', async () => {
    const { host, start } = place();
    await using one = host();
    await start(one, { command: ['sleep', '600'] });
    expect(await one.waitJobs({ ids: [1] }, { timeout: 0 })).toMatchObject({ done: false });
    expect(await one.waitJobs({ ids: [1] }, { timeout: 50 })).toMatchObject({ done: false });
    expect(await one.waitJobs({ ids: [1] }, { signal: AbortSignal.abort() })).toMatchObject({ done: false });
    await one.stopJobs({ ids: [1] }, { force: true });
  });

  test('takes no child for a job of its own, and counts ids from one counter', async () => {
    const { host, start } = place();
    await using one = host();
    const ids = [];
    for (let round = 0; round < 3; round++) ids.push((await start(one, { command: ['true'] })).id);
    expect(ids).toEqual([1, 3, 5]);
    expect((await one.getJobs({}, { all: true })).jobs.map(({ id }) => id)).toEqual(ids);
    expect((await one.getJobs({ ids: [2] })).jobs).toMatchObject([{ id: 2, origin: { kind: 'parent', parentId: 1 } }]);
  });

  test('opens nothing before it is used', async () => {
    const { state, host } = place();
    await using one = host();
    expect(one.jobTypes.map(({ type }) => type.name)).toEqual(['BackgroundJob', 'CrontabJob', 'NpmScriptJob', 'RemoteJob', 'ScheduledJob', 'ThreadJob', 'WorkflowJob']);
    expect(existsSync(state)).toBe(false);
  });

  test('keeps all that it makes private, whatever the umask of the process', async () => {
    const { state, host, start } = place();
    await using one = host();
    await start(one, { command: ['true'] }, { persist: true });
    await one.waitJobs({ ids: [1] }, {});
    const open = readdirSync(state, { recursive: true, encoding: 'utf8' }).filter((name) => (statSync(join(state, name)).mode & 0o077) !== 0);
    expect(open).toEqual([]);
  });

  test('can be disposed of twice', async () => {
    const { host } = place();
    const one = host();
    await one.getJobs({});
    await one[Symbol.asyncDispose]();
    await one[Symbol.asyncDispose]();
  });
});

describe('a start', () => {
  test('of a program that is missing is a failed job, not an error', async () => {
    const { host, start } = place();
    await using one = host();
    expect(await start(one, { command: ['bogus'] })).toMatchObject({ state: 'Failed', reason: 'spawn', exitCode: null, statusMessage: expect.stringMatching(/^ProgramNotFound: /) });
  });

  test('of a program whose name is longer than a file name can be is a failed job, not an error', async () => {
    const { host, start } = place();
    await using one = host();
    expect(await start(one, { command: ['x'.repeat(300)] })).toMatchObject({ state: 'Failed', reason: 'spawn' });
  });

  test('of what could never start leaves no job behind', async () => {
    const { host, start } = place();
    await using one = host();
    expect(await complaintOf(() => start(one, { command: ['echo', 'x'.repeat(131_072)] }))).toMatchObject({ code: 'ArgumentInvalid' });
    expect((await one.getJobs({}, { all: true })).jobs).toEqual([]);
  });

  test('warns once of each variable that injects code', async () => {
    const { host, start, warnings } = place({ LD_AUDIT: '' });
    await using one = host();
    await start(one, { command: ['true'] });
    expect(warnings).toMatchObject([{ code: 'InjectionVariableIgnored', message: expect.stringContaining('LD_AUDIT') }]);
  });

  test('does not warn of a variable that the job was given itself', async () => {
    const { host, start, warnings } = place({ NODE_OPTIONS: '--no-warnings' });
    await using one = host();
    const spec = { scriptBlock: 'echo "$NODE_OPTIONS"', shell: 'sh', argumentList: [], environment: { NODE_OPTIONS: '--trace-warnings' } };
    await start(one, spec, { what: { type: 'BackgroundJob', spec, isChecked: true } });
    await one.waitJobs({ ids: [1] }, {});
    expect(await received(one, 1)).toEqual(['--trace-warnings']);
    expect(warnings).toEqual([]);
  });

  test('from a definition runs what the file says', async () => {
    const { root, host } = place();
    write(join(root, 'definitions', 'Nightly.yaml'), 'type: BackgroundJob\njob:\n  command: [echo, hello]\n');
    await using one = host();
    const job = await one.startJob({ what: { definitionName: 'nightly' }, callerDirectory: root, warn: () => {} });
    expect(job).toMatchObject({ name: 'Nightly', definition: { name: 'Nightly' }, origin: { kind: 'demand', runNow: false } });
    await one.waitJobs({ ids: [job.id] }, {});
    expect(await received(one, job.id)).toEqual(['hello']);
  });
});

function readNumber(path: string): number {
  return Number(readFileSync(path, 'utf8'));
}
