import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BrokenDefinition, type Definition, isBroken } from '@nightshift/sdk';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createYamlDefinitions, type DefinitionsOptions, listFolder, namespaceOf, refuseFull } from '../src/index.ts';
import { anyTrigger, collect, temporaryFolder, write } from './folder.ts';

const job = 'job: { command: [true] }\n';
const isRoot = process.geteuid?.() === 0;

const source = (folders: readonly string[], options: Partial<DefinitionsOptions> = {}) => createYamlDefinitions({ folders, checkTrigger: anyTrigger, ...options });
const listed = async (folders: readonly string[], path?: string): Promise<readonly (Definition | BrokenDefinition)[]> => collect(source(folders).list(path));
const outcome = (found: Definition | BrokenDefinition): string => `${found.name} ${isBroken(found) ? found.errors.map(({ code }) => code).join() : 'ok'}`;

describe('finding a definition', () => {
  test.each(['Nightly', 'nightly', 'NIGHTLY'])('by %s compares names without case', async (name) => {
    const folder = temporaryFolder();
    write(join(folder, 'Nightly.yaml'), job);
    write(join(folder, 'NightlyToo.yaml'), job);
    const [found, ...more] = await source([folder], { namespace: 'home' }).find(name, undefined);
    expect(found).toMatchObject({ key: 'home/nightly', name: 'Nightly', type: 'ScheduledJob', location: join(folder, 'Nightly.yaml'), baseFolder: folder });
    expect(more).toEqual([]);
  });

  test('answers with nothing when no file has the name', async () => {
    expect(await source([temporaryFolder()]).find('Nightly', undefined)).toEqual([]);
  });

  test('does not confuse letters that some languages think equal', async () => {
    const folder = temporaryFolder();
    write(join(folder, 'Import.yaml'), job);
    expect(await source([folder]).find('import', undefined)).toHaveLength(1);
    await expect(source([folder]).find('ımport', undefined)).rejects.toMatchObject({ code: 'InvalidDefinitionName' });
  });

  test.each(['', '../x', 'a/b', '..', 'NUL', '__proto__', 'x'.repeat(65), 'a\0', 'Night*'])('by the name %j is refused before any folder is read', async (name) => {
    await expect(source(['/not/there']).find(name, undefined)).rejects.toMatchObject({ code: 'InvalidDefinitionName' });
  });

  test('reads no other file', async () => {
    const folder = temporaryFolder();
    write(join(folder, 'Nightly.yaml'), job);
    write(join(folder, 'Broken.yaml'), '"', 0o666);
    expect((await source([folder]).find('Nightly', undefined)).map(outcome)).toEqual(['Nightly ok']);
  });

  test('searches all folders', async () => {
    const [first, second] = [temporaryFolder(), temporaryFolder()];
    write(join(second, 'Nightly.yml'), job);
    expect(await source([first, second]).find('Nightly', undefined)).toMatchObject([{ location: join(second, 'Nightly.yml') }]);
  });

  test('with a path searches that folder only', async () => {
    const [first, second] = [temporaryFolder(), temporaryFolder()];
    write(join(first, 'Nightly.yaml'), job);
    write(join(second, 'Weekly.yaml'), job);
    expect(await source([first]).find('Nightly', second)).toEqual([]);
    expect(await source([first]).find('Weekly', second)).toHaveLength(1);
  });

  test('gives keys of its folder where no namespace is given', async () => {
    const [first, second] = [temporaryFolder(), temporaryFolder()];
    write(join(first, 'A.yaml'), job);
    write(join(second, 'B.yaml'), job);
    const both = source([first, second]);
    expect(await both.find('A', undefined)).toMatchObject([{ key: `${await namespaceOf(first)}/a` }]);
    expect(await both.find('B', undefined)).toMatchObject([{ key: `${await namespaceOf(second)}/b` }]);
    expect(await source([]).find('B', second)).toMatchObject([{ key: `${await namespaceOf(second)}/b` }]);
  });

  test('shows a file below the current folder by its relative path', async () => {
    const folder = temporaryFolder();
    write(join(folder, 'definitions', 'Nightly.yaml'), 'job: {}\nenabled: yes\n');
    const before = process.cwd();
    process.chdir(folder);
    onTestFinished(() => process.chdir(before));
    const [found] = await source([join(folder, 'definitions')]).find('Nightly', undefined);
    expect(found).toMatchObject({ location: 'definitions/Nightly.yaml', errors: [{ file: 'definitions/Nightly.yaml' }] });
  });
});

