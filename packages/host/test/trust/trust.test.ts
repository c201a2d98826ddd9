import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/read-config.ts';
import { complaintOf, write } from '../folder.ts';
import { trustPlace } from './place.ts';

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe('trusting a project', () => {
  test('records its folder and each plugin with path and version, in a private file of the user', async () => {
    const { project, own, config, install, trust } = trustPlace();
    config('plugins: [x, "@a/y"]');
    install('x', '1.0.0');
    install('@a/y', '2.0.0');
    await trust().grant('.', { whatIf: false });
    expect(readFileSync(own, 'utf8')).toBe(`# The configuration of this user.
trustedProjects:
  - folder: ${project}
    plugins:
      - name: x
        path: ${project}/node_modules/x
        version: "1.0.0"
      - name: "@a/y"
        path: ${project}/node_modules/@a/y
        version: "2.0.0"
`);
    expect([modeOf(own), modeOf(join(own, '..')), modeOf(join(own, '../..'))]).toEqual(['600', '700', '700']);
  });

  test('makes its keys count and its plugins known', async () => {
    const { project, environment, config, install, trust } = trustPlace();
    config('plugins: [x]\nsafeOwners: [7]');
    install('x', '1.0.0');
    expect(await trust().grant(project, { whatIf: false })).toMatchObject({ standing: 'untrusted', keys: ['safeOwners'], changes: [{ name: 'x', now: { version: '1.0.0' } }] });
    expect(await trust().examine(project)).toMatchObject({ standing: 'trusted' });
    expect(await readConfig({ workingDirectory: project, environment, warn: () => {} })).toMatchObject({ trusted: true, config: { safeOwners: [7] }, warnings: [] });
  });

  test('keeps comments, order, mode and every other key of the file', async () => {
    const { own, config, trust } = trustPlace();
    write(own, '# mine\ntimeZone: UTC   # at sea\n\nsafeOwners:\n- 7 # Bob\n', 0o640);
    config('hooks: { onFailure: [] }');
    await trust().grant('.', { whatIf: false });
    const text = readFileSync(own, 'utf8');
    expect(text.startsWith('# mine\ntimeZone: UTC   # at sea\n\nsafeOwners:\n- 7 # Bob\n')).toBe(true);
    expect(text).toContain('trustedProjects:');
    expect(modeOf(own)).toBe('640');
  });

  test.each(['', '\n', '# nothing yet', '# nothing yet\n\n', 'trustedProjects: []\n', '{}\n', '{"timeZone": "UTC"}'])('adds to a file with %j', async (text) => {
    const { own, config, trust } = trustPlace();
    write(own, text, 0o600);
    config('safeOwners: [7]');
    await trust().grant('.', { whatIf: false });
    expect(await trust().list()).toMatchObject([{ standing: 'trusted' }]);
    if (text.startsWith('#')) expect(readFileSync(own, 'utf8')).toContain('# nothing yet');
  });

  test('again records what has changed in its old place, and nothing when nothing has', async () => {
    const { root, project, own, config, install, trust } = trustPlace();
    mkdirSync(join(root, 'other', '.git'), { recursive: true });
    write(join(root, 'other/nightshift.yaml'), 'safeOwners: [7]');
    config('plugins: [x]');
    install('x', '1.0.0');
    await trust().grant('.', { whatIf: false });
    await trust().grant('../other', { whatIf: false });
    const before = statSync(own);
    await trust().grant('.', { whatIf: false });
    expect(statSync(own).ino).toBe(before.ino);
    install('x', '1.1.0');
    expect(await trust().examine('.')).toMatchObject({ standing: 'changed', changes: [{ before: { version: '1.0.0' }, now: { version: '1.1.0' } }] });
    await trust().grant('.', { whatIf: false });
    expect((await trust().list()).map(({ folder, standing }) => [folder, standing])).toEqual([[project, 'trusted'], [join(root, 'other'), 'trusted']]);
  });

  test('means the folder of the configuration, from wherever in the project', async () => {
    const { root, project, config, trust } = trustPlace();
    config('safeOwners: [7]');
    mkdirSync(join(project, 'sub/below'), { recursive: true });
    symlinkSync(project, join(root, 'link'));
    expect((await trust().examine('sub/below')).folder).toBe(project);
    expect((await trust().examine('../link/sub')).folder).toBe(project);
  });

  test('of a package.json reads the key alone', async () => {
    const { project, install, trust } = trustPlace();
    install('x', '1.0.0');
    write(join(project, 'package.json'), '{"name": "app", "nightshift": {"plugins": ["x"], "hooks": {"onFailure": []}}}');
    expect(await trust().examine('.')).toMatchObject({ file: join(project, 'package.json'), keys: ['hooks'], plugins: [{ version: '1.0.0' }] });
  });
});

test('nothing is recorded for a project that asks for nothing, nor when it is only asked what would be', async () => {
  const { own, config, trust } = trustPlace();
  config('namespace: ops');
  expect(await trust().grant('.', { whatIf: false })).toMatchObject({ asks: false, standing: 'untrusted' });
  config('safeOwners: [7]');
  expect(await trust().grant('.', { whatIf: true })).toMatchObject({ asks: true, standing: 'untrusted' });
  expect(existsSync(own)).toBe(false);
});

