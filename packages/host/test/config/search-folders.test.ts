import { chmodSync, chownSync, mkdirSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { searchFolders } from '../../src/config/search-folders.ts';
import { temporaryFolder, write } from '../folder.ts';

const STRANGER = 54_321;
/** Only root can give files away. */
const asRoot = test.skipIf(process.getuid?.() !== 0);

function place() {
  const root = temporaryFolder();
  const below = join(root, 'project', 'sub', 'below');
  mkdirSync(below, { recursive: true });
  return { root, project: join(root, 'project'), sub: join(root, 'project', 'sub'), below };
}

test.each([
  ['.git', (path: string) => void mkdirSync(path)],
  ['package.json', (path: string) => void write(path, '{}')],
])('a project reaches from the current folder up to the nearest %s', async (name, make) => {
  const { project, sub, below } = place();
  make(join(project, name));
  expect(await searchFolders(below)).toEqual({ folders: [below, sub, project], root: project });
  make(join(sub, name));
  expect(await searchFolders(below)).toEqual({ folders: [below, sub], root: sub });
});

test('without a project the current folder alone is searched', async () => {
  const { below } = place();
  expect(await searchFolders(below)).toEqual({ folders: [below] });
});

test('a link to a folder is searched where it leads', async () => {
  const { root, project, below } = place();
  mkdirSync(join(project, '.git'));
  symlinkSync(below, join(root, 'link'));
  expect((await searchFolders(join(root, 'link'))).folders).toEqual([below, join(project, 'sub'), project]);
});

test('the search ends at the home folder, whatever lies above it', async () => {
  const { root, project, sub, below } = place();
  mkdirSync(join(root, '.git'));
  const before = process.env['HOME'];
  process.env['HOME'] = project;
  onTestFinished(() => void (before === undefined ? delete process.env['HOME'] : (process.env['HOME'] = before)));
  expect(homedir()).toBe(project);
  expect(await searchFolders(below)).toEqual({ folders: [below] });
  mkdirSync(join(project, '.git'));
  expect(await searchFolders(below)).toEqual({ folders: [below, sub, project], root: project });
});

test('the search ends below a folder that everybody can write', async () => {
  const { project, sub, below } = place();
  mkdirSync(join(project, '.git'));
  chmodSync(sub, 0o1777);
  expect(await searchFolders(below)).toEqual({ folders: [below] });
});

asRoot('the search ends below a folder of somebody else', async () => {
  const { project, sub, below } = place();
  mkdirSync(join(project, '.git'));
  chownSync(sub, STRANGER, STRANGER);
  expect(await searchFolders(below)).toEqual({ folders: [below] });
});

test('a folder that everybody can write is not searched at all', async () => {
  const { below } = place();
  mkdirSync(join(below, '.git'));
  chmodSync(below, 0o777);
  expect(await searchFolders(below)).toEqual({ folders: [], refused: 'everybody can write it' });
});

asRoot('nor is a folder of somebody else', async () => {
  const { below } = place();
  mkdirSync(join(below, '.git'));
  chownSync(below, STRANGER, STRANGER);
  expect(await searchFolders(below)).toEqual({ folders: [], refused: `it belongs to user ${STRANGER}` });
});

test('a folder that is not there holds no configuration', async () => {
  expect((await searchFolders(join(place().root, 'missing'))).folders).toEqual([]);
});
