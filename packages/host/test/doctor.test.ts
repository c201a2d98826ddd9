import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../src/doctor.ts';
import { doctorPlace, told } from './doctor/place.ts';
import { canRunUs } from './folder.ts';

const STRANGER = 54_321;
/** Only root can give files away. */
const asRoot = test.skipIf(process.getuid?.() !== 0);

type Place = ReturnType<typeof doctorPlace>;

/** One finished job in the given store. */
async function runJob({ root, host }: Place, persist: boolean): Promise<void> {
  const job = await host().startJob({ what: { type: 'BackgroundJob', spec: { command: ['echo', 'kept'] } }, callerDirectory: root, persist, warn: () => {} });
  await host().waitJobs({ ids: [job.id] }, {});
}

/** Everything below a folder with what could change about it. */
function picture(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted().map((name) => {
    const { mode, size, mtimeMs } = statSync(join(folder, name));
    return `${name} ${mode} ${size} ${mtimeMs}`;
  });
}

const notWell = (findings: readonly Finding[]): readonly string[] => findings.filter(({ state }) => state !== 'ok').map(({ subject, text }) => `${subject}: ${text}`);

describe('a fresh machine', () => {
  test('is well in every respect that the machine of a test can be', async () => {
    const findings = await doctorPlace().examine();
    expect(notWell(findings).filter((text) => !/^(?:time service|logout|file system|clock):/.test(text))).toEqual([]);
    expect(findings.map(({ subject }) => subject)).toEqual(expect.arrayContaining([
      'Node', 'state folder', 'session folder', 'cache', 'config folder', 'configuration', 'trust', 'definitions', 'id counter', 'session store', 'durable store',
      'disk space', 'file system', 'time zone', 'zone data', 'clock', 'time service', 'umask', 'PATH', 'programs', 'processes', 'logout',
    ]));
  });

  test('is examined without a trace: nothing is made, nowhere', async () => {
    const place = doctorPlace();
    const before = picture(place.root);
    await place.examine();
    expect(picture(place.root)).toEqual(before);
  });

  test('may be without a state folder, a home, a PATH', async () => {
    const place = doctorPlace({ HOME: '/nonexistent', XDG_CONFIG_HOME: '/nonexistent/config', PATH: undefined, TZ: '' });
    expect((await place.examine()).filter(({ text }) => text.includes('could not be looked at'))).toEqual([]);
  });
});

test('a used machine is examined without a trace as well', async () => {
  const place = doctorPlace();
  place.define('Hello', 'job: { command: [echo] }');
  await runJob(place, false);
  await runJob(place, true);
  const before = picture(place.root);
  const first = await place.examine();
  expect(first.filter(({ ok }) => !ok)).toEqual([]);
  expect(first.find(({ subject }) => subject === 'session store')?.text).toMatch(/^schema \d+, 2 rows$/);
  expect(first.find(({ subject }) => subject === 'definitions')?.text).toBe(`${place.project}/definitions: 1 definition`);
  expect(picture(place.root)).toEqual(before);
});

test('every finding that is not well has something to type, and ok is false for what is bad alone', async () => {
  const place = doctorPlace({ TZ: 'Nope/Zone', PATH: '.:/nowhere', NIGHTSHIFT_MIN_FREE: '999999999999999' });
  mkdirSync(place.state, { mode: 0o755 });
  place.config('plugins: [x]\nbogus: 1');
  const findings = await place.examine();
  expect(findings.filter(({ state, fix }) => (state === 'ok') !== (fix === undefined))).toEqual([]);
  expect(findings.filter(({ state, ok }) => ok === (state === 'bad'))).toEqual([]);
  expect(new Set(findings.map(({ state }) => state))).toEqual(new Set(['ok', 'warning', 'bad']));
});

