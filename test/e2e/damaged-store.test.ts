import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { contentOf, newPlace, type Job, type Place } from './product.ts';

const BOOT = contentOf('/proc/sys/kernel/random/boot_id');

const stores = {
  durable: { path: (place: Place) => join(place.state, 'jobs.db'), flags: ['--persist'] },
  session: { path: (place: Place) => join(place.state, 'session', BOOT, 'jobs.db'), flags: [] },
};
const damages: Record<string, (path: string) => void> = {
  'garbage': (path) => writeFileSync(path, 'this is no database\n'.repeat(500)),
  'cut in half': (path) => truncateSync(path, Math.floor(statSync(path).size / 2)),
  'cut within its first page': (path) => truncateSync(path, 1000),
  'zeros': (path) => writeFileSync(path, Buffer.alloc(8192)),
};
const kinds = Object.entries(stores).flatMap(([name, store]) => Object.keys(damages).map((damage) => [name, damage, store] as const));

describe('a store that cannot be read', () => {
  test.each(kinds)('%s, %s: the others are listed, the error names doctor, and not a byte changes', async (name, damage, { path, flags }) => {
    const place = newPlace();
    await twoJobs(place);
    const file = path(place);
    damaged(file, damage);
    const before = sumsOf(file);
    const listing = await place.run('get-job', ['-o', 'id']);
    expect(listing).toMatchObject({ code: 6, stdout: name === 'durable' ? '1\n' : '3\n' });
    expect(listing.stderr).toMatch(/^get-job: StoreUnavailable: .+\n {2}hint: .*doctor.*\n$/);
    expect(listing.stderr).toContain(dirname(file));
    const start = await place.run('start-job', [...flags, '--', 'touch', join(place.work, 'ran')]);
    expect(start).toMatchObject({ code: 6, stdout: '' });
    expect(start.stderr).toMatch(/^start-job: StoreUnavailable: /);
    expect(existsSync(join(place.work, 'ran'))).toBe(false);
    expect(sumsOf(file)).toEqual(before);
  });

  test.each(Object.entries(stores))('%s, of a newer version: StoreNewerSchema, and not a byte changes', async (_, { path, flags }) => {
    const place = newPlace();
    await twoJobs(place);
    const file = path(place);
    checkpointed(file, 'PRAGMA user_version = 9999');
    const before = sumsOf(file);
    for (const [verb, args] of [['get-job', []], ['start-job', [...flags, '--', 'true']], ['receive-job', ['*']]] as const) {
      const { code, stderr } = await place.run(verb, [...args]);
      expect({ verb, code, stderr }).toEqual({ verb, code: 6, stderr: expect.stringContaining(`${verb}: StoreNewerSchema: `) });
    }
    expect(sumsOf(file)).toEqual(before);
  });

  test('the counter of ids is garbage: nothing is started, and not a byte changes', async () => {
    const place = newPlace();
    await twoJobs(place);
    const file = join(place.state, 'ids.db');
    damaged(file, 'garbage');
    const before = sumsOf(file);
    const start = await place.run('start-job', ['--', 'touch', join(place.work, 'ran')]);
    expect(start).toMatchObject({ code: 6, stdout: '' });
    expect(start.stderr).toMatch(/^start-job: StoreUnavailable: /);
    expect(sumsOf(file)).toEqual(before);
    expect((await place.stdoutOf('get-job', '-o', 'id'))).toBe('1\n3\n');
  });
});

