import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { checkPrivate, emptyAfterBoot, sessionFolderOfBoot, stateFolder } from '../src/index.ts';
import { countingIn, insertPair, jobError, modeOf, openStore, sessionKind, temporaryFolder } from './folder.ts';

const unsafe = (part = ''): Error => jobError('RuntimeFolderUnsafe', part);
const isRoot = process.getuid?.() === 0;

/** What somebody may have put where we make a folder. */
const PLANTED: readonly (readonly [string, (path: string, elsewhere: string) => void])[] = [
  ['a link to a folder of ours', (path, elsewhere) => symlinkSync(elsewhere, path)],
  ['a link to nowhere', (path) => symlinkSync('/no/such/folder', path)],
  ['a link to itself', (path) => symlinkSync(path, path)],
  ['a link to a file', (path, elsewhere) => (writeFileSync(join(elsewhere, 'f'), ''), symlinkSync(join(elsewhere, 'f'), path))],
  ['a file', (path) => writeFileSync(path, '')],
  ['a named pipe', (path) => execFileSync('mkfifo', [path])],
];

describe('a private folder', () => {
  test.each([
    ['for the session', checkPrivate],
    ['for the state', stateFolder],
  ])('%s is made with its parents, for its owner alone', (_what, make) => {
    const umask = process.umask(0);
    onTestFinished(() => void process.umask(umask));
    const path = join(temporaryFolder(), 'a', 'b', 'c');
    make(path);
    expect([path, join(path, '..'), join(path, '..', '..')].map(modeOf)).toEqual(['0700', '0700', '0700']);
  });

  test('that is there already is taken as it is, with what lies in it', () => {
    const path = temporaryFolder();
    writeFileSync(join(path, 'f'), 'x');
    checkPrivate(path);
    expect(readdirSync(path)).toEqual(['f']);
  });

  test.each(PLANTED)('is refused where somebody has put %s', (_what, plant) => {
    const path = join(temporaryFolder(), 'run');
    plant(path, temporaryFolder());
    expect(() => checkPrivate(path)).toThrow(unsafe());
    expect(() => stateFolder(path)).toThrow(jobError('StoreUnavailable'));
  });

  test.each([`/${'x'.repeat(300)}`, `/tmp${'/x'.repeat(3_000)}`])('whose path is longer than the system allows is refused', (path) => {
    expect(() => checkPrivate(path)).toThrow(unsafe('longer than the system allows'));
    expect(() => stateFolder(path)).toThrow(jobError('StoreUnavailable', 'longer than the system allows'));
  });

  test.each([0o701, 0o710, 0o750, 0o755, 0o770, 0o777, 0o1777])('that others may look into (mode %o) is refused, with the command that closes it', (mode) => {
    const path = join(temporaryFolder(), 'run');
    mkdirSync(path);
    chmodSync(path, mode);
    expect(() => checkPrivate(path)).toThrow(expect.objectContaining({ code: 'RuntimeFolderUnsafe', file: path, hint: `chmod 700 '${path}'` }));
    expect(modeOf(path)).toBe(mode.toString(8).padStart(4, '0'));
  });

  test('of the state is closed when an earlier umask left it open', () => {
    const path = join(temporaryFolder(), 'state');
    mkdirSync(path);
    chmodSync(path, 0o755);
    stateFolder(path);
    expect(modeOf(path)).toBe('0700');
  });

  test.skipIf(!isRoot)('of somebody else is refused, and says whose it is', () => {
    const path = join(temporaryFolder(), 'run');
    mkdirSync(path, { mode: 0o700 });
    chownSync(path, 12_345, 12_345);
    expect(() => checkPrivate(path)).toThrow(unsafe('belongs to user 12345'));
    expect(() => stateFolder(path)).toThrow(jobError('StoreUnavailable', 'belongs to user 12345'));
  });
});