describe('a folder is bad', () => {
  test.each([
    ['state folder', ''],
    ['session folder', 'session'],
    ['cache', 'cache'],
  ] as const)('when others may look into it: %s', async (subject, name) => {
    const place = doctorPlace();
    const path = join(place.state, name);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    chmodSync(path, 0o755);
    expect((await place.about(subject)).map(told)).toEqual([`bad: ${name || path}, mode 0755 => chmod 700 ${path}`]);
    expect(statSync(path).mode & 0o777).toBe(0o755);
    chmodSync(path, 0o700);
    expect((await place.about(subject)).map(({ state }) => state)).toEqual(['ok']);
  });

  test('when it is a link, a file, or lies below a file', async () => {
    const place = doctorPlace();
    mkdirSync(join(place.root, 'elsewhere'));
    symlinkSync(join(place.root, 'elsewhere'), place.state);
    expect((await place.about('state folder')).map(told)).toEqual([`bad: ${place.state} is a symbolic link, which is not followed => export NIGHTSHIFT_STATE_DIR=${join(place.root, 'elsewhere')}`]);
    rmSync(place.state);
    writeFileSync(place.state, '');
    expect((await place.about('state folder')).map(told)).toEqual([`bad: ${place.state} is not a folder => mv ${place.state} ${place.state}.aside`]);
    const below = doctorPlace({ NIGHTSHIFT_STATE_DIR: join(place.state, 'sub') });
    expect(await below.about('state folder')).toMatchObject([{ state: 'bad', text: expect.stringContaining(`${place.state} is not a folder`) }]);
  });

  asRoot('when it belongs to somebody else', async () => {
    const place = doctorPlace();
    mkdirSync(place.state, { mode: 0o700 });
    chownSync(place.state, STRANGER, STRANGER);
    expect((await place.about('state folder')).map(told)).toEqual([`bad: ${place.state}, it belongs to user ${STRANGER} => sudo chown "$(id -u)" ${place.state}`]);
  });

  test('when it was named for the session and is the state folder', async () => {
    const place = doctorPlace();
    expect(await doctorPlace({ NIGHTSHIFT_STATE_DIR: place.state, NIGHTSHIFT_RUNTIME_DIR: place.state }).about('session folder')).toMatchObject([{ state: 'bad', fix: 'unset NIGHTSHIFT_RUNTIME_DIR' }]);
  });

  test('when others can write the folder of the own configuration', async () => {
    const place = doctorPlace();
    const folder = join(place.home, '.config/nightshift');
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o777);
    expect((await place.about('config folder')).map(told)).toEqual([`bad: ${folder}, mode 0777, others can write it => chmod go-w ${folder}`]);
  });
});

