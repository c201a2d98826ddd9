import { spawnSync } from 'node:child_process';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { homeFolder, runtimeFolderPath, stateFolderPath, userConfigPath } from '../src/places.ts';
import { temporaryFolder, write } from './folder.ts';

const HOME = '/tmp';
const account = userInfo().homedir;

describe.skipIf(process.platform !== 'linux')('the state folder is', () => {
  test.each([
    ['the named one', { NIGHTSHIFT_STATE_DIR: '/a/b', XDG_STATE_HOME: '/x', HOME }, '/a/b'],
    ['the named one, without a home', { NIGHTSHIFT_STATE_DIR: '/a/b', HOME: '/nowhere' }, '/a/b'],
    ['the named one from the current folder', { NIGHTSHIFT_STATE_DIR: 'a' }, join(process.cwd(), 'a')],
    ['that of XDG', { XDG_STATE_HOME: '/x', HOME }, '/x/nightshift'],
    ['that of XDG when the named one is empty', { NIGHTSHIFT_STATE_DIR: '', XDG_STATE_HOME: '/x', HOME }, '/x/nightshift'],
    ['at home', { HOME }, '/tmp/.local/state/nightshift'],
    ['at home when that of XDG is empty', { XDG_STATE_HOME: '', HOME }, '/tmp/.local/state/nightshift'],
    ['at home when that of XDG is relative', { XDG_STATE_HOME: 'x', HOME }, '/tmp/.local/state/nightshift'],
    ['never where the runtime folder of XDG is', { XDG_RUNTIME_DIR: '/run/user/1', HOME }, '/tmp/.local/state/nightshift'],
    ["at the account's home when HOME is not set", {}, `${account}/.local/state/nightshift`],
    ["at the account's home when HOME is no folder", { HOME: '/etc/passwd' }, `${account}/.local/state/nightshift`],
    ["at the account's home when HOME is missing", { HOME: '/nowhere' }, `${account}/.local/state/nightshift`],
    ["at the account's home when HOME is relative", { HOME: '.' }, `${account}/.local/state/nightshift`],
    ["at the account's home when HOME is empty", { HOME: '' }, `${account}/.local/state/nightshift`],
  ])('%s', (_, environment, path) => {
    expect(stateFolderPath(environment)).toBe(path);
  });
});

describe("the user's own configuration is", () => {
  test.each([
    [{ XDG_CONFIG_HOME: '/x', HOME }, '/x/nightshift/config.yaml'],
    [{ HOME }, '/tmp/.config/nightshift/config.yaml'],
    [{ XDG_CONFIG_HOME: 'x', HOME }, '/tmp/.config/nightshift/config.yaml'],
  ])('with %j at %s', (environment, path) => {
    expect(userConfigPath(environment)).toBe(path);
  });
});

describe('the runtime folder is', () => {
  test.each([
    ['the named one', { NIGHTSHIFT_RUNTIME_DIR: '/r' }, '/r'],
    ['none when it is not named', { XDG_RUNTIME_DIR: '/run/user/1' }, undefined],
    ['none when its name is empty', { NIGHTSHIFT_RUNTIME_DIR: '' }, undefined],
  ])('%s', (_, environment, path) => {
    expect(runtimeFolderPath(environment)).toBe(path);
  });
});

describe('a home', () => {
  test('is HOME when that is a folder', () => {
    const folder = temporaryFolder();
    expect(homeFolder({ HOME: folder })).toBe(folder);
    expect(homeFolder({ HOME: write(join(folder, 'file'), '') })).toBe(account);
  });

  test.skipIf(process.getuid?.() !== 0)('that is nowhere is told, with the variable to set', () => {
    const script = `
      const { homeFolder } = await import(${JSON.stringify(new URL('../src/places.ts', import.meta.url).href)});
      process.setuid(54321);
      try { homeFolder({ HOME: '/nowhere' }); } catch (error) { console.log(error.code, error.hint); }`;
    const { stdout } = spawnSync(process.execPath, ['--conditions=source', '--input-type=module', '-e', script], { encoding: 'utf8', env: { HOME: '/nowhere' } });
    expect(stdout).toBe('HomeNotFound set NIGHTSHIFT_STATE_DIR to a folder of yours\n');
  });
});
