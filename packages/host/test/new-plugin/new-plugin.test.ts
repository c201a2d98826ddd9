import { existsSync, globSync, mkdirSync, readFileSync, readlinkSync, realpathSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createHost } from '../../src/create-host.ts';
import { complaintOf, temporaryFolder, write } from '../folder.ts';

const PRODUCT = fileURLToPath(new URL('../../../cli', import.meta.url));
const TEMPLATES = join(PRODUCT, 'templates/plugin');

async function place({ root = realpathSync(temporaryFolder()), umask = 0o022, configFile = undefined as string | undefined, environment = {} as Record<string, string> } = {}) {
  const options = { environment: { NIGHTSHIFT_STATE_DIR: join(root, 'state'), HOME: join(root, 'home'), ...environment }, workingDirectory: root, umask, warn: () => {} };
  const host = createHost({ ...options, ...(configFile === undefined ? {} : { configFile }) });
  onTestFinished(() => host[Symbol.asyncDispose]());
  return { root, ...(await host.wiring()).newPlugins({ templates: TEMPLATES, product: PRODUCT }) };
}

const filesIn = (root: string): string[] => globSync('**/*', { cwd: root, withFileTypes: true }).filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name).slice(root.length + 1)).toSorted();

describe.each(['ts', 'python', 'sh'] as const)('a plugin in %s', (language) => {
  test('has no word left to be filled in, in its names and its texts', async () => {
    const { draft } = await place();
    const { files, definition } = await draft({ name: 'DiskWatch', language });
    for (const { path, text } of [...files, definition]) expect(`${path}\n${text}`.replaceAll('__pycache__', '')).not.toMatch(/__[A-Za-z]/);
    expect(files.some(({ text }) => text.includes('DiskWatchJob'))).toBe(true);
  });

  test('is told as it will be, written so, and nothing else is', async () => {
    const { root, draft, write: make } = await place();
    const made = await draft({ name: 'DiskWatch', language });
    expect(filesIn(root)).toEqual([]);
    await make(made);
    expect(filesIn(root)).toEqual([...made.files, made.definition, made.configuration].map(({ path }) => path.slice(root.length + 1)).filter((path) => !path.endsWith('.gitignore')).toSorted());
    expect(readlinkSync(join(root, 'DiskWatch/node_modules/nightshift'))).toBe(realpathSync(PRODUCT));
    expect(statSync(join(root, 'DiskWatch')).mode & 0o777).toBe(0o755);
  });
});

describe('the configuration', () => {
  test('is made where there is none', async () => {
    const { root, draft, write: make } = await place();
    await make(await draft({ name: 'Mine', language: 'sh' }));
    expect(readFileSync(join(root, 'nightshift.yaml'), 'utf8')).toMatch(/^plugins:\n {2}- \.\/Mine\n$/m);
  });

  test.each([
    ['nightshift.yaml', '# Ours.\ntimeZone: UTC # everywhere\nplugins:\n  # The first.\n  - ./Other\n', '# Ours.\ntimeZone: UTC # everywhere\nplugins:\n  # The first.\n  - ./Other\n  - ./Mine\n'],
    ['nightshift.yml', 'timeZone: UTC\n', 'timeZone: UTC\nplugins: [./Mine]\n'],
    ['nightshift.json', '{ "plugins": ["./Other"] }\n', '{ "plugins": ["./Other", "./Mine"] }\n'],
    ['package.json', '{ "name": "shop", "nightshift": { "timeZone": "UTC" } }\n', '{ "name": "shop", "nightshift": { "timeZone": "UTC", "plugins": ["./Mine"] } }\n'],
  ])('that is there gets one more plugin, and every other byte stays: %s', async (file, before, after) => {
    const root = realpathSync(temporaryFolder());
    write(join(root, file), before);
    const { draft, write: make } = await place({ root });
    const made = await draft({ name: 'Mine', language: 'sh' });
    expect(made.configuration).toMatchObject({ path: join(root, file), isNew: false });
    await make(made);
    expect(readFileSync(join(root, file), 'utf8')).toBe(after);
  });

  test('that names the folder already stays as it is', async () => {
    const root = realpathSync(temporaryFolder());
    write(join(root, 'nightshift.yaml'), 'plugins: [./Mine]\n');
    const { draft } = await place({ root });
    expect((await draft({ name: 'Mine', language: 'sh' })).configuration).toEqual({ path: join(root, 'nightshift.yaml'), isNew: false });
  });

  test('of the project names a plugin in a folder below it by the way there', async () => {
    const root = realpathSync(temporaryFolder());
    write(join(root, 'package.json'), '{}');
    write(join(root, 'nightshift.yaml'), 'definitionPath: ops\n');
    mkdirSync(join(root, 'tools'));
    const host = createHost({ environment: { NIGHTSHIFT_STATE_DIR: join(root, 'state'), HOME: root }, workingDirectory: join(root, 'tools'), umask: 0o022 });
    onTestFinished(() => host[Symbol.asyncDispose]());
    const { draft } = (await host.wiring()).newPlugins({ templates: TEMPLATES, product: PRODUCT });
    const made = await draft({ name: 'Mine', language: 'sh' });
    expect(made).toMatchObject({ folder: join(root, 'tools/Mine'), definition: { path: join(root, 'ops/Mine.yaml') }, configuration: { text: 'definitionPath: ops\nplugins: [./tools/Mine]\n' }, needsTrust: true });
  });

  test('of the user is left alone, and what it says here no more is told', async () => {
    const root = realpathSync(temporaryFolder());
    write(join(root, 'home/.config/nightshift/config.yaml'), 'timeZone: UTC\nsafeOwners: [0]\n');
    const { draft } = await place({ root });
    expect(await draft({ name: 'Mine', language: 'sh' })).toMatchObject({ covered: ['timeZone'], configuration: { path: join(root, 'nightshift.yaml'), isNew: true }, needsTrust: true });
  });

  test('that was named needs no trust', async () => {
    const root = realpathSync(temporaryFolder());
    const configFile = write(join(root, 'ci.yaml'), 'timeZone: UTC\n');
    const { draft } = await place({ root, configFile });
    expect(await draft({ name: 'Mine', language: 'sh' })).toMatchObject({ needsTrust: false, configuration: { path: configFile, text: 'timeZone: UTC\nplugins: [./Mine]\n' } });
  });
});

