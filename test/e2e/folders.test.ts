import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { contentOf, newPlace, type Place } from './product.ts';

const isRoot = process.getuid?.() === 0;
const BOOT = contentOf('/proc/sys/kernel/random/boot_id');
const NOBODY = 65_534;

type Plant = (path: string, elsewhere: string) => void;
const planted: [string, Plant, { rootOnly?: boolean }?][] = [
  ['a link to a folder', (path, elsewhere) => symlinkSync(elsewhere, path)],
  ['a link to nothing', (path) => symlinkSync('/nonexistent/folder', path)],
  ['a file', (path) => writeFileSync(path, '')],
  ['a FIFO', (path) => execFileSync('mkfifo', [path])],
  ['a folder that others may read', (path) => folderOfMode(path, 0o755)],
  ['a folder that the group may enter', (path) => folderOfMode(path, 0o710)],
  ['a folder that everybody may write', (path) => folderOfMode(path, 0o1777)],
  ['a folder of somebody else', (path) => {
    folderOfMode(path, 0o700);
    chownSync(path, NOBODY, NOBODY);
  }, { rootOnly: true }],
];

describe.each([
  ['NIGHTSHIFT_RUNTIME_DIR', (place: Place) => join(place.root, 'runtime')],
  ['the default session folder', (place: Place) => join(place.state, 'session', BOOT)],
] as const)('%s is refused when it is', (name, pathIn) => {
  test.each(planted)('%s', async (_, plant, { rootOnly = false } = {}) => {
    if (rootOnly && !isRoot) return;
    const place = newPlace();
    const path = pathIn(place);
    const elsewhere = join(place.root, 'elsewhere');
    mkdirSync(elsewhere, { mode: 0o700 });
    mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 });
    plant(path, elsewhere);
    const before = lstatSync(path);
    const env = name === 'NIGHTSHIFT_RUNTIME_DIR' ? { NIGHTSHIFT_RUNTIME_DIR: path } : {};
    const { code, stdout, stderr } = await place.run('start-job', ['--', 'touch', join(place.work, 'ran')], { env });
    expect({ code, stdout }).toEqual({ code: 5, stdout: '' });
    expect(stderr).toMatch(/^start-job: RuntimeFolderUnsafe: .+\n( {2}hint: .+\n)?$/);
    expect(stderr).toContain(path);
    expect(readdirSync(elsewhere)).toEqual([]);
    expect(existsSync(join(place.work, 'ran'))).toBe(false);
    expect(lstatSync(path)).toMatchObject({ mode: before.mode, uid: before.uid, ino: before.ino });
    expect((await place.run('get-job', [], { env })).code).toBe(5);
  });
});

test('a state folder that is a file is trouble with the store, not a mistake of ours', async () => {
  const place = newPlace();
  writeFileSync(place.state, 'mine');
  for (const [verb, args] of [['start-job', ['--', 'true']], ['get-job', []]] as const) {
    const { code, stdout, stderr } = await place.run(verb, [...args]);
    expect({ code, stdout }, stderr).toEqual({ code: 6, stdout: '' });
  }
  expect(contentOf(place.state)).toBe('mine');
});

test('a session folder that is ours and private is used', async () => {
  const place = newPlace();
  const path = join(place.root, 'runtime');
  folderOfMode(path, 0o700);
  const env = { NIGHTSHIFT_RUNTIME_DIR: path };
  expect(await place.run('start-job', ['--wait', '--', 'echo', 'x'], { env })).toMatchObject({ code: 0, stdout: 'x\n' });
  expect(await place.jobs()).toEqual([]);
  expect(JSON.parse((await place.run('get-job', ['-o', 'json'], { env })).stdout)).toHaveLength(1);
  expect(existsSync(join(place.state, 'session', BOOT))).toBe(true);
});

test.each([0o000, 0o022, 0o077, 0o027] as const)('with umask %i a job has it, while run folders are 0700 and their files 0600', async (umask) => {
  const place = newPlace();
  const octal = umask.toString(8).padStart(4, '0');
  const script = `umask ${octal}; start-job --wait 'umask; : > made; mkdir folder'; start-job --wait --persist -- echo kept`;
  expect((await place.run('sh', ['-ec', script])).stdout).toBe(`${octal}\nkept\n`);
  expect(statSync(join(place.work, 'made')).mode & 0o777).toBe(0o666 & ~umask);
  expect(statSync(join(place.work, 'folder')).mode & 0o777).toBe(0o777 & ~umask);
  const wrong = [place.state, ...everythingIn(place.state)].filter((path) => {
    const found = lstatSync(path);
    return (found.mode & 0o777) !== (found.isDirectory() ? 0o700 : 0o600);
  });
  expect(wrong).toEqual([]);
});

test('a home without a state folder gets one of its own, private', async () => {
  const place = newPlace();
  const env = { NIGHTSHIFT_STATE_DIR: undefined };
  expect(await place.run('sh', ['-c', 'umask 000; start-job --wait -- echo x'], { env })).toMatchObject({ code: 0, stdout: 'x\n' });
  expect(statSync(join(place.home, '.local/state/nightshift')).mode & 0o777).toBe(0o700);
  const xdg = join(place.root, 'xdg');
  expect(await place.run('start-job', ['--wait', '--', 'echo', 'y'], { env: { ...env, XDG_STATE_HOME: xdg } })).toMatchObject({ stdout: 'y\n' });
  expect(statSync(join(xdg, 'nightshift')).mode & 0o777).toBe(0o700);
});

function folderOfMode(path: string, mode: number): void {
  mkdirSync(path);
  chmodSync(path, mode);
}

function everythingIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)));
}
