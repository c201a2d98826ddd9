// A job that runs JavaScript, with everything of ours killed in the middle of it: its host, its shim, its launcher, and who resumes it.

import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { newCodePlace, type CodePlace, type Step } from '../e2e/code-place.ts';
import { filesHolding, isAlive, waitFor } from '../e2e/product.ts';
import { ARMED, DIST_TEST } from './product.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const SIGKILLED = 'the process of the job was ended by signal SIGKILL';
const plain: readonly Step[] = [{ append: ['effects', 'x'] }];
const checkpointed: readonly Step[] = [{ append: ['effects', 'x'] }, { checkpoint: { done: 2 } }, { until: 'go' }, { append: ['effects', 'y'] }];

const effects = (place: CodePlace): string => (existsSync(place.file('effects')) ? readFileSync(place.file('effects'), 'utf8') : '');
/** The process of the shim of the newest attempt. */
const shimOf = (place: CodePlace): number => Number(readFileSync(join(place.state, globSync('**/claim', { cwd: place.state }).toSorted().at(-1) as string), 'utf8').split(' ')[0]);

describe('kill -9 of the host', () => {
  test.each([
    ['code.host', plain, { state: 'Failed', reason: 'spawn', statusMessage: SIGKILLED, beginTime: null }, ''],
    ['code.prepared', plain, { state: 'Failed', reason: 'spawn', statusMessage: SIGKILLED, beginTime: null }, ''],
    ['code.started', plain, { state: 'Failed', reason: 'interrupted', statusMessage: SIGKILLED, beginTime: expect.any(String) as string }, ''],
    ['code.checkpoint.before', checkpointed, { state: 'Failed', reason: 'interrupted' }, 'x'],
    ['code.checkpoint.after', checkpointed, { state: 'Suspended', reason: 'interrupted' }, 'x'],
    ['code.ended', plain, { state: 'Failed', reason: 'interrupted', statusMessage: SIGKILLED }, 'x'],
    ['code.outcome', plain, { state: 'Completed', reason: null, statusMessage: '' }, 'x'],
  ] as const)('at %s is told by the state, and nothing runs twice', async (point, steps, end, done) => {
    const place = newCodePlace({ NIGHTSHIFT_FAILPOINTS: `${point}:1=kill` });
    const { id } = await place.startNote(steps);
    expect(await waitFor('it is at rest', () => place.job(id), ({ state }) => !['NotStarted', 'Running'].includes(state))).toMatchObject(end);
    expect(await place.job(id)).toMatchObject(end);
    expect(effects(place)).toBe(done);
  });

  test('over and over, a job goes on from one checkpoint to the next: no step is lost, none is repeated after its checkpoint', async () => {
    const place = newCodePlace({ NIGHTSHIFT_FAILPOINTS: 'code.checkpoint.after:1=kill' });
    const steps = Array.from({ length: 5 }, (_, step): readonly Step[] => [{ append: ['effects', String(step)] }, { checkpoint: { done: 2 * step + 2 } }]).flat();
    const { id } = await place.startNote(steps);
    for (let attempt = 1; attempt <= 5; attempt++) {
      expect(await place.inState(id, 'Suspended')).toMatchObject({ attempt, reason: 'interrupted' });
      expect(await place.host.resumeJobs({ ids: [id] })).toMatchObject({ problems: [], warnings: [] });
    }
    expect(await place.finished(id)).toMatchObject({ state: 'Completed', attempt: 6 });
    expect(effects(place)).toBe('01234');
  });
});

describe('kill -9 of the shim', () => {
  test('interrupts a job, and what its host did after that is nobody\'s', async () => {
    const place = newCodePlace();
    const { id } = await place.startNote([{ until: 'go' }]);
    process.kill(shimOf(place), 'SIGKILL');
    expect(await place.inState(id, 'Failed')).toMatchObject({ reason: 'interrupted', statusMessage: 'the run was interrupted' });
    place.go();
    const [outcome = ''] = globSync('**/outcome.json', { cwd: place.state });
    await waitFor('the host has ended', () => readFileSync(join(place.state, outcome), 'utf8').includes('Completed'));
    expect(await place.job(id)).toMatchObject({ state: 'Failed', reason: 'interrupted' });
  });

  test('does not let two hosts work: the one that is left ends before another takes up what it was doing', async () => {
    const place = newCodePlace();
    const job = await place.startNote([{ checkpoint: { done: 1 } }, { until: 'go' }, { append: ['effects', 'y'] }]);
    await waitFor('it has its checkpoint', () => globSync('**/checkpoint.json', { cwd: place.state }).length === 1);
    const old = place.hostPid(job);
    process.kill(shimOf(place), 'SIGKILL');
    await place.inState(job.id, 'Suspended');
    expect(isAlive(old)).toBe(true);
    await place.stdoutOf('resume-job', String(job.id));
    expect(isAlive(old)).toBe(false);
    place.go();
    expect(await place.finished(job.id)).toMatchObject({ state: 'Completed', attempt: 2 });
    expect(effects(place)).toBe('y');
  });
});