describe('nothing is written', () => {
  test.each([
    ['for a folder that is there', 'There', 'CantRegisterScheduledJobDefinition'],
    ['for a file of that name', 'file', 'CantRegisterScheduledJobDefinition'],
    ['for a link that leads nowhere', 'nowhere', 'CantRegisterScheduledJobDefinition'],
    ['for the folder of the definitions', 'definitions', 'CantRegisterScheduledJobDefinition'],
    ['for a definition of that name in another case', 'tAKEN', 'CantRegisterScheduledJobDefinition'],
    ['for a type that is built in', 'Background', 'JobTypeConflict'],
    ['for a type that is built in under another name', 'ps-scheduled', 'JobTypeConflict'],
    ['for a name that is none', '../Up', 'InvalidDefinitionName'],
  ])('%s: %s', async (_, name, code) => {
    const root = realpathSync(temporaryFolder());
    write(join(root, 'There/mine.txt'), 'mine');
    write(join(root, 'file'), '');
    symlinkSync('gone', join(root, 'nowhere'));
    write(join(root, 'nightshift.yaml'), 'definitionPath: [definitions, more]\n');
    write(join(root, 'more/Taken.yaml'), 'job: { command: [echo] }\n');
    const before = filesIn(root);
    const { draft } = await place({ root });
    expect(await complaintOf(() => draft({ name, language: 'ts' }))).toMatchObject({ code });
    expect(filesIn(root)).toEqual(before);
  });

  test('when the folder appears between the look and the act', async () => {
    const { root, draft, write: make } = await place();
    const made = await draft({ name: 'Mine', language: 'ts' });
    write(join(root, 'Mine/mine.txt'), 'mine');
    expect(await complaintOf(() => make(made))).toMatchObject({ code: 'CantRegisterScheduledJobDefinition' });
    expect(filesIn(root)).toEqual(['Mine/mine.txt']);
  });

  test('and what was written goes again, when the configuration cannot be', async () => {
    const { root, draft, write: make } = await place();
    const made = await draft({ name: 'Mine', language: 'ts' });
    write(join(root, 'nightshift.yaml'), 'timeZone: UTC\n');
    expect(await complaintOf(() => make(made))).toMatchObject({ code: 'CantRegisterScheduledJobDefinition' });
    expect(filesIn(root)).toEqual(['nightshift.yaml']);
    expect(existsSync(join(root, 'Mine'))).toBe(false);
    expect(existsSync(join(root, 'definitions'))).toBe(false);
  });
});