describe('doctor --repair rebuilds the index from the run folders', () => {
  test.each([
    ['durable', 'deleted'], ['durable', 'garbage'], ['durable', 'zeros'], ['session', 'deleted'], ['session', 'garbage'], ['session', 'cut in half'],
  ] as const)('%s, %s: states, ids and output are as before', async (name, damage) => {
    const place = newPlace();
    const { path, flags } = stores[name];
    await place.run('start-job', ['--wait', '--name', 'good', ...flags, '--', 'echo', 'good output']);
    await place.run('start-job', ['--wait', ...flags, '--', 'sh', '-c', 'echo bad output; exit 3']);
    await place.run('start-job', ['--wait', ...flags, '--', 'sh', '-c', 'kill -KILL $$']);
    await place.start('--name', 'running', ...flags, 'echo so far; until [ -e go ]; do sleep 0.05; done; echo late');
    const before = await place.jobs('--all');
    expect(before.map(({ state }) => state)).toEqual(['Completed', 'Failed', 'Failed', 'Running']);

    const file = path(place);
    damaged(file, damage);
    const repair = await place.run('nightshift', ['doctor', '--repair']);
    expect(repair, repair.stderr).toMatchObject({ code: 0 });
    const after = await place.jobs('--all');
    expect(after.map(facts)).toEqual(before.map(facts));
    if (damage !== 'deleted') expect(readdirSync(dirname(file)).filter((entry) => entry.startsWith(`${basename(file)}.corrupt-`))).not.toEqual([]);
    expect(await place.stdoutOf('receive-job', 'good', '--from', 'start')).toBe('good output\n');
    expect(await place.stdoutOf('receive-job', '3', '--from', 'start')).toBe('bad output\n');

    writeFileSync(join(place.work, 'go'), '');
    expect(await place.finished(7)).toMatchObject({ name: 'running', state: 'Completed', exitCode: 0 });
    expect(await place.stdoutOf('receive-job', '7', '--from', 'start')).toBe('so far\nlate\n');
    expect(await place.start('--', 'true')).toBe(9);
  });

  test.each(Object.entries(stores))('a stopped job of the %s store stays Stopped', async (_, { path, flags }) => {
    const place = newPlace();
    await place.start(...flags, '--', 'sleep', '600');
    await place.stdoutOf('stop-job', '1');
    damaged(path(place), 'deleted');
    expect((await place.run('nightshift', ['doctor', '--repair'])).code).toBe(0);
    expect(await place.job(1)).toMatchObject({ state: 'Stopped', reason: 'stopped' });
  });

  test('a deleted counter of ids does not give an id twice', async () => {
    const place = newPlace();
    await twoJobs(place);
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(place.state, `ids.db${suffix}`), { force: true });
    expect((await place.run('nightshift', ['doctor', '--repair'])).code).toBe(0);
    expect(await place.start('--', 'true')).toBeGreaterThan(4);
    const ids = (await place.jobs()).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('a sound store is left as it is', async () => {
    const place = newPlace();
    await twoJobs(place);
    const before = (await place.jobs()).map(facts);
    expect((await place.run('nightshift', ['doctor', '--repair'])).code).toBe(0);
    expect((await place.jobs()).map(facts)).toEqual(before);
    expect(readdirSync(place.state).filter((entry) => entry.includes('corrupt'))).toEqual([]);
  });

  test('doctor without --repair changes nothing and says what is wrong', async () => {
    const place = newPlace();
    await twoJobs(place);
    const file = stores.durable.path(place);
    damaged(file, 'garbage');
    const before = sumsOf(file);
    const { code, stdout, stderr } = await place.run('nightshift', ['doctor']);
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain('--repair');
    expect(sumsOf(file)).toEqual(before);
  });
});

/** Job 1 in the session store, job 3 in the durable one. */
async function twoJobs(place: Place): Promise<void> {
  await place.stdoutOf('start-job', '--wait', '--', 'echo', 'of the session');
  await place.stdoutOf('start-job', '--wait', '--persist', '--', 'echo', 'kept');
}

/** First everything is brought into the one file, so that the damage is all that is missing. */
function damaged(file: string, damage: string): void {
  checkpointed(file);
  for (const suffix of ['-wal', '-shm', ...(damage === 'deleted' ? [''] : [])]) rmSync(`${file}${suffix}`, { force: true });
  damages[damage]?.(file);
}

function checkpointed(file: string, change = ''): void {
  const database = new DatabaseSync(file);
  database.exec(`${change}; PRAGMA wal_checkpoint(TRUNCATE)`);
  database.close();
}

/** Every file beside the damaged one that belongs to it. */
function sumsOf(file: string): Record<string, string> {
  const names = readdirSync(dirname(file)).filter((name) => name.startsWith(basename(file)) && !name.endsWith('-shm'));
  return Object.fromEntries(names.sort().map((name) => [name, createHash('sha256').update(readFileSync(join(dirname(file), name))).digest('hex')]));
}

/** What must survive; cursors and the moment of a begin need not. */
function facts({ id, instanceId, name, type, state, reason, command, exitCode, signal, childJobs, endTime, origin, definition }: Job) {
  return { id, instanceId, name, type, state, reason, command, exitCode, signal, childJobs, endTime, origin, definition };
}