test.skipIf(process.getuid?.() !== 0)("for root, a folder of somebody else's asks for trust by itself", async () => {
  const { project, trust } = trustPlace();
  chownSync(project, 54_321, 54_321);
  expect(await trust().grant('.', { whatIf: false })).toMatchObject({ asks: true, folder: project });
  expect(await trust().list()).toMatchObject([{ folder: project, standing: 'trusted' }]);
});

describe('is refused, and nothing is written', () => {
  test('for a plugin that is not there, with the command that installs it', async () => {
    const { own, config, trust } = trustPlace();
    config('plugins: [x, y]');
    const cause = (await trust().grant('.', { whatIf: false }).catch((thrown: unknown) => thrown)) as AggregateError;
    expect(cause.errors).toMatchObject([{ code: 'PluginLoadFailed', hint: expect.stringMatching(/^npm install .* x$/) }, { code: 'PluginLoadFailed' }]);
    expect(existsSync(own)).toBe(false);
  });

  test.each([
    ['a project whose configuration cannot be read', 'plugins: [', 'DefinitionSyntaxError'],
    ['a project with an unknown key', 'plugin: [x]', 'DefinitionKeyUnknown'],
    ['a plugin that leads out of node_modules', 'plugins: [a/../../b]', 'DefinitionValueInvalid'],
  ])('%s', async (_, text, code) => {
    const { own, config, trust } = trustPlace();
    config(text);
    expect(await complaintOf(() => trust().grant('.', { whatIf: false }))).toMatchObject({ code });
    expect(existsSync(own)).toBe(false);
  });

  test('a configuration that everybody can write', async () => {
    const { config, trust } = trustPlace();
    chmodSync(config('safeOwners: [7]'), 0o666);
    expect(await complaintOf(() => trust().grant('.', { whatIf: false }))).toMatchObject({ code: 'ConfigUnsafe' });
  });

  test("a file of the user's with a mistake, which stays as it is", async () => {
    const { own, config, trust } = trustPlace();
    write(own, 'bogus: 1\n', 0o600);
    config('safeOwners: [7]');
    expect(await complaintOf(() => trust().grant('.', { whatIf: false }))).toMatchObject({ code: 'DefinitionKeyUnknown', file: own });
    expect(readFileSync(own, 'utf8')).toBe('bogus: 1\n');
  });

  test.each(['missing', 'nightshift.yaml'])('a folder that is none: %s', async (name) => {
    const { config, trust } = trustPlace();
    config('');
    expect(await complaintOf(() => trust().examine(name))).toMatchObject({ code: 'DirectoryNotFoundException' });
  });
});

describe('revoking', () => {
  test('forgets the project and keeps the others', async () => {
    const { root, project, own, config, trust } = trustPlace();
    mkdirSync(join(root, 'other'));
    write(join(root, 'other/nightshift.yaml'), 'safeOwners: [7]');
    config('safeOwners: [7]');
    await trust().grant('.', { whatIf: false });
    await trust().grant('../other', { whatIf: false });
    expect(await trust().revoke('.', { whatIf: true })).toMatchObject({ folder: project });
    expect(await trust().list()).toHaveLength(2);
    expect(await trust().revoke('.', { whatIf: false })).toMatchObject({ folder: project, standing: 'trusted' });
    expect((await trust().list()).map(({ folder }) => folder)).toEqual([join(root, 'other')]);
    expect(await trust().revoke('../other', { whatIf: false })).toMatchObject({ standing: 'trusted' });
    expect(await trust().list()).toEqual([]);
    expect(readFileSync(own, 'utf8')).toContain('# The configuration of this user.');
  });

  test('works from a folder of the project, and when the project is gone', async () => {
    const { project, config, trust } = trustPlace();
    config('safeOwners: [7]');
    mkdirSync(join(project, 'sub'));
    await trust().grant('.', { whatIf: false });
    expect(await trust().revoke('sub', { whatIf: true })).toMatchObject({ folder: project });
    rmSync(project, { recursive: true });
    expect(await trust().revoke(project, { whatIf: false })).toMatchObject({ folder: project });
    expect(await trust().list()).toEqual([]);
  });

  test('what was never trusted is nothing', async () => {
    const { own, trust } = trustPlace();
    expect(await trust().revoke('.', { whatIf: false })).toBeUndefined();
    expect(existsSync(own)).toBe(false);
  });
});

test('projects are listed as they are now: gone, broken or changed', async () => {
  const { root, trust, install, config } = trustPlace();
  config('plugins: [x]');
  install('x', '1.0.0');
  await trust().grant('.', { whatIf: false });
  for (const name of ['gone', 'broken']) {
    write(join(root, name, 'nightshift.yaml'), 'plugins: [./p]');
    write(join(root, name, 'p/package.json'), '{"version": "1.0.0"}');
    await trust().grant(`../${name}`, { whatIf: false });
  }
  install('x', '2.0.0');
  rmSync(join(root, 'gone'), { recursive: true });
  write(join(root, 'broken/nightshift.yaml'), 'plugins: [');
  expect((await trust().list()).map(({ standing }) => standing)).toEqual(['changed', 'changed', 'changed']);
});