describe('listing definitions', () => {
  test('gives them in name order, across folders, whatever the case', async () => {
    const [first, second] = [temporaryFolder(), temporaryFolder()];
    for (const name of ['b.yaml', 'D.json', 'a-1.yml']) write(join(first, name), job);
    for (const name of ['C.yaml', 'A.yaml']) write(join(second, name), job);
    expect((await listed([first, second])).map(({ name }) => name)).toEqual(['A', 'a-1', 'b', 'C', 'D']);
  });

  test('ignores sub-folders, hidden files and other extensions', async () => {
    const folder = temporaryFolder();
    for (const name of ['A.yaml', 'sub/B.yaml', '.C.yaml', 'D.yaml~', 'E.txt', 'F', 'G.yaml.bak', 'README.md', '.yaml']) write(join(folder, name), job);
    expect((await listed([folder])).map(outcome)).toEqual(['A ok']);
  });

  test('gives 199 good ones and the bad one among them', async () => {
    const folder = temporaryFolder();
    for (let index = 0; index < 200; index++) write(join(folder, `D${index}.yaml`), index === 77 ? 'jobb: {}\n' : job);
    const found = await listed([folder]);
    expect(found).toHaveLength(200);
    expect(found.filter(isBroken).map(({ name }) => name)).toEqual(['D77']);
  });

  test.each(['1a.yaml', 'a b.yaml', 'NUL.yaml', 'a..b.yaml', 'ä.yaml', 'constructor.json', `${'x'.repeat(65)}.yaml`, 'a\nb.yaml', 'x;reboot.yaml'])('says that %j is no name, without reading the file', async (file) => {
    const folder = temporaryFolder();
    write(join(folder, file), '"', 0o666);
    expect(await listed([folder])).toMatchObject([{ errors: [{ code: 'InvalidDefinitionName' }] }]);
  });

  test('of some names gives those, whatever the case, with their conflicts', async () => {
    const folder = temporaryFolder();
    for (const file of ['A.yaml', 'B.yaml', 'C.yaml', 'D.yaml', 'd.json']) write(join(folder, file), job);
    const found = await collect(source([folder]).list(undefined, { names: ['b', 'D', 'Missing'] }));
    expect(found.map(outcome)).toEqual(['B ok', 'D DefinitionNameConflict', 'D DefinitionNameConflict']);
  });

  test('may be left in the middle', async () => {
    const folder = temporaryFolder();
    for (let index = 0; index < 30; index++) write(join(folder, `D${index}.yaml`), job);
    for await (const { name } of source([folder]).list(undefined)) {
      expect(name).toBe('D0');
      break;
    }
  });

  test.skipIf(process.platform !== 'linux')('leaves no file open', async () => {
    const folder = temporaryFolder();
    for (let index = 0; index < 50; index++) write(join(folder, `D${index}.yaml`), index % 2 === 0 ? job : '"', index % 3 === 0 ? 0o666 : 0o644);
    const open = (): number => readdirSync('/proc/self/fd').length;
    await listed([folder]);
    const before = open();
    for (let time = 0; time < 5; time++) await listed([folder]);
    expect(open()).toBe(before);
  });

  test('gives nothing for an empty folder', async () => {
    expect(await listed([temporaryFolder()])).toEqual([]);
  });
});

