import type { JobView } from '@nightshift/host';
import { describe, expect, test } from 'vitest';
import { FORMATS, printJob, printJobs, type Format } from '../../src/print/job.ts';
import { printed } from '../printed.ts';

const job: JobView = {
  id: 7, instanceId: '0198c0de-0000-7000-8000-000000000001', name: 'Build', type: 'BackgroundJob', state: 'Failed', reason: 'exit', statusMessage: 'exit code 3', hasMoreData: true,
  location: 'localhost', command: 'make all', beginTime: '2026-11-22T03:04:05.006Z', endTime: null, exitCode: 3, signal: null, childJobs: [8], definition: null,
  origin: { kind: 'demand', runNow: false }, attempt: 1,
};
const listed = async (jobs: readonly JobView[], format: Format) => (await printed(() => printJobs(jobs, format))).out;
const alone = async (format: Format) => (await printed(() => printJob(job, format))).out;

describe('a list of jobs', () => {
  test('is a table of seven columns', async () => {
    expect(await listed([job], 'table')).toBe('Id  Name   Type           State   HasMoreData  Location   Command\n7   Build  BackgroundJob  Failed  True         localhost  make all\n');
    expect(await listed([{ ...job, hasMoreData: false }], 'table')).toContain('False');
  });

  test('adds five columns when wide, and the command stays the last', async () => {
    const [header, row] = (await listed([job], 'wide')).split('\n');
    expect(header?.split(/\s+/)).toEqual(['Id', 'Name', 'Type', 'State', 'HasMoreData', 'Location', 'Begin', 'End', 'Exit', 'Reason', 'Origin', 'Command']);
    expect(row).toMatch(/2026-11-2\d \d\d:\d\d:05 +3 +exit +demand +make all$/);
  });

  test.each([
    [{ kind: 'demand', runNow: true }, 'run now'],
    [{ kind: 'trigger', triggerId: 'nightly', dueAt: '2026-11-22T03:00:00.000Z', catchUp: false }, 'trigger nightly'],
    [{ kind: 'trigger', triggerId: 'nightly', dueAt: '2026-11-22T03:00:00.000Z', catchUp: true }, 'trigger nightly, caught up'],
    [{ kind: 'parent', parentId: 6 }, 'job 6'],
  ] as const)('says where a job comes from when wide: %j', async (origin, text) => {
    expect(await listed([{ ...job, origin } as unknown as JobView], 'wide')).toContain(`  ${text}  `);
  });

  test('shows a signal in place of an exit code when wide', async () => {
    expect(await listed([{ ...job, exitCode: null, signal: 'SIGKILL' }], 'wide')).toContain('SIGKILL');
  });

  test.each([[[]], [[job]], [[job, { ...job, id: 9 }]]])('is an array in JSON, whatever its length', async (jobs) => {
    expect(JSON.parse(await listed(jobs, 'json'))).toEqual(jobs);
  });

  test('is one object a line in jsonl, and one id a line in id', async () => {
    expect((await listed([job, job], 'jsonl')).trim().split('\n').map((line) => JSON.parse(line) as JobView)).toEqual([job, job]);
    expect(await listed([job, { ...job, id: 9 }], 'id')).toBe('7\n9\n');
  });

  test.each([['table', ''], ['json', '[]\n'], ['jsonl', ''], ['yaml', '[]\n'], ['id', '']] as const)('that is empty is %s: %j', async (format, text) => {
    expect(await listed([], format)).toBe(text);
  });

  test('is never cut in a pipe', async () => {
    const command = 'x'.repeat(1_000);
    expect(await listed([{ ...job, command }], 'table')).toContain(command);
    expect(await listed([{ ...job, command }], 'wide')).toContain(command);
  });

  test('shows names and commands without obeying them', async () => {
    expect(await listed([{ ...job, name: '\u001b[31m\n', command: 'a\nb' }], 'table')).toContain('\\x1b[31m\\n');
  });
});

describe('one job', () => {
  test('is an object in JSON and YAML', async () => {
    expect(JSON.parse(await alone('json'))).toEqual(job);
    expect(await alone('yaml')).toMatch(/^id: 7\n/);
  });

  test.each(FORMATS.filter((format) => format !== 'json' && format !== 'yaml'))('is a list of one in %s', async (format) => {
    expect(await alone(format)).toBe(await listed([job], format));
  });
});
