import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isAlive, newPlace, waitFor, type Place } from './product.ts';

/** A durable job that runs until the file `go` is there, beside a healthy one. */
async function twoRuns(place: Place): Promise<{ readonly id: number; readonly healthy: number; readonly run: string; readonly shim: number }> {
  const id = await place.start('--persist', '--name', 'hurt', '--', 'sh', '-c', 'echo said; until [ -e go ]; do sleep 0.05; done; echo late');
  const [run] = globSync('output/_/*', { cwd: place.state }).map((path) => join(place.state, path)) as [string];
  const healthy = await place.start('--persist', '--name', 'healthy', '--', 'sh', '-c', 'until [ -e go ]; do sleep 0.05; done');
  await waitFor('it has written', () => readFileSync(join(run, '1', 'stdout'), 'utf8') === 'said\n');
  return { id, healthy, run, shim: Number(readFileSync(join(run, '1', 'claim'), 'utf8').split(' ')[0]) };
}

async function killed(pid: number): Promise<void> {
  process.kill(-pid, 'SIGKILL');
  await waitFor('the processes are gone', () => !isAlive(pid));
}

const damages: Record<string, (run: string) => void> = {
  'a claim that names no process': (run) => writeFileSync(join(run, '1', 'claim'), 'what is this?\n'),
  'a claim that is a folder': (run) => {
    rmSync(join(run, '1', 'claim'));
    mkdirSync(join(run, '1', 'claim'));
  },
  'an exit record that says something else': (run) => writeFileSync(join(run, '1', 'exit.json'), '<html>not found</html>'),
  'an exit record that is a pipe': (run) => {
    rmSync(join(run, '1', 'exit.json'));
    spawnSync('mkfifo', [join(run, '1', 'exit.json')]);
  },
  'a file in place of the run folder': (run) => {
    rmSync(run, { recursive: true });
    writeFileSync(run, 'a file');
  },
  'a file in place of the attempt': (run) => {
    rmSync(join(run, '1'), { recursive: true });
    writeFileSync(join(run, '1'), 'a file');
  },
  'links in a ring': (run) => {
    rmSync(run, { recursive: true });
    symlinkSync(basename(run), run);
  },
};

const asideOf = (run: string): string[] => globSync(`${basename(run)}.corrupt-*`, { cwd: dirname(run) }).map((name) => join(dirname(run), name));

