import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { currentFolder, existingFolder, expandFolder, findScript } from '../src/paths.ts';
import { complaintOf, temporaryFolder, write } from './folder.ts';

function place() {
  const root = temporaryFolder();
  for (const name of ['a.sh', 'b.sh', 'B.sh', '.hidden.sh', 'x[1].sh', 'x1.sh', 'sub/c.sh', 'sub/deep/d.sh', 'other/c.sh']) write(join(root, name), '');
  mkdirSync(join(root, 'folder.sh'));
  mkdirSync(join(root, 'sub[1]'));
  return root;
}

describe('a script is', () => {
  test.each([
    ['the file of that path', 'a.sh', 'a.sh'],
    ['the file of that path with dots', './sub/../a.sh', 'a.sh'],
    ['the only match of a pattern', 'a.*', 'a.sh'],
    ['the only match of a question mark', '?.s[g-i]', undefined],
    ['the only match of a set', '[a].sh', 'a.sh'],
    ['the only match with regard to case', 'B.*', 'B.sh'],
    ['the only match in folders', 's*/c.sh', 'sub/c.sh'],
    ['the only match of several patterns', '*b/*/*.sh', 'sub/deep/d.sh'],
    ['the file of the very name, before any match', 'x[1].sh', 'x[1].sh'],
    ['never a folder', 'f*.sh', undefined],
    ['never hidden from a pattern', '*hidden*', undefined],
    ['hidden when named', '.hidden.sh', '.hidden.sh'],
    ['nothing that is missing', 'missing.sh', undefined],
    ['no folder', 'sub', undefined],
    ['nothing when the pattern is empty', '', undefined],
    ['nothing beyond a file', 'a.sh/*', undefined],
    ['nothing of a name that is too long', 'x'.repeat(5_000), undefined],
    ['nothing of a pattern that is too long', '*'.repeat(5_000), undefined],
  ])('%s: %s', async (_, pattern, name) => {
    const root = place();
    if (name !== undefined) expect(findScript(pattern, root)).toBe(join(root, name));
    else expect((await complaintOf(() => findScript(pattern, root))).code).toMatch(/^FilePathNot(Found|Single)$/);
  });

  test('refused when several match, and all are told in order', async () => {
    const root = place();
    expect(await complaintOf(() => findScript('[ab].sh', root))).toMatchObject({ code: 'FilePathNotSingle', message: expect.stringContaining(`2 files: ${root}/a.sh, ${root}/b.sh`) });
  });

  test('refused when none matches', async () => {
    expect(await complaintOf(() => findScript('z*', place()))).toMatchObject({ code: 'FilePathNotFound', message: 'no file matches "z*"' });
    expect(await complaintOf(() => findScript('z', place()))).toMatchObject({ code: 'FilePathNotFound', message: 'no file is at "z"' });
  });

  test('found through a link', () => {
    const root = place();
    symlinkSync('a.sh', join(root, 'link.sh'));
    expect(findScript('l*.sh', root)).toBe(join(root, 'link.sh'));
  });

  test('found by its whole path from anywhere', () => {
    const root = place();
    expect(findScript(join(root, 'a*.sh'), '/')).toBe(join(root, 'a.sh'));
  });
});

describe('a definition path is', () => {
  test.each([['sub', 'sub'], ['s?b', 'sub'], ['./sub/', 'sub'], ['*/deep', 'sub/deep'], ['sub[1]', 'sub[1]']])('the one folder that %s names', (pattern, name) => {
    const root = place();
    expect(expandFolder(pattern, root)).toBe(join(root, name));
  });

  test.each([
    ['https://example.com/x', 'StartJobFromDefinitionNamePathInvalidNotFileSystemProvider'],
    ['file:///tmp', 'StartJobFromDefinitionNamePathInvalidNotFileSystemProvider'],
    ['HKLM://x', 'StartJobFromDefinitionNamePathInvalidNotFileSystemProvider'],
    ['', 'ParameterArgumentValidationError'],
    ['missing', 'DirectoryNotFoundException'],
    ['a.sh', 'DirectoryNotFoundException'],
    ['x'.repeat(5_000), 'DirectoryNotFoundException'],
    ['z*', 'StartJobFromDefinitionNamePathInvalidNotSingle'],
    ['*', 'StartJobFromDefinitionNamePathInvalidNotSingle'],
  ])('refused when it is "%s": %s', async (pattern, code) => {
    expect(await complaintOf(() => expandFolder(pattern, place()))).toMatchObject({ code });
  });
});

describe('a folder by its path', () => {
  test('is told absolute', () => {
    const root = place();
    expect(existingFolder('sub', root)).toBe(join(root, 'sub'));
    expect(existingFolder(join(root, 'sub'), '/')).toBe(join(root, 'sub'));
  });

  test.each([
    ['missing', '"missing" does not exist'],
    ['a.sh', '"a.sh" is not a folder'],
    ['a.sh/x', '"a.sh/x" does not exist'],
    ['loop', '"loop" is a link that leads to itself'],
    ['x'.repeat(300), `"${'x'.repeat(300)}" is longer than any path`],
    ['*', '"*" does not exist'],
  ])('is refused when it is %s', async (path, message) => {
    const root = place();
    symlinkSync('loop', join(root, 'loop'));
    expect(await complaintOf(() => existingFolder(path, root))).toMatchObject({ code: 'DirectoryNotFoundException', message });
  });
});

test('a current folder that has been removed is told', async () => {
  const [folder, before] = [temporaryFolder(), process.cwd()];
  process.chdir(folder);
  try {
    rmSync(folder, { recursive: true });
    expect(await complaintOf(currentFolder)).toMatchObject({ code: 'DirectoryNotFoundException' });
  } finally {
    process.chdir(before);
  }
  expect(currentFolder()).toBe(before);
});
