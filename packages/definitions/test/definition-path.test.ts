import { createHash } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { definitionKey, insideProject, namespaceOf, projectRoot, shownPath } from '../src/index.ts';
import { temporaryFolder, write } from './folder.ts';

const isRoot = process.geteuid?.() === 0;

describe('the key of a definition', () => {
  test('is the namespace and the name in lower case', () => {
    expect(definitionKey('reports', 'NightlyBackup')).toBe('reports/nightlybackup');
  });

  test("has 8 hex digits of the folder's real path where no namespace is given", async () => {
    const folder = temporaryFolder();
    symlinkSync(folder, `${folder}/link`);
    const expected = createHash('sha256').update(folder).digest('hex').slice(0, 8);
    expect(await namespaceOf(folder)).toBe(expected);
    expect(await namespaceOf(join(folder, 'link'))).toBe(expected);
  });
});

describe('the project of a folder', () => {
  test.each(['.git', 'package.json'])('is the nearest folder upward with %s', async (mark) => {
    const root = temporaryFolder();
    write(join(root, 'outer', mark), '');
    mkdirSync(join(root, 'outer', 'inner', 'definitions'), { recursive: true });
    write(join(root, 'package.json'), '');
    expect(await projectRoot(join(root, 'outer', 'inner', 'definitions'))).toBe(join(root, 'outer'));
  });

  test('does not exist where nothing marks one', async () => {
    expect(await projectRoot(temporaryFolder())).toBeUndefined();
  });

  test('is not looked for in a folder that everybody may write', async () => {
    const root = temporaryFolder();
    write(join(root, 'package.json'), '');
    mkdirSync(join(root, 'definitions'));
    chmodSync(root, 0o777);
    expect(await projectRoot(join(root, 'definitions'))).toBeUndefined();
  });

  test.skipIf(!isRoot)('is not looked for in a folder of somebody else', async () => {
    const root = temporaryFolder();
    write(join(root, 'package.json'), '');
    mkdirSync(join(root, 'definitions'));
    chownSync(root, 4_321, 4_321);
    expect(await projectRoot(join(root, 'definitions'))).toBeUndefined();
  });

  test.skipIf(process.platform !== 'linux')('is not looked for on another file system', async () => {
    expect(await projectRoot('/proc/self')).toBeUndefined();
  });

  test('is not looked for above the home folder', async () => {
    expect(await projectRoot(homedir())).toSatisfy((root) => root === undefined || root === homedir());
  });
});

describe('a path that a definition names', () => {
  function project(): { root: string; definitions: string } {
    const root = temporaryFolder();
    write(join(root, 'package.json'), '{}');
    write(join(root, 'scripts', 'a.mjs'), '');
    mkdirSync(join(root, 'definitions'));
    return { root, definitions: join(root, 'definitions') };
  }

  test.each([
    ['..', ''],
    ['.', 'definitions'],
    ['../scripts/a.mjs', 'scripts/a.mjs'],
    ['../not/there/yet', 'not/there/yet'],
    ['..a', 'definitions/..a'],
  ])('%s lies inside the project', async (path, expected) => {
    const { root, definitions } = project();
    expect(await insideProject(definitions, path)).toBe(join(root, expected));
  });

  test('may be absolute', async () => {
    const { root, definitions } = project();
    expect(await insideProject(definitions, join(root, 'scripts'))).toBe(join(root, 'scripts'));
  });

  test.each(['../..', '../../../..', '/etc', '../../not-there', '/'])('%s lies outside', async (path) => {
    await expect(insideProject(project().definitions, path)).rejects.toMatchObject({ code: 'DefinitionUnsafe' });
  });

  test.each(['out', 'out/deeper', 'nowhere', 'nowhere/deeper', 'loop'])('%s, by a link that leaves, lies outside', async (path) => {
    const { definitions } = project();
    symlinkSync('/etc', join(definitions, 'out'));
    symlinkSync('/not/there', join(definitions, 'nowhere'));
    symlinkSync('loop', join(definitions, 'loop'));
    await expect(insideProject(definitions, path)).rejects.toMatchObject({ code: 'DefinitionUnsafe' });
  });

  test('may be longer than any path is', async () => {
    const { definitions } = project();
    expect(await insideProject(definitions, 'a/'.repeat(50_000))).toBe(join(definitions, 'a/'.repeat(50_000), '.').replace(/\/$/, ''));
  });

  test('by a link that stays is taken', async () => {
    const { root, definitions } = project();
    symlinkSync('../scripts', join(definitions, 'in'));
    expect(await insideProject(definitions, 'in/a.mjs')).toBe(join(root, 'scripts', 'a.mjs'));
  });

  test('must stay in the folder of the definition where there is no project', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'definitions', 'sub'), { recursive: true });
    expect(await insideProject(join(folder, 'definitions'), 'sub')).toBe(join(folder, 'definitions', 'sub'));
    await expect(insideProject(join(folder, 'definitions'), '..')).rejects.toMatchObject({ code: 'DefinitionUnsafe' });
  });
});

describe('a file is shown', () => {
  test('relative to the current folder when it lies below', () => {
    expect(shownPath(join(process.cwd(), 'definitions', 'A.yaml'))).toBe(join('definitions', 'A.yaml'));
    expect(shownPath('definitions/../A.yaml')).toBe('A.yaml');
  });

  test('absolute when it lies elsewhere', () => {
    const file = join(temporaryFolder(), 'A.yaml');
    expect(shownPath(file)).toBe(file);
    expect(shownPath(relative(process.cwd(), file))).toBe(file);
    expect(shownPath(process.cwd())).toBe(process.cwd());
  });
});
