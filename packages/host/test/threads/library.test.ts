import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openNightshift, type Nightshift, type ThreadOptions } from '../../src/index.ts';
import { complaintOf, temporaryFolder, write } from '../folder.ts';

function open(): Nightshift & { readonly root: string } {
  const root = temporaryFolder();
  const nightshift = openNightshift({ environment: { PATH: process.env['PATH'] as string, HOME: root, NIGHTSHIFT_STATE_DIR: join(root, 'state') }, workingDirectory: root });
  onTestFinished(() => nightshift[Symbol.asyncDispose]());
  return { ...nightshift, root };
}

async function valuesOf(nightshift: Nightshift, id: number): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const { value } of nightshift.receiveJob(id, { follow: true })) values.push(value);
  return values;
}

const UNTIL_STOPPED = 'await new Promise((done) => signal.addEventListener("abort", done))';

describe('startThreadJob', () => {
  test('149: a scalar, an array and a nested object arrive with value, length and type', async () => {
    const nightshift = open();
    const { id, finished } = await nightshift.startThreadJob({ scriptBlock: 'return [typeof args[0], args[1].length, args[2].at instanceof Date, args[2].deep.list[2]]' }, { argumentList: [7, [1, 2, 3], { at: new Date(), deep: { list: [1, 2, 'three'] } }] });
    expect((await finished).state).toBe('Completed');
    expect(await valuesOf(nightshift, id)).toEqual([['number', 3, true, 'three']]);
  });

  test('is recorded before it is answered, runs while there is room and waits then', async () => {
    const nightshift = open();
    const started = await Promise.all(Array.from({ length: 7 }, () => nightshift.startThreadJob({ scriptBlock: UNTIL_STOPPED })));
    expect(started.map(({ job }) => [job.id, job.state])).toEqual([1, 2, 3, 4, 5, 6, 7].map((id) => [id, id <= 5 ? 'Running' : 'NotStarted']));
    expect((await nightshift.getJobs()).map(({ state }) => state)).toEqual(started.map(({ job }) => job.state));
    await nightshift.stopJob([1, 2, 3, 4, 5, 6, 7]);
    expect((await nightshift.getJobs()).map(({ state, reason }) => [state, reason])).toEqual(started.map(() => ['Stopped', 'stopped']));
  });

  test('131: stopped without waiting for it, then waited for: Stopped', async () => {
    const nightshift = open();
    const { id } = await nightshift.startThreadJob({ scriptBlock: 'for (;;);' }, { gracePeriod: 20 });
    const stopping = nightshift.stopJob(id);
    expect((await nightshift.waitJob(id))?.[0]?.state).toBe('Stopped');
    await stopping;
  });

  test('160: one that waits behind a limit of 1 runs at once when it is started by hand', async () => {
    const nightshift = open();
    await nightshift.startThreadJob({ scriptBlock: UNTIL_STOPPED }, { throttleLimit: 1 });
    const second = await nightshift.startThreadJob({ scriptBlock: UNTIL_STOPPED });
    expect(second.job.state).toBe('NotStarted');
    second.start();
    expect((await nightshift.getJobs(second.id))[0]?.state).toBe('Running');
    await nightshift.stopJob('*');
  });

  test('pools of different names have limits of their own', async () => {
    const nightshift = open();
    const start = async (options: ThreadOptions): Promise<string> => (await nightshift.startThreadJob({ scriptBlock: UNTIL_STOPPED }, options)).job.state;
    expect([await start({ pool: 'a', throttleLimit: 1 }), await start({ pool: 'a' }), await start({ pool: 'b' }), await start({ pool: 'a', throttleLimit: 3 })]).toEqual(['Running', 'NotStarted', 'Running', 'Running']);
    expect((await nightshift.getJobs(2))[0]?.state).toBe('Running');
    await nightshift.stopJob('*');
  });

  test('makes a run folder with the first record and not before', async () => {
    const nightshift = open();
    await (await nightshift.startThreadJob({ scriptBlock: ' ' })).finished;
    const session = join(nightshift.root, 'state/session');
    const folders = (): string[] => readdirSync(join(session, readdirSync(session)[0] as string)).filter((name) => /^[0-9a-f-]{36}$/.test(name));
    expect(folders()).toEqual([]);
    await (await nightshift.startThreadJob({ scriptBlock: 'return 1' })).finished;
    expect(folders()).toHaveLength(1);
    await nightshift.removeJob([1, 2]);
    expect(folders()).toEqual([]);
  });

  test.each([
    ['nothing', undefined, {}, 'MissingMandatoryParameter'],
    ['two things', { scriptBlock: 'a', filePath: 'b' }, {}, 'AmbiguousParameterSet'],
    ['an empty text', { scriptBlock: '' }, {}, 'ParameterArgumentValidationError'],
    ['what is no module', { filePath: 'a.txt' }, {}, 'InvalidFilePathParameter'],
    ['a file that is not there', { filePath: 'none.mjs' }, {}, 'FilePathNotFound'],
    ['a limit of none', { scriptBlock: 'a' }, { throttleLimit: 0 }, 'ParameterArgumentValidationError'],
    ['a pool with a strange name', { scriptBlock: 'a' }, { pool: '1' }, 'ParameterArgumentValidationError'],
    ['a value that cannot be copied', { scriptBlock: 'a' }, { argumentList: [() => 1] }, 'ArgumentInvalid'],
    ['a folder that is not there', { scriptBlock: 'a' }, { workingDirectory: 'none' }, 'DirectoryNotFoundException'],
  ])('refuses %s, and there is no job', async (_what, what, options, code) => {
    const nightshift = open();
    write(join(nightshift.root, 'a.txt'), 'a');
    expect(await complaintOf(() => nightshift.startThreadJob(what as never, options as ThreadOptions))).toMatchObject({ code });
    expect(await nightshift.getJobs()).toEqual([]);
  });

  test('a job that starts another with this library waits for it with a limit of one', async () => {
    const nightshift = open();
    const library = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
    const inner = join(nightshift.root, 'outer.mjs');
    write(inner, `import { openNightshift } from ${JSON.stringify(library)};
export default async () => {
  const nightshift = openNightshift();
  const started = await nightshift.startThreadJob({ scriptBlock: 'return "inner"' });
  return (await started.finished).state;
};
`);
    const { id, finished } = await nightshift.startThreadJob({ filePath: inner }, { throttleLimit: 1 });
    expect(await finished).toMatchObject({ state: 'Completed', statusMessage: '' });
    expect([await valuesOf(nightshift, id), await valuesOf(nightshift, id + 1)]).toEqual([['Completed'], ['inner']]);
  });

  test('jobs of a process that was killed are Failed (interrupted), whether they ran or waited; what it had answered is there', async () => {
    const nightshift = open();
    const program = `import { openNightshift } from '@nightshift/host';
const nightshift = openNightshift();
const started = [];
for (let n = 0; n < 3; n++) started.push(await nightshift.startThreadJob({ scriptBlock: n === 0 ? 'return 1' : ${JSON.stringify(UNTIL_STOPPED)} }, { throttleLimit: 1 }));
await started[0].finished;
process.stdout.write('ready');
`;
    const file = fileURLToPath(new URL('./killed.tmp.mjs', import.meta.url));
    write(file, program);
    const { rmSync } = await import('node:fs');
    onTestFinished(() => rmSync(file, { force: true }));
    const child = spawn(process.execPath, ['--conditions=source', file], { env: { PATH: process.env['PATH'], HOME: nightshift.root, NIGHTSHIFT_STATE_DIR: join(nightshift.root, 'state') }, stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise<void>((resolve) => child.stdout.on('data', () => resolve()));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.on('exit', resolve));
    expect((await nightshift.getJobs()).map(({ state, reason }) => [state, reason])).toEqual([['Completed', null], ['Failed', 'interrupted'], ['Failed', 'interrupted']]);
  });

  test('a job is stopped from another process than its own', async () => {
    const nightshift = open();
    const other = openNightshift({ environment: { PATH: process.env['PATH'] as string, HOME: nightshift.root, NIGHTSHIFT_STATE_DIR: join(nightshift.root, 'state') } });
    onTestFinished(() => other[Symbol.asyncDispose]());
    const { id, finished } = await nightshift.startThreadJob({ scriptBlock: UNTIL_STOPPED });
    expect((await other.stopJob(id))[0]).toMatchObject({ state: 'Stopped', reason: 'stopped' });
    expect((await finished).state).toBe('Stopped');
  });

  test('what still runs when the library is closed is Stopped, and nothing of it is left', async () => {
    const nightshift = open();
    await nightshift.startThreadJob({ scriptBlock: 'for (;;);' });
    await nightshift[Symbol.asyncDispose]();
    const again = openNightshift({ environment: { HOME: nightshift.root, NIGHTSHIFT_STATE_DIR: join(nightshift.root, 'state') } });
    onTestFinished(() => again[Symbol.asyncDispose]());
    expect((await again.getJobs())[0]).toMatchObject({ state: 'Stopped', reason: 'stopped' });
    expect(existsSync(join(nightshift.root, 'state'))).toBe(true);
  });
});
