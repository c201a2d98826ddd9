import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findPlugin } from '../../src/trust/find-plugin.ts';
import { isPluginName } from '../../src/trust/plugin-name.ts';
import { contentOf, temporaryFolder, write } from '../folder.ts';

function place() {
  const root = temporaryFolder();
  const project = join(root, 'project');
  mkdirSync(project);
  const manifest = (folder: string, content: object | string, name = 'package.json') => write(join(root, folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  return { root, project, manifest, find: (name: string) => findPlugin(name, project) };
}

describe('a plugin is found', () => {
  test.each(['x', '@scope/x', 'x.y-z_1'])('as the package %s beside the configuration', async (name) => {
    const { project, manifest, find } = place();
    manifest(`project/node_modules/${name}`, { version: '1.2.3', exports: { '.': './evil.js' }, dependencies: {} });
    expect(await find(name)).toEqual({ name, path: join(project, 'node_modules', name), version: '1.2.3' });
  });

  test('above the project, as Node would find it, the nearest first', async () => {
    const { root, project, manifest, find } = place();
    manifest('node_modules/x', { version: '1.0.0' });
    expect(await find('x')).toEqual({ name: 'x', path: join(root, 'node_modules/x'), version: '1.0.0' });
    manifest('project/node_modules/x', { version: '2.0.0' });
    expect(await find('x')).toEqual({ name: 'x', path: join(project, 'node_modules/x'), version: '2.0.0' });
  });

  test('where a link in node_modules leads', async () => {
    const { root, project, manifest, find } = place();
    manifest('packages/x', { version: '1.0.0' });
    mkdirSync(join(project, 'node_modules'));
    symlinkSync(join(root, 'packages/x'), join(project, 'node_modules/x'));
    expect(await find('x')).toMatchObject({ path: join(root, 'packages/x') });
  });

  test.each(['./plugin', './plugin/', '../project/plugin'])('in the folder %s, with a manifest of ours or of npm', async (name) => {
    const { project, manifest, find } = place();
    manifest('project/plugin', { version: '1.0.0' });
    expect(await find(name)).toEqual({ name, path: join(project, 'plugin'), version: '1.0.0' });
    manifest('project/plugin', { name: 'disk-space', version: '2.0.0', apiVersion: 1, jobTypes: [] }, 'nightshift-plugin.json');
    expect(await find(name)).toMatchObject({ version: '2.0.0' });
  });

  test('with a manifest that is indented by tabs', async () => {
    const { manifest, find } = place();
    manifest('project/node_modules/x', '{\n\t"name": "x",\n\t"version": "1.0.0",\n\t"scripts": {\n\t\t"build": "tsc -b"\n\t}\n}\n');
    expect(await find('x')).toMatchObject({ version: '1.0.0' });
  });
});

describe('a plugin is lost', () => {
  test('when no package has the name, with the command that installs it', async () => {
    const { project, find } = place();
    expect(await find('x')).toEqual({ name: 'x', fault: expect.stringContaining('node_modules'), hint: `npm install --prefix "${project}" x` });
  });

  test('when its folder is not there', async () => {
    expect(await place().find('./plugin')).toMatchObject({ fault: expect.stringContaining('there is no folder') });
  });

  test.each([
    ['has no manifest', undefined, 'neither'],
    ['has no version', '{"name": "x"}', 'no version'],
    ['has a version that is no text', '{"version": 1}', 'no version'],
    ['has an endless version', JSON.stringify({ version: '1'.repeat(101) }), 'no version'],
    ['has a manifest that is no JSON', 'version = 1', 'no version'],
  ])('when it %s', async (_, text, fault) => {
    const { project, manifest, find } = place();
    if (text === undefined) mkdirSync(join(project, 'node_modules/x'), { recursive: true });
    else manifest('project/node_modules/x', text);
    expect(await find('x')).toMatchObject({ name: 'x', fault: expect.stringContaining(fault) });
  });

  test('when its manifest is a pipe, which is not waited for', async () => {
    const { project, find } = place();
    mkdirSync(join(project, 'node_modules/x'), { recursive: true });
    execFileSync('mkfifo', [join(project, 'node_modules/x/package.json')]);
    expect(await find('x')).toMatchObject({ fault: expect.stringContaining('not a regular file') });
  });

  test('when everybody could have written its manifest', async () => {
    const { project, find } = place();
    write(join(project, 'node_modules/x/package.json'), '{"version": "1.0.0"}', 0o666);
    expect(await find('x')).toMatchObject({ fault: expect.stringContaining('everybody'), hint: expect.stringContaining('chmod o-w') });
  });

  test.skipIf(process.getuid?.() !== 0)('when somebody else owns its manifest', async () => {
    const { manifest, find } = place();
    chownSync(manifest('project/node_modules/x', { version: '1.0.0' }), 54_321, 54_321);
    expect(await find('x')).toMatchObject({ fault: expect.stringContaining('belongs to user 54321') });
  });
});

test('nothing of a plugin is run while it is looked for', async () => {
  const { root, manifest, find } = place();
  const song = `require('node:fs').writeFileSync(${JSON.stringify(join(root, 'sung'))}, 'x')`;
  manifest('project/node_modules/x', { version: '1.0.0', main: 'index.cjs', scripts: { install: 'touch sung' } });
  for (const name of ['index.cjs', 'index.js', 'package.json.js', 'nightshift-plugin.js']) write(join(root, 'project/node_modules/x', name), song);
  await find('x');
  expect(contentOf(join(root, 'sung'))).toBeUndefined();
});

test.each([
  ['x', true], ['@a/b', true], ['./x', true], ['../x', true], ['/x/y', true], ['.', true], ['..', true], ['A.b', true],
  ['', false], ['a/b', false], ['a/../b', false], ['@a/../b', false], ['.x', false], ['_x', false], ['http://x', false], ['a b', false], ['a\0b', false], ['./a\0b', false], ['x'.repeat(215), false],
] as const)('%j as the name of a plugin: %s', (name, isOne) => {
  expect(isPluginName(name)).toBe(isOne);
});
