import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { JobError } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { findConfig, type FindRequest } from '../../src/config/find-config.ts';
import { canRunUs, complaintOf, contentOf, temporaryFolder, write } from '../folder.ts';

const SEARCHED = ['nightshift.yaml', 'nightshift.yml', 'nightshift.json', '.nightshiftrc', 'package.json'];
const CONTENT = '{"nightshift": {}}';

/** A project `root/project` with a folder `sub/below`, and a home beside it. */
function place() {
  const root = temporaryFolder();
  const [project, below, home] = [join(root, 'project'), join(root, 'project/sub/below'), join(root, 'home')];
  mkdirSync(below, { recursive: true });
  mkdirSync(home);
  const warnings: JobError[] = [];
  const user = join(home, '.config/nightshift/config.yaml');
  const folders = [below, join(project, 'sub'), project];
  const find = (facts: Partial<FindRequest> = {}) => findConfig({ folders, named: undefined, user, warn: (warning) => warnings.push(warning), ...facts });
  return { root, project, below, user, warnings, find };
}

describe('a configuration is found', () => {
  test.each(SEARCHED)('as %s of the folder', async (name) => {
    const { below, find } = place();
    const path = write(join(below, name), CONTENT);
    expect(await find()).toEqual({ path, of: 'project' });
  });

  test.each(SEARCHED.slice(1).map((name, index) => [SEARCHED[index] as string, name]))('as %s before %s', async (first, second) => {
    const { below, find } = place();
    const path = write(join(below, first), CONTENT);
    write(join(below, second), CONTENT);
    expect(await find()).toEqual({ path, of: 'project' });
  });

  test('in the first of the folders that has one', async () => {
    const { project, find } = place();
    const top = write(join(project, 'nightshift.yaml'), '');
    expect(await find()).toEqual({ path: top, of: 'project' });
    const middle = write(join(project, 'sub', '.nightshiftrc'), '');
    expect(await find()).toEqual({ path: middle, of: 'project' });
    expect(await find({ folders: [project] })).toEqual({ path: top, of: 'project' });
  });

  test.each(['{}', '{"name":"x"}', 'no json', '', '[]'])('not in a package.json without the key: %s', async (text) => {
    const { below, find } = place();
    write(join(below, 'package.json'), text);
    expect(await find()).toBeUndefined();
  });

  test("last as the user's own", async () => {
    const { user, project, find } = place();
    expect(await find()).toBeUndefined();
    write(user, '');
    expect(await find()).toEqual({ path: user, of: 'user' });
    const path = write(join(project, 'nightshift.yaml'), '');
    expect(await find()).toEqual({ path, of: 'project' });
  });

  test('nowhere without a home and a project', async () => {
    expect(await place().find({ folders: [], user: undefined })).toBeUndefined();
  });

  test('where it is named, before all others', async () => {
    const { below, find } = place();
    write(join(below, 'nightshift.yaml'), '');
    const path = write(join(below, 'other.yaml'), '');
    expect(await find({ named: path })).toEqual({ path, of: 'named' });
  });

  test("as the user's own also when it is named", async () => {
    const { user, find } = place();
    write(user, '');
    expect(await find({ named: user })).toEqual({ path: user, of: 'user' });
  });
});

describe('a named configuration is refused', () => {
  test.each(['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts'])('when it is code: %s', async (extension) => {
    const { below, find } = place();
    const named = write(join(below, `x${extension}`), 'throw 1');
    expect(await complaintOf(() => find({ named }))).toMatchObject({ code: 'CodeConfigNotSupported', file: named });
  });

  test('when it is missing, or something on its way is no folder', async () => {
    const { below, find } = place();
    expect(await complaintOf(() => find({ named: join(below, 'missing.yaml') }))).toMatchObject({ code: 'FilePathNotFound' });
    expect(await complaintOf(() => find({ named: join(write(join(below, 'file'), ''), 'x.yaml') }))).toMatchObject({ code: 'FilePathNotFound' });
  });

  test('when nobody can go there', async () => {
    const { below, find } = place();
    symlinkSync('loop', join(below, 'loop'));
    expect(await complaintOf(() => find({ named: join(below, 'loop', 'x.yaml') }))).toMatchObject({ code: 'DefinitionPathUnreadable' });
  });
});