describe('two files of one name', () => {
  test.each([
    ['by extension', ['Nightly.yaml', 'Nightly.json']],
    ['by a third extension', ['Nightly.yaml', 'Nightly.yml']],
    ['by case', ['Nightly.yaml', 'nightly.yaml']],
    ['by the case of the extension', ['Nightly.yaml', 'Nightly.YAML']],
    ['in two folders', ['one/Nightly.yaml', 'two/Nightly.yaml']],
    ['in two folders, by case and extension', ['one/Nightly.yaml', 'two/NIGHTLY.json']],
  ])('%s are one error that names both, and neither is used', async (_, files) => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'one'));
    mkdirSync(join(folder, 'two'));
    for (const file of files) write(join(folder, file), job);
    const folders = files[0]?.includes('/') === true ? [join(folder, 'one'), join(folder, 'two')] : [folder];
    expect(await listed(folders)).toHaveLength(files.length);
    for (const found of [await source(folders).find('nightly', undefined), ...(await listed(folders)).map((each) => [each])]) {
      expect(found).toMatchObject([{ errors: [{ code: 'DefinitionNameConflict' }] }]);
      for (const file of files) expect(found).toMatchObject([{ errors: [{ message: expect.stringContaining(`"${join(folder, file)}"`) }] }]);
    }
  });

  test('leave all other definitions as they are', async () => {
    const folder = temporaryFolder();
    for (const file of ['A.yaml', 'B.yaml', 'b.json', 'C.yaml']) write(join(folder, file), job);
    expect((await listed([folder])).map(outcome)).toEqual(['A ok', 'B DefinitionNameConflict', 'B DefinitionNameConflict', 'C ok']);
  });

  test('do not come from a folder that is named twice', async () => {
    const folder = temporaryFolder();
    write(join(folder, 'real', 'Nightly.yaml'), job);
    symlinkSync('real', join(folder, 'link'));
    const found = await listed([join(folder, 'real'), join(folder, 'real'), join(folder, 'link')]);
    expect(found.map(outcome)).toEqual(['Nightly ok']);
    expect(found).toMatchObject([{ location: join(folder, 'real', 'Nightly.yaml') }]);
  });

  test('are no matter when one file is checked by itself', async () => {
    const folder = temporaryFolder();
    write(join(folder, 'Nightly.json'), '{}');
    expect(outcome(await source([folder]).check(write(join(folder, 'Nightly.yaml'), job)))).toBe('Nightly ok');
  });
});

describe('a folder', () => {
  test('that is missing is DirectoryNotFoundException', async () => {
    const folder = join(temporaryFolder(), 'nope');
    await expect(source([folder]).find('Nightly', undefined)).rejects.toMatchObject({ code: 'DirectoryNotFoundException', message: expect.stringContaining(folder) });
    await expect(listed([], folder)).rejects.toMatchObject({ code: 'DirectoryNotFoundException' });
  });

  test('that is a file is DirectoryNotFoundException', async () => {
    const file = write(join(temporaryFolder(), 'file'), '');
    await expect(listed([file])).rejects.toMatchObject({ code: 'DirectoryNotFoundException', message: expect.stringContaining('is not a folder') });
  });

  test.skipIf(!isRoot || process.seteuid === undefined)('that may not be read is DefinitionPathUnreadable', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'closed'), { mode: 0o700 });
    process.seteuid?.(4_321);
    onTestFinished(() => process.seteuid?.(0));
    const answer = await listed([join(folder, 'closed')]).catch((error: unknown) => error);
    process.seteuid?.(0);
    expect(answer).toMatchObject({ code: 'DefinitionPathUnreadable' });
  });

  test('may hold 10,000 definitions and not one more', async () => {
    const folder = temporaryFolder();
    for (let index = 0; index < 10_000; index++) writeFileSync(join(folder, `D${index}.yaml`), '');
    writeFileSync(join(folder, 'README.md'), '');
    expect(await listFolder(folder)).toHaveLength(10_000);
    await expect(refuseFull(folder)).rejects.toMatchObject({ code: 'LimitExceeded', message: expect.stringContaining('as many as one may hold') as string });
    writeFileSync(join(folder, 'E.json'), '');
    await expect(listFolder(folder)).rejects.toMatchObject({ code: 'LimitExceeded' });
    await expect(source([folder]).find('D1', undefined)).rejects.toMatchObject({ code: 'LimitExceeded' });
    await expect(listed([folder])).rejects.toMatchObject({ code: 'LimitExceeded' });
  }, 60_000);
});

test.each(['1a.yaml', 'NUL.yaml'])('checking %s by itself says that it has no name', async (file) => {
  expect(await source([]).check(write(join(temporaryFolder(), file), job))).toMatchObject({ errors: [{ code: 'InvalidDefinitionName' }] });
});