describe('kill -9 of the launcher', () => {
  const NEVER = { state: 'Failed', reason: 'spawn', statusMessage: 'the start was cut off before the command ran' };

  test.each([
    ['start.row', NEVER, ''], ['spawn.before', NEVER, ''], ['start.spawned', { state: 'Completed' }, 'x'], ['start.claimed', { state: 'Completed' }, 'x'], ['spawn.after', { state: 'Completed' }, 'x'],
  ] as const)('at %s: the job never ran, or ran once', async (point, end, done) => {
    const place = newCodePlace();
    const argv = ['--conditions=failpoints', '--conditions=source', here('programs/start-note.mjs'), join(DIST_TEST, 'shim.sh'), join(DIST_TEST, 'code-host.cjs'), here('../e2e/plugins/note-plugin.mjs'), JSON.stringify({ do: plain })];
    const { signal } = spawnSync(process.execPath, argv, { cwd: place.work, env: { ...place.env, NIGHTSHIFT_FAILPOINTS: `${point}:1=kill` } });
    expect(signal).toBe('SIGKILL');
    expect(await waitFor('it is at rest', () => place.job(1), ({ state }) => !['NotStarted', 'Running'].includes(state))).toMatchObject(end);
    expect(effects(place)).toBe(done);
  });
});

describe('kill -9 of the launcher of a run with secrets', () => {
  test.each(['start.spawned', 'start.claimed'])('at %s: the run has heard them, or never began; none of them is left anywhere', async (point) => {
    const place = newCodePlace();
    mkdirSync(join(place.work, 'definitions'));
    writeFileSync(join(place.work, 'definitions', 'Key.yaml'), `type: ThreadJob\njob:\n  scriptBlock: (await import('node:fs')).appendFileSync(${JSON.stringify(place.file('effects'))}, String(process.env.KEY?.length))\n  secrets: { KEY: env:THE_KEY, LARGE: env:LARGE }\n`);
    const env = { NIGHTSHIFT_FAILPOINTS: `${point}:1=kill`, THE_KEY: 'canary-0123', LARGE: 'x'.repeat(60_000) };
    const { signal } = await place.run(process.execPath, [ARMED, 'start-job', '--definition-name', 'Key'], { env });
    expect(signal).toBe('SIGKILL');
    const job = await waitFor('it is at rest', () => place.job(1), ({ state }) => !['NotStarted', 'Running'].includes(state));
    expect([job.state, effects(place)]).toEqual(job.state === 'Completed' ? ['Completed', '11'] : ['Failed', '']);
    expect(filesHolding('canary-0123', place.state)).toEqual([]);
  });
});

describe('kill -9 of who resumes', () => {
  test.each(['retry.resumed', 'start.row', 'spawn.before', 'start.claimed'])('at %s: the job is Suspended or runs, and the next one who asks does it', async (point) => {
    const place = newCodePlace();
    const job = await place.startNote(checkpointed);
    await waitFor('it has its checkpoint', () => globSync('**/checkpoint.json', { cwd: place.state }).length === 1);
    process.kill(place.hostPid(job), 'SIGKILL');
    await place.inState(job.id, 'Suspended');
    const { signal } = await place.run(process.execPath, [ARMED, 'resume-job', String(job.id)], { env: { NIGHTSHIFT_FAILPOINTS: `${point}:1=kill` } });
    expect(signal).toBe('SIGKILL');
    await place.run('resume-job', [String(job.id)]);
    place.go();
    expect(await place.finished(job.id)).toMatchObject({ state: 'Completed' });
    expect(effects(place)).toBe('xy');
  });
});
