import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { entryFile } from '../../src/plugins/process/entry-file.ts';
import { complaintOf, temporaryFolder, write } from '../folder.ts';

function packageOf(facts: object, ...files: readonly string[]): string {
  const folder = temporaryFolder();
  write(join(folder, 'package.json'), JSON.stringify(facts));
  for (const file of files) write(join(folder, file), '');
  return folder;
}

describe('the file that is imported of a package', () => {
  test.each([
    ['main', { main: 'lib/a.js' }, 'lib/a.js'],
    ['main without its ending', { main: './lib/a' }, 'lib/a.js'],
    ['main that is a folder', { main: 'lib' }, 'lib/index.js'],
    ['an index, where nothing is said', {}, 'index.js'],
    ['an index of TypeScript', {}, 'index.ts'],
    ['exports that are a text', { exports: './a.js', main: 'b.js' }, 'a.js'],
    ['exports under "."', { exports: { '.': './a.js', './other': './b.js' } }, 'a.js'],
    ['exports by conditions, the first that fits', { exports: { types: './t.d.ts', browser: './b.js', import: './a.js', default: './c.js' } }, 'a.js'],
    ['exports by nested conditions', { exports: { '.': { node: { require: './r.cjs', import: './a.js' } } } }, 'a.js'],
    ['exports that are a list', { exports: [{ browser: './b.js' }, './a.js'] }, 'a.js'],
  ])('is what its package.json says: %s', (_what, facts, file) => {
    const folder = packageOf(facts, file, 't.d.ts', 'b.js', 'c.js', 'r.cjs');
    expect(entryFile(folder)).toBe(join(folder, file));
  });

  test.each([
    ['has no file', {}, 'it has neither "exports" nor "main" in its package.json, and no index.js'],
    ['names one that is not there', { main: 'gone.js' }, 'its package.json names gone.js, which is not there'],
    ['exports nothing that can be imported', { exports: { './other': './b.js' } }, 'its package.json exports nothing under "." that could be imported'],
    ['exports nothing under a condition of ours', { exports: { '.': { require: './b.js' } } }, 'its package.json exports nothing under "."'],
  ])('is missing where it %s', async (_what, facts, message) => {
    expect(await complaintOf(() => entryFile(packageOf(facts, 'b.js')))).toMatchObject({ code: 'PluginLoadFailed', message: expect.stringContaining(message) });
  });

  test('never lies outside of it, by a path or by a link', async () => {
    const outside = packageOf({}, 'index.js');
    const [byPath, byLink] = [packageOf({ main: join('..', outside.split('/').at(-1) as string, 'index.js') }), packageOf({})];
    symlinkSync(join(outside, 'index.js'), join(byLink, 'index.js'));
    for (const folder of [byPath, byLink]) expect(await complaintOf(() => entryFile(folder))).toMatchObject({ code: 'PluginLoadFailed', message: expect.stringContaining('leads out of its folder') });
  });
});