describe('the session folder', () => {
  test('of a boot is made private, below the state folder', () => {
    const state = temporaryFolder();
    const folder = sessionFolderOfBoot(state, 'boot-1', 'here');
    expect(folder).toBe(join(state, 'session', 'boot-1'));
    expect([modeOf(join(state, 'session')), modeOf(folder), modeOf(join(folder, 'host'))]).toEqual(['0700', '0700', '0600']);
    expect(readFileSync(join(folder, 'host'), 'utf8')).toBe('here');
  });

  test('is private also under a umask of 000', () => {
    const umask = process.umask(0);
    onTestFinished(() => void process.umask(umask));
    const folder = sessionFolderOfBoot(temporaryFolder(), 'boot-1', 'here');
    expect([modeOf(join(folder, '..')), modeOf(folder), modeOf(join(folder, 'host'))]).toEqual(['0700', '0700', '0600']);
  });

  test('is the same for the rest of the boot, with what lies in it', () => {
    const state = temporaryFolder();
    writeFileSync(join(sessionFolderOfBoot(state, 'boot-1', 'here'), 'jobs.db'), 'x');
    expect(readdirSync(sessionFolderOfBoot(state, 'boot-1', 'here')).toSorted()).toEqual(['host', 'jobs.db']);
  });

  test('of an earlier boot goes at the first open of the next', () => {
    const state = temporaryFolder();
    for (const boot of ['boot-1', 'boot-2']) mkdirSync(join(sessionFolderOfBoot(state, boot, 'here'), 'deep', 'er'), { recursive: true });
    sessionFolderOfBoot(state, 'boot-3', 'here');
    expect(readdirSync(join(state, 'session'))).toEqual(['boot-3']);
  });

  test('of another machine stays, whatever its boot', () => {
    const state = temporaryFolder();
    writeFileSync(join(sessionFolderOfBoot(state, 'boot-a', 'there'), 'jobs.db'), 'theirs');
    sessionFolderOfBoot(state, 'boot-1', 'here');
    sessionFolderOfBoot(state, 'boot-2', 'here');
    expect(readdirSync(join(state, 'session')).toSorted()).toEqual(['boot-2', 'boot-a']);
    expect(readFileSync(join(state, 'session', 'boot-a', 'jobs.db'), 'utf8')).toBe('theirs');
  });

  test('that says nothing of its machine stays', () => {
    const state = temporaryFolder();
    mkdirSync(join(state, 'session', 'unknown'), { recursive: true, mode: 0o700 });
    sessionFolderOfBoot(state, 'boot-1', 'here');
    expect(readdirSync(join(state, 'session')).toSorted()).toEqual(['boot-1', 'unknown']);
  });

  test.each([
    ['the place of all sessions', (state: string) => join(state, 'session')],
    ['the place of this boot', (state: string) => (mkdirSync(join(state, 'session'), { mode: 0o700 }), join(state, 'session', 'boot-1'))],
  ].flatMap(([where, place]) => PLANTED.map(([what, plant]) => [where, what, place, plant] as const)))('is refused when %s holds %s', (_where, _what, place, plant) => {
    const state = temporaryFolder();
    const elsewhere = temporaryFolder();
    (plant as (typeof PLANTED)[number][1])((place as (state: string) => string)(state), elsewhere);
    const before = readdirSync(elsewhere);
    expect(() => sessionFolderOfBoot(state, 'boot-1', 'here')).toThrow(unsafe());
    expect(readdirSync(elsewhere)).toEqual(before);
  });

  test.each([0o755, 0o770])('is refused when others may look into it (mode %o)', (mode) => {
    const state = temporaryFolder();
    const folder = join(state, 'session', 'boot-1');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, mode);
    expect(() => sessionFolderOfBoot(state, 'boot-1', 'here')).toThrow(unsafe('others may look into it'));
  });
});

describe('a session store that is opened after a boot', () => {
  test('is emptied: rows, cursors and folders', async () => {
    const root = temporaryFolder();
    const store = openStore(sessionKind(root), countingIn(temporaryFolder()));
    emptyAfterBoot(store, 'boot-1');
    const [, run] = await insertPair(store);
    await store.saveReading(run.instanceId, { cursor: 'x' as never, reasonDelivered: false, drained: false });
    emptyAfterBoot(store, 'boot-2');
    expect(await store.find({})).toEqual([]);
    expect(await store.reading([run.instanceId])).toEqual(new Map());
    expect(existsSync(run.runFolder as string)).toBe(false);
  });

  test('is left alone within the boot', async () => {
    const store = openStore(sessionKind(temporaryFolder()));
    emptyAfterBoot(store, 'boot-1');
    const [, run] = await insertPair(store);
    emptyAfterBoot(store, 'boot-1');
    expect(await store.find({})).toHaveLength(2);
    expect(existsSync(run.runFolder as string)).toBe(true);
  });

  test('goes on counting where it was', async () => {
    const store = openStore(sessionKind(temporaryFolder()));
    emptyAfterBoot(store, 'boot-1');
    await insertPair(store);
    emptyAfterBoot(store, 'boot-2');
    expect((await insertPair(store)).map(({ id }) => id)).toEqual([3, 4]);
  });

  test('keeps what is no run folder', async () => {
    const root = temporaryFolder();
    const store = openStore(sessionKind(root));
    emptyAfterBoot(store, 'boot-1');
    writeFileSync(join(root, 'notes.txt'), 'mine');
    mkdirSync(join(root, 'not-a-run'));
    emptyAfterBoot(store, 'boot-2');
    expect(readdirSync(root)).toEqual(expect.arrayContaining(['notes.txt', 'not-a-run', 'jobs.db']));
  });

  test('is emptied by one of two that open it', async () => {
    const root = temporaryFolder();
    const [one, other] = [openStore(sessionKind(root)), openStore(sessionKind(root))];
    emptyAfterBoot(one, 'boot-1');
    await insertPair(one);
    emptyAfterBoot(one, 'boot-2');
    await insertPair(one);
    emptyAfterBoot(other, 'boot-2');
    expect(await other.find({})).toHaveLength(2);
  });
});
