import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { replaceFile } from '../src/index.ts';
import { temporaryFolder, write } from './folder.ts';

const modeOf = (file: string): number => statSync(file).mode & 0o7777;
const isRoot = process.geteuid?.() === 0;
const canMount = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'ignore' }).status === 0;

const source = fileURLToPath(new URL('../src/index.ts', import.meta.url));
/** Root may write everywhere; somebody else can stand in for a caller only where he may read this. */
const nobody = isRoot ? { uid: 65_534, gid: 65_534 } : {};
const canBeNobody = spawnSync(process.execPath, ['--conditions=source', '--eval', `import(${JSON.stringify(source)})`], nobody).status === 0;

/** A folder on a disk of its own, with these options. */
function mounted(options: string): string {
  const folder = temporaryFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'none', folder]);
  onTestFinished(() => void spawnSync('umount', ['--lazy', folder]));
  return folder;
}

describe('a file that is written', () => {
  test.each([
    [0o022, 0o644],
    [0o077, 0o600],
    [0o002, 0o644],
    [0o000, 0o644],
  ])("has mode 0644 less the caller's umask %o when it is new", async (umask, mode) => {
    const file = join(temporaryFolder(), 'New.yaml');
    await replaceFile(file, 'job: {}\n', { umask });
    expect([readFileSync(file, 'utf8'), modeOf(file)]).toEqual(['job: {}\n', mode]);
  });

  test.each([0o600, 0o640, 0o755])('keeps the mode %o that it had', async (mode) => {
    const file = write(join(temporaryFolder(), 'Old.yaml'), 'old', mode);
    await replaceFile(file, 'new', { umask: 0o022 });
    expect([readFileSync(file, 'utf8'), modeOf(file)]).toEqual(['new', mode]);
  });

  test.skipIf(!isRoot)('keeps the owner that it had', async () => {
    const file = write(join(temporaryFolder(), 'Old.yaml'), 'old');
    execFileSync('chown', ['4321:1234', file]);
    await replaceFile(file, 'new');
    expect(statSync(file)).toMatchObject({ uid: 4321, gid: 1234 });
  });

  test('is replaced by another in one step: who has the old one open goes on reading it', async () => {
    const file = write(join(temporaryFolder(), 'Old.yaml'), 'old');
    const before = statSync(file).ino;
    await replaceFile(file, 'new');
    expect(statSync(file).ino).not.toBe(before);
  });

  test('behind a symbolic link is written where it lies, and the link stays', async () => {
    const folder = temporaryFolder();
    const target = write(join(folder, 'shared', 'base.yaml'), 'old');
    symlinkSync(join('shared', 'base.yaml'), join(folder, 'Nightly.yaml'));
    await replaceFile(join(folder, 'Nightly.yaml'), 'new');
    expect([readFileSync(target, 'utf8'), readdirSync(folder).toSorted(), readdirSync(join(folder, 'shared'))]).toEqual(['new', ['Nightly.yaml', 'shared'], ['base.yaml']]);
  });
});

describe('a file that is to be new', () => {
  test.each([
    ['a file', (file: string) => writeFileSync(file, 'old')],
    ['a folder', (file: string) => mkdirSync(file)],
    ['a link to nowhere', (file: string) => symlinkSync('nowhere', file)],
  ])('is refused where %s is, and nothing is left beside it', async (_, plant) => {
    const folder = temporaryFolder();
    plant(join(folder, 'Nightly.yaml'));
    await expect(replaceFile(join(folder, 'Nightly.yaml'), 'new', { create: true })).rejects.toMatchObject({ code: 'CantRegisterScheduledJobDefinition' });
    expect(readdirSync(folder)).toEqual(['Nightly.yaml']);
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
  });

  test('is refused with the code that was asked for', async () => {
    const file = write(join(temporaryFolder(), 'Old.yaml'), 'old');
    await expect(replaceFile(file, 'new', { create: true, existsCode: 'CantSetPropertiesToScheduledJobDefinition' })).rejects.toMatchObject({ code: 'CantSetPropertiesToScheduledJobDefinition' });
    expect(readFileSync(file, 'utf8')).toBe('old');
  });

  test('is made once when many make it at the same time', async () => {
    const folder = temporaryFolder();
    const ends = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => replaceFile(join(folder, 'A.yaml'), `number ${index}`, { create: true })));
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(readFileSync(join(folder, 'A.yaml'), 'utf8')).toBe(`number ${ends.findIndex(({ status }) => status === 'fulfilled')}`);
    expect(readdirSync(folder)).toEqual(['A.yaml']);
  });
});

describe('a file that cannot be written', () => {
  test.each([
    ['the folder is missing', (folder: string) => join(folder, 'missing', 'A.yaml')],
    ['the folder is a file', (folder: string) => join(write(join(folder, 'file'), ''), 'A.yaml')],
  ])('says that %s', async (_, place) => {
    for (const create of [true, false]) await expect(replaceFile(place(temporaryFolder()), 'new', { create })).rejects.toMatchObject({ code: 'DirectoryNotFoundException' });
  });

  test('is not put in the place of a folder', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'A.yaml'));
    await expect(replaceFile(join(folder, 'A.yaml'), 'new')).rejects.toMatchObject({ code: 'InputOutputError' });
    expect(readdirSync(folder)).toEqual(['A.yaml']);
  });

  test.skipIf(!canMount || !isRoot)('for want of space leaves the old one, and nothing beside it', async () => {
    const folder = mounted('size=64k');
    write(join(folder, 'A.yaml'), 'old');
    for (const options of [{}, { create: true }]) await expect(replaceFile(join(folder, 'create' in options ? 'B.yaml' : 'A.yaml'), 'x'.repeat(200_000), options)).rejects.toMatchObject({ code: 'StoreFull' });
    expect([readdirSync(folder), readFileSync(join(folder, 'A.yaml'), 'utf8')]).toEqual([['A.yaml'], 'old']);
  });

  test.skipIf(!canMount || !isRoot)('on a read-only file system says so', async () => {
    await expect(replaceFile(join(mounted('ro'), 'A.yaml'), 'new')).rejects.toMatchObject({ code: 'ReadOnlyFileSystem' });
  });

  test.skipIf(!canBeNobody)('in a folder that is closed to the caller says so', () => {
    const folder = temporaryFolder();
    chmodSync(folder, isRoot ? 0o755 : 0o555);
    const script = `import { replaceFile } from ${JSON.stringify(source)};
      await replaceFile(${JSON.stringify(join(folder, 'A.yaml'))}, 'new').catch(({ code }) => console.log(code));`;
    const { stdout } = spawnSync(process.execPath, ['--conditions=source', '--input-type=module', '--eval', script], { encoding: 'utf8', ...nobody });
    chmodSync(folder, 0o755);
    expect([stdout, readdirSync(folder)]).toEqual(['UnauthorizedAccessToRegisterScheduledJobDefinition\n', []]);
  });
});