describe('a durable run that cannot be read', () => {
  test.each(Object.entries(damages))('for %s is told once, kept aside and ended; the others are listed', async (_what, damage) => {
    const place = newPlace();
    const { id, healthy, run, shim } = await twoRuns(place);
    await killed(shim);
    damage(run);

    const first = await place.run('get-job');
    expect(first.code, first.stderr).toBe(6);
    expect(first.stderr).toMatch(/^get-job: CantLoadScheduledJobDefinitionFromStore: the run of hurt \(\d+\) cannot be read: .+\n {2}hint: .+\.corrupt-.+\n$/);
    const [aside] = asideOf(run) as [string];
    expect(basename(aside)).toMatch(/\.corrupt-\d{4}-\d\d-\d\dT\d{6}\.\d{3}Z$/);
    expect(first.stderr).toContain(aside);
    expect(existsSync(run)).toBe(false);
    const ended = { id, state: 'Failed', reason: 'interrupted', statusMessage: expect.stringContaining(aside) as string };
    expect(first.stdout).toMatch(/hurt.+Failed[^]+healthy.+Running/);

    for (const [verb, ...args] of [['get-job', '-o', 'json'], ['wait-job', String(id)], ['nightshift', 'doctor']] as const) {
      expect(await place.run(verb, args)).toMatchObject({ stderr: '' });
    }
    expect(await place.job(id)).toMatchObject(ended);
    // Only its reason is left to be received.
    expect(await place.run('receive-job', [String(id)])).toMatchObject({ stdout: '', stderr: expect.not.stringContaining('CantLoad') as string });
    expect((await place.run('remove-job', [String(id)])).code).toBe(0);
    expect(asideOf(run)).toEqual([aside]);
    expect(await place.job(healthy)).toMatchObject({ state: 'Running' });
  });

  test.each([
    ['nothing', ''], ['blanks', `${' '.repeat(63)}\n`], ['zeros', '\0'.repeat(64)], ['the beginning of a record', `{"exitCo${' '.repeat(55)}\n`],
  ])('is none for an exit record with %s, as a crash may leave it', async (_what, text) => {
    const place = newPlace();
    const { id, run, shim } = await twoRuns(place);
    await killed(shim);
    writeFileSync(join(run, '1', 'exit.json'), text);
    expect(await place.run('get-job')).toMatchObject({ code: 0, stderr: '' });
    expect(await place.job(id)).toMatchObject({ state: 'Failed', reason: 'interrupted', statusMessage: 'the run was interrupted' });
    expect((await place.run('receive-job', [String(id)])).stdout).toBe('said\n');
    expect(asideOf(run)).toEqual([]);
  });

  test.each(['a claim that names no process', 'an exit record that says something else', 'a claim that is a folder'])('is left where it is while its process lives: %s', async (what) => {
    const place = newPlace();
    const { id, run, shim } = await twoRuns(place);
    damages[what]?.(run);
    expect(await place.run('get-job')).toMatchObject({ code: 0, stderr: '' });
    expect(await place.job(id)).toMatchObject({ state: 'Running' });
    expect(existsSync(join(run, '1', 'stdout'))).toBe(true);
    await killed(shim);
    expect(await place.run('get-job')).toMatchObject({ code: 6 });
    expect(asideOf(run)).toHaveLength(1);
  });

  test('is told by receive-job where only its records cannot be read; those of the others come, and its end stays', async () => {
    const place = newPlace();
    const { id, healthy, run } = await twoRuns(place);
    writeFileSync(join(place.work, 'go'), '');
    await place.finished(id);
    await place.finished(healthy);
    renameSync(join(run, '1', 'stdout'), join(run, '1', 'elsewhere'));
    mkdirSync(join(run, '1', 'stdout'));
    const later = await place.start('--persist', '--', 'echo', 'heard');
    await place.finished(later);
    const first = await place.run('receive-job', [String(id), String(later)]);
    expect(first).toMatchObject({ code: 6, stdout: 'heard\n' });
    expect(first.stderr).toMatch(/^receive-job: CantLoadScheduledJobDefinitionFromStore: /);
    expect(readFileSync(join(asideOf(run)[0] as string, '1', 'elsewhere'), 'utf8')).toBe('said\nlate\n');
    expect(await place.run('receive-job', [String(id)])).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(await place.job(id)).toMatchObject({ state: 'Completed', exitCode: 0 });
  });

  test('is told by one of several readers', async () => {
    const place = newPlace();
    const { id, run, shim } = await twoRuns(place);
    await killed(shim);
    damages['a claim that names no process']?.(run);
    const seen = await Promise.all([1, 2, 3, 4].map(() => place.run('get-job', [String(id)])));
    expect(seen.map(({ code }) => code).toSorted()).toEqual([0, 0, 0, 6]);
    expect(asideOf(run)).toHaveLength(1);
  });

  test('is left where it is by doctor while it lives, and kept aside by --repair afterwards, once', async () => {
    const place = newPlace();
    const { healthy, run, shim } = await twoRuns(place);
    for (const file of ['jobs.db', 'jobs.db-wal', 'jobs.db-shm']) rmSync(join(place.state, file), { force: true });
    writeFileSync(join(run, 'job.json'), 'no identity');
    expect((await place.run('nightshift', ['doctor', '--repair'])).stdout).not.toContain('CantLoad');
    expect(asideOf(run)).toEqual([]);
    expect((await place.run('nightshift', ['doctor'])).stdout).toContain('1 run folder that cannot be read');
    await killed(shim);
    const repair = await place.run('nightshift', ['doctor', '--repair']);
    expect(repair.stdout.replace(/\s+/g, ' ')).toContain('CantLoadScheduledJobDefinitionFromStore: a run cannot be read: it does not say whose it is');
    expect(readFileSync(join(asideOf(run)[0] as string, '1', 'stdout'), 'utf8')).toBe('said\n');
    expect((await place.run('nightshift', ['doctor', '--repair'])).stdout).not.toContain('CantLoad');
    expect(await place.job(healthy)).toMatchObject({ name: 'healthy', state: 'Running' });
  });
});

const DEFINITION = `
job:
  command: [sh, -c, 'echo $$ >>pids; echo said; [ -e go ] || sleep 1000']
triggers: [{ every: 1s }]
options: { multipleInstancePolicy: Parallel }
`;

test('the scheduler tells of each unreadable run once, ends it, and goes on with the others', async () => {
  const place = newPlace();
  mkdirSync(join(place.work, 'definitions'));
  writeFileSync(join(place.work, 'definitions', 'Hurt.yaml'), DEFINITION);
  const scheduler = place.begin('nightshift', ['scheduler', 'run', '-o', 'jsonl']);
  let told = '';
  scheduler.stderr.on('data', (bytes: Buffer) => (told += bytes.toString()));
  const running = await waitFor('two jobs run', () => place.jobs('--state', 'Running'), (jobs) => jobs.length >= 2);
  const [first, second] = running.map(({ instanceId }) => globSync(`output/*/Hurt/*-${instanceId.slice(-8)}`, { cwd: place.state }).map((path) => join(place.state, path))[0]) as [string, string];
  for (const run of [first, second]) {
    const [shim] = readFileSync(join(run, '1', 'claim'), 'utf8').split(' ');
    writeFileSync(join(run, '1', 'claim'), 'what is this?');
    await killed(Number(shim));
  }
  writeFileSync(join(place.work, 'definitions', 'go'), '');
  const complaints = (): string[] => told.split('\n').filter((line) => line.includes('CantLoadScheduledJobDefinitionFromStore'));
  await waitFor('it has told', complaints, (lines) => lines.length >= 2);
  await waitFor('another one completes', () => place.jobs('--all'), (jobs) => jobs.some(({ state }) => state === 'Completed'));
  expect(complaints()).toHaveLength(2);
  expect((await place.jobs('--all')).filter(({ statusMessage }) => statusMessage.includes('.corrupt-'))).toMatchObject([{ state: 'Failed', reason: 'interrupted' }, { state: 'Failed', reason: 'interrupted' }]);
  expect([asideOf(first), asideOf(second)].map(({ length }) => length)).toEqual([1, 1]);
  expect(scheduler.exitCode).toBeNull();
  scheduler.kill('SIGTERM');
});