describe('what is strange is refused before it is opened', () => {
  test.each(SEARCHED.slice(0, 4))('a pipe named %s', async (name) => {
    const { below, find } = place();
    execFileSync('mkfifo', [join(below, name)]);
    expect(await complaintOf(find)).toMatchObject({ code: 'ConfigUnsafe', file: join(below, name) });
  });

  test.each(SEARCHED.slice(0, 4))('a link named %s', async (name) => {
    const { root, below, find } = place();
    symlinkSync(write(join(root, 'elsewhere.yaml'), ''), join(below, name));
    expect(await complaintOf(find)).toMatchObject({ code: 'ConfigUnsafe' });
  });

  test('a package.json that is a link to a device', async () => {
    const { below, find } = place();
    symlinkSync('/dev/zero', join(below, 'package.json'));
    expect(await complaintOf(find)).toMatchObject({ code: 'ConfigUnsafe', file: join(below, 'package.json') });
  });

  test('but not a folder of such a name, nor a package.json that is a link to a file', async () => {
    const { root, below, find } = place();
    mkdirSync(join(below, 'nightshift.yaml'));
    symlinkSync(write(join(root, 'elsewhere.json'), '{}'), join(below, 'package.json'));
    expect(await find()).toBeUndefined();
  });
});

test.skipIf(!canRunUs(54_321))('what is not for us to read is told, and not passed over as if there were none', () => {
  const { root, below } = place();
  const path = write(join(below, 'nightshift.yaml'), '', 0o600);
  write(join(below, 'package.json'), '{}', 0o600);
  chmodSync(root, 0o755);
  const program = `
    import { findConfig } from ${JSON.stringify(join(import.meta.dirname, '../../src/config/find-config.ts'))};
    const found = await findConfig({ folders: [${JSON.stringify(below)}], named: undefined, user: undefined, warn: () => {} }).catch(({ code, file }) => ({ code, file }));
    console.log(JSON.stringify(found ?? null));`;
  const ran = () => spawnSync(process.execPath, ['--conditions=source', '--input-type=module', '-e', program], { uid: 54_321, gid: 54_321, encoding: 'utf8', cwd: '/' });
  expect(JSON.parse(ran().stdout)).toEqual({ code: 'DefinitionPathUnreadable', file: path });
  chownSync(path, 54_322, 54_322);
  expect(JSON.parse(ran().stdout)).toEqual({ code: 'ConfigUnsafe', file: path });
  rmSync(path);
  expect(JSON.parse(ran().stdout)).toBeNull();
});

describe('code is never run', () => {
  const CANARY = (folder: string): string => `require('node:fs').writeFileSync(${JSON.stringify(join(folder, 'canary'))}, 'ran')`;
  const names = [
    ...['nightshift.config', '.nightshiftrc', 'nightshift'].flatMap((name) => ['.js', '.cjs', '.mjs', '.ts', '.mts', '.cts'].map((extension) => name + extension)),
    '.config/config.js', '.config/config.cjs', '.config/nightshiftrc.js', '.config/nightshift.config.js', 'config.js', 'cosmiconfig.config.js',
  ];

  test.each(names)('%s', async (name) => {
    const { root, below, warnings, find } = place();
    write(join(below, name), name.endsWith('.mjs') || name.endsWith('ts') ? `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(join(root, 'canary'))}, 'ran');` : CANARY(root));
    const before = process.cwd();
    process.chdir(below);
    try {
      expect(await find()).toBeUndefined();
    } finally {
      process.chdir(before);
    }
    expect(contentOf(join(root, 'canary'))).toBeUndefined();
    const isOurs = !name.includes('config/') && !['config.js', 'cosmiconfig.config.js'].includes(name);
    expect(warnings.map(({ code, file }) => [code, file])).toEqual(isOurs ? [['CodeConfigIgnored', join(below, name)]] : []);
  });

  test('nor imported by a key of the search library', async () => {
    const { root, below, find } = place();
    write(join(root, 'evil.cjs'), CANARY(root));
    write(join(below, 'nightshift.json'), JSON.stringify({ $import: '../../../evil.cjs' }));
    await find();
    expect(contentOf(join(root, 'canary'))).toBeUndefined();
  });

  test('and whoever looks meanwhile, or searches at the same time, finds the current folder as it was', async () => {
    const { find } = place();
    const before = process.cwd();
    const seen: string[] = [];
    await Promise.all([find(), find(), (async () => {
      for (let turn = 0; turn < 200; turn++) {
        seen.push(process.cwd());
        await new Promise((resolve) => setImmediate(resolve));
      }
    })()]);
    expect([...new Set(seen), process.cwd()]).toEqual([before, before]);
  });
});
