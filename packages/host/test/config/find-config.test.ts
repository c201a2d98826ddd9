import { mkdirSync, symlinkSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { JobError } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { findConfig, type FindRequest } from '../../src/config/find-config.ts';
import { complaintOf, contentOf, temporaryFolder, write } from '../folder.ts';

const SEARCHED = ['nightshift.yaml', 'nightshift.yml', 'nightshift.json', '.nightshiftrc', 'package.json'];
const CONTENT = '{"nightshift": {}}';

/** A project `root/project` with a folder `sub/below`, and a home beside it. */
function place() {
  const root = temporaryFolder();
  const [project, below, home] = [join(root, 'project'), join(root, 'project/sub/below'), join(root, 'home')];
  mkdirSync(below, { recursive: true });
  mkdirSync(home);
  const warnings: JobError[] = [];
  const find = (facts: Partial<FindRequest> = {}) => findConfig({ from: below, root: project, named: undefined, environment: { HOME: home }, warn: (warning) => warnings.push(warning), ...facts });
  return { root, project, below, home, warnings, find };
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

  test('in the nearest folder, up to the root of the project', async () => {
    const { project, below, find } = place();
    const top = write(join(project, 'nightshift.yaml'), '');
    expect(await find()).toEqual({ path: top, of: 'project' });
    const middle = write(join(project, 'sub', '.nightshiftrc'), '');
    expect(await find()).toEqual({ path: middle, of: 'project' });
    expect(await find({ from: project })).toEqual({ path: top, of: 'project' });
    expect((await find({ from: below }))?.path).toBe(middle);
  });

  test('never above the root of the project', async () => {
    const { root, find } = place();
    write(join(root, 'nightshift.yaml'), '');
    expect(await find()).toBeUndefined();
  });

  test('in the current folder alone where there is no project', async () => {
    const { below, project, find } = place();
    write(join(project, 'nightshift.yaml'), '');
    expect(await find({ root: undefined })).toBeUndefined();
    const path = write(join(below, 'nightshift.yaml'), '');
    expect(await find({ root: undefined })).toEqual({ path, of: 'project' });
  });

  test.each(['{}', '{"name":"x"}', 'no json', '', '[]'])('not in a package.json without the key: %s', async (text) => {
    const { below, find } = place();
    write(join(below, 'package.json'), text);
    expect(await find()).toBeUndefined();
  });

  test("last as the user's own", async () => {
    const { home, project, find } = place();
    const own = write(join(home, '.config/nightshift/config.yaml'), '');
    expect(await find()).toEqual({ path: own, of: 'user' });
    const path = write(join(project, 'nightshift.yaml'), '');
    expect(await find()).toEqual({ path, of: 'project' });
  });

  test('where it is named, before all others', async () => {
    const { below, find } = place();
    write(join(below, 'nightshift.yaml'), '');
    const path = write(join(below, 'other.yaml'), '');
    expect(await find({ named: 'other.yaml' })).toEqual({ path, of: 'named' });
    expect(await find({ named: path })).toEqual({ path, of: 'named' });
  });
});

describe('a named configuration is refused', () => {
  test.each(['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts'])('when it is code: %s', async (extension) => {
    const { below, find } = place();
    write(join(below, `x${extension}`), 'throw 1');
    expect(await complaintOf(() => find({ named: `x${extension}` }))).toMatchObject({ code: 'CodeConfigNotSupported' });
  });

  test('when it is missing', async () => {
    expect(await complaintOf(() => place().find({ named: 'missing.yaml' }))).toMatchObject({ code: 'FilePathNotFound' });
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

  test('and the current folder is the same afterwards', async () => {
    const { find } = place();
    const before = process.cwd();
    await find();
    expect(process.cwd()).toBe(before);
  });
});