describe('the index of a store', () => {
  const removeIndex = (state: string): void => readdirSync(state).filter((name) => name.startsWith('jobs.db')).forEach((name) => rmSync(join(state, name)));

  test.each([
    ['garbage', (path: string) => writeFileSync(path, 'no database')],
    ['zeros', (path: string) => writeFileSync(path, Buffer.alloc(8192))],
  ])('that is damaged is told and not touched: %s; mended, it is kept beside the new one, and the jobs come back', async (_, damage) => {
    const place = doctorPlace();
    await runJob(place, true);
    const path = join(place.state, 'jobs.db');
    removeIndexLogs(place.state);
    damage(path);
    const before = picture(place.state);
    expect(await place.about('durable store')).toMatchObject([{ state: 'bad', text: expect.stringContaining('StoreUnavailable'), fix: 'nightshift doctor --repair' }]);
    expect(picture(place.state)).toEqual(before);
    const repaired = (await (await place.host().doctor()).repair()).find(({ subject }) => subject === 'durable store');
    expect(repaired).toMatchObject({ state: 'ok', text: expect.stringContaining('1 job brought back') });
    expect(readdirSync(place.state).some((name) => name.startsWith('jobs.db.corrupt-'))).toBe(true);
    expect((await place.host().getJobs({})).jobs).toMatchObject([{ id: 1, state: 'Completed', exitCode: 0 }]);
  });

  test.each([true, false])('that is lost is told as folders without a row, and is not made by looking (durable: %s)', async (durable) => {
    const place = doctorPlace();
    await runJob(place, durable);
    const subject = durable ? 'durable store' : 'session store';
    const root = durable ? place.state : join(place.state, 'session', readdirSync(join(place.state, 'session'))[0] as string);
    removeIndex(root);
    expect(await place.about(subject)).toMatchObject([{ state: 'bad', text: expect.stringContaining('1 run folder not in the index'), fix: 'nightshift doctor --repair' }]);
    expect(existsSync(join(root, 'jobs.db'))).toBe(false);
    writeFileSync(join(root, 'jobs.db'), '');
    expect(await place.about(subject)).toMatchObject([{ state: 'bad' }]);
    expect(statSync(join(root, 'jobs.db')).size).toBe(0);
    await (await place.host().doctor()).repair();
    expect(await place.about(subject)).toMatchObject([{ state: 'ok' }]);
  });

  test('of a newer version is left alone, by mending as well', async () => {
    const place = doctorPlace();
    await runJob(place, true);
    const path = join(place.state, 'jobs.db');
    spawnSync(process.execPath, ['-e', `const { DatabaseSync } = require('node:sqlite'); const d = new DatabaseSync(${JSON.stringify(path)}); d.exec('PRAGMA user_version=9999; PRAGMA wal_checkpoint(TRUNCATE)'); d.close()`]);
    const size = statSync(path).mtimeMs;
    expect(await place.about('durable store')).toMatchObject([{ state: 'bad', text: expect.stringContaining('StoreNewerSchema'), fix: 'npm install --global nightshift@latest' }]);
    expect(await (await place.host().doctor()).repair()).toContainEqual(expect.objectContaining({ subject: 'durable store', state: 'bad', text: expect.stringContaining('StoreNewerSchema') }));
    expect(statSync(path).mtimeMs).toBe(size);
  });

  test('that is a folder is a finding like any other', async () => {
    const place = doctorPlace();
    mkdirSync(join(place.state, 'jobs.db'), { recursive: true, mode: 0o700 });
    expect(await place.about('durable store')).toMatchObject([{ state: 'bad' }]);
  });

  test('says where the counter of ids is garbage, or empty beside an index', async () => {
    const place = doctorPlace();
    mkdirSync(place.state, { mode: 0o700 });
    writeFileSync(join(place.state, 'jobs.db'), 'something');
    for (const content of ['garbage, but long enough to have a header of its own', '']) {
      writeFileSync(join(place.state, 'ids.db'), content);
      expect(await place.about('id counter')).toMatchObject([{ state: 'bad', fix: 'nightshift doctor --repair' }]);
    }
  });

  test('takes an empty counter of ids for one that nobody has used, where there is no index', async () => {
    const place = doctorPlace();
    mkdirSync(place.state, { mode: 0o700 });
    writeFileSync(join(place.state, 'ids.db'), '');
    expect(await place.about('id counter')).toMatchObject([{ state: 'ok' }]);
  });

  test('takes an empty counter of ids for one that nobody has used, where the index names no job', async () => {
    const place = doctorPlace();
    await runJob(place, false);
    for (const name of readdirSync(place.state).filter((name) => name.startsWith('ids.db'))) rmSync(join(place.state, name));
    writeFileSync(join(place.state, 'ids.db'), '');
    expect(await place.about('id counter')).toMatchObject([{ state: 'bad', text: expect.stringContaining('the file is empty') }]);
    await place.host().removeJobs({ ids: [1] }, { force: false });
    expect(await place.about('id counter')).toMatchObject([{ state: 'ok' }]);
  });

  const removeIndexLogs = (state: string): void => readdirSync(state).filter((name) => /^jobs\.db-/.test(name)).forEach((name) => rmSync(join(state, name)));
});

describe('for a user who is not root', () => {
  test.skipIf(!canRunUs(STRANGER))('folders that nobody may look into are findings, and nothing stops the rest', async () => {
    const place = doctorPlace();
    const folder = join(place.root, 'closed');
    mkdirSync(join(folder, 'state'), { recursive: true });
    chmodSync(folder, 0o700);
    chmodSync(place.root, 0o755);
    const program = `
      import { createHost } from ${JSON.stringify(join(import.meta.dirname, '../src/create-host.ts'))};
      const host = createHost({ environment: { PATH: '/usr/bin:/bin', HOME: '/', NIGHTSHIFT_STATE_DIR: ${JSON.stringify(join(folder, 'state'))} }, workingDirectory: '/', umask: 0o022 });
      console.log(JSON.stringify(await (await host.doctor()).examine()));`;
    const ran = spawnSync(process.execPath, ['--conditions=source', '--input-type=module', '-e', program], { uid: STRANGER, gid: STRANGER, encoding: 'utf8', cwd: '/' });
    const findings = JSON.parse(ran.stdout || `"${ran.stderr}"`) as Finding[];
    expect(findings.filter(({ state }) => state === 'bad').map(({ subject }) => subject)).toEqual(expect.arrayContaining(['state folder', 'session folder']));
    expect(findings.map(({ subject }) => subject)).toContain('logout');
  });
});
