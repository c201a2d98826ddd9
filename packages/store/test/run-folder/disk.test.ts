import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { foldersBelow, removeFolder, setAside } from '../../src/run-folder/disk.ts';
import { temporaryFolder } from '../folder.ts';

describe('a folder', () => {
  test('goes with everything in it, and may be gone already', async () => {
    const folder = join(temporaryFolder(), 'run');
    mkdirSync(join(folder, '1'), { recursive: true });
    writeFileSync(join(folder, '1', 'stdout'), 'x');
    await removeFolder(folder);
    expect(existsSync(folder)).toBe(false);
    await removeFolder(folder);
  });

  test('goes without what its links point to', async () => {
    const [folder, other] = [join(temporaryFolder(), 'run'), temporaryFolder()];
    mkdirSync(folder);
    writeFileSync(join(other, 'precious'), 'x');
    symlinkSync(other, join(folder, 'link'));
    await removeFolder(folder);
    expect(readFileSync(join(other, 'precious'), 'utf8')).toBe('x');
  });

  test('is set aside under a name of its own, never over another', async () => {
    const place = temporaryFolder();
    writeFileSync(join(place, 'a'), 'a');
    writeFileSync(join(place, 'b'), 'b');
    await expect(setAside(join(place, 'a'), join(place, 'b'))).rejects.toThrow();
    expect(readFileSync(join(place, 'b'), 'utf8')).toBe('b');
    await setAside(join(place, 'a'), join(place, 'c'));
    expect(readFileSync(join(place, 'c'), 'utf8')).toBe('a');
  });
});

describe('folders below a folder', () => {
  function tree(): string {
    const top = temporaryFolder();
    for (const path of ['a/run1/deep/run9', 'a/b/run2', 'run0', 'a/b/c/run3']) mkdirSync(join(top, path), { recursive: true });
    writeFileSync(join(top, 'run5'), 'a file');
    symlinkSync(join(top, 'a'), join(top, 'link'));
    return top;
  }
  const isRun = (path: string): boolean => /run\d$/.test(path);

  test.each([
    [1, ['run0']],
    [2, ['a/run1', 'run0']],
    [3, ['a/b/run2', 'a/run1', 'run0']],
    [9, ['a/b/c/run3', 'a/b/run2', 'a/run1', 'run0']],
  ])('are found to depth %i, in order, not through links and not inside one another', async (depth, found) => {
    const top = tree();
    expect((await foldersBelow(top, depth, isRun)).map((path) => path.slice(top.length + 1))).toEqual(found);
  });

  test('of one that does not exist are none', async () => {
    expect(await foldersBelow(join(temporaryFolder(), 'gone'), 3, isRun)).toEqual([]);
  });
});
