import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { JobError } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { readConfig, type ConfigRequest } from '../../src/config/read-config.ts';
import { complaintOf, temporaryFolder, write } from '../folder.ts';

function place() {
  const root = temporaryFolder();
  const [project, home] = [join(root, 'project'), join(root, 'home')];
  mkdirSync(join(project, '.git'), { recursive: true });
  mkdirSync(home);
  const warnings: JobError[] = [];
  const read = (facts: Partial<ConfigRequest> = {}) => readConfig({ workingDirectory: project, environment: { HOME: home }, warn: (warning) => warnings.push(warning), ...facts });
  const config = (text: string, name = 'nightshift.yaml') => write(join(project, name), text);
  return { root, project, home, warnings, read, config };
}

describe('a configuration says', () => {
  test('nothing when there is none: definitions lie in the current folder', async () => {
    const { project, read } = place();
    expect(await read()).toEqual({ folders: [join(project, 'definitions')] });
  });

  test.each([
    ['', ['definitions']],
    ['definitionPath: jobs', ['jobs']],
    ['definitionPath: [jobs, ./more]', ['jobs', 'more']],
    ['{"definitionPath": "jobs"}', ['jobs']],
  ])('where definitions lie, from its own folder: %j', async (text, folders) => {
    const { project, read, config } = place();
    config(text);
    mkdirSync(join(project, 'sub'));
    expect(await read({ workingDirectory: join(project, 'sub') })).toEqual({ folders: folders.map((folder) => join(project, folder)) });
  });

  test('namespace and time zone', async () => {
    const { read, config } = place();
    config('namespace: ops\ntimeZone: Europe/Berlin');
    expect(await read()).toMatchObject({ namespace: 'ops', timeZone: 'Europe/Berlin' });
  });

  test('the same in package.json, under its key alone', async () => {
    const { project, read, config } = place();
    config('{"name": "x", "bogus": 1, "nightshift": {"definitionPath": "jobs"}}', 'package.json');
    expect(await read()).toEqual({ folders: [join(project, 'jobs')] });
  });

  test("nothing about the project when it is the user's own", async () => {
    const { project, home, read } = place();
    write(join(home, '.config/nightshift/config.yaml'), 'timeZone: UTC');
    expect(await read()).toEqual({ folders: [join(project, 'definitions')], timeZone: 'UTC' });
  });

  test('what the named file says, by option before environment', async () => {
    const { root, home, read, config } = place();
    config('namespace: project');
    const [one, other] = ['one', 'other'].map((name) => write(join(root, `${name}.yaml`), `namespace: ${name}`)) as [string, string];
    expect(await read({ environment: { HOME: home, NIGHTSHIFT_CONFIG: one } })).toMatchObject({ namespace: 'one', folders: [join(root, 'definitions')] });
    expect(await read({ configFile: other, environment: { HOME: home, NIGHTSHIFT_CONFIG: one } })).toMatchObject({ namespace: 'other' });
    expect(await read({ environment: { HOME: home, NIGHTSHIFT_CONFIG: '' } })).toMatchObject({ namespace: 'project' });
  });
});

describe('a mistake has its code and its place', () => {
  test.each([
    ['bogus: 1', 'DefinitionKeyUnknown', 1],
    ['\nnamespaces: x', 'DefinitionKeyUnknown', 2],
    ['stateDir: /x', 'DefinitionKeyUnknown', 1],
    ['runtimeDir: /x', 'DefinitionKeyUnknown', 1],
    ['definitionPath: 7', 'DefinitionValueInvalid', 1],
    ['definitionPath: [a, 7]', 'DefinitionValueInvalid', 1],
    ['definitionPath: ""', 'DefinitionValueInvalid', 1],
    ['timeZone: Mars/Olympus', 'TimeZoneInvalid', 1],
    ['namespace: ../x', 'InvalidDefinitionName', 1],
    ['a: [', 'DefinitionSyntaxError', 1],
    ['- a', 'DefinitionValueInvalid', 1],
    ['__proto__: 1', 'DefinitionKeyForbidden', 1],
  ])('%j is %s in line %i', async (text, code, line) => {
    const { read, config } = place();
    const file = config(text);
    const found = await complaintOf(read);
    expect(found).toMatchObject({ code, line });
    expect(file.endsWith(found.file?.split('/').at(-1) as string)).toBe(true);
  });

  test('and all of them are told at once', async () => {
    const { read, config } = place();
    config('bogus: 1\ntimeZone: x\nnamespace: "-"');
    const cause = await read().catch((thrown: unknown) => thrown);
    expect((cause as AggregateError).errors.map((error: JobError) => error.code).toSorted()).toEqual(['DefinitionKeyUnknown', 'InvalidDefinitionName', 'TimeZoneInvalid']);
  });
});

describe('what needs trust', () => {
  const wants: readonly (readonly [string, string])[] = [['engine', '{ x: 1 }'], ['retention', '{ x: 1 }'], ['hooks', '{ x: 1 }'], ['safeOwners', '[1]']];

  test.each(wants)("is refused in a project's file that nobody trusts: %s", async (key, value) => {
    const { read, config } = place();
    config(`${key}: ${value}`);
    expect(await complaintOf(read)).toMatchObject({ code: 'ConfigUnsafe', line: 1, hint: expect.stringContaining('trust') });
  });

  test.each(wants)('is known in a trusted, a named and an own file, and told not to be honoured yet: %s', async (key, value) => {
    const { root, home, read, config } = place();
    const text = `${key}: ${value}`;
    const file = write(join(root, 'named.yaml'), text);
    expect(await complaintOf(() => read({ configFile: file }))).toMatchObject({ code: 'DefinitionValueInvalid' });
    write(join(home, '.config/nightshift/config.yaml'), text);
    expect(await complaintOf(read)).toMatchObject({ code: 'DefinitionValueInvalid' });
    config(text);
    expect(await complaintOf(() => read({ environment: { HOME: home, NIGHTSHIFT_TRUST: '1' } }))).toMatchObject({ code: 'DefinitionValueInvalid' });
  });

  test.each(['0', 'true', '', 'yes'])('is refused when trust is "%s"', async (word) => {
    const { home, read, config } = place();
    config('hooks: { x: 1 }');
    expect(await complaintOf(() => read({ environment: { HOME: home, NIGHTSHIFT_TRUST: word } }))).toMatchObject({ code: 'ConfigUnsafe' });
  });

  test('is a warning for plugins, and the rest goes on', async () => {
    const { warnings, read, config } = place();
    config('plugins: [x]\nnamespace: ops');
    expect(await read()).toMatchObject({ namespace: 'ops' });
    expect(warnings).toMatchObject([{ code: 'ProjectPluginsIgnored', line: 1 }]);
  });

  test('is not an empty list of plugins', async () => {
    const { warnings, read, config } = place();
    config('plugins: []');
    await read();
    expect(warnings).toEqual([]);
  });
});

describe('a file that somebody else could have written is refused', () => {
  test.each([
    ['writable by all', 0o666],
    ['writable by all, though not readable', 0o602],
  ])('%s', async (_, mode) => {
    const { project, home, read } = place();
    write(join(project, 'nightshift.yaml'), 'namespace: x', mode);
    expect(await complaintOf(read)).toMatchObject({ code: 'ConfigUnsafe' });
    expect(await complaintOf(() => read({ environment: { HOME: home, NIGHTSHIFT_TRUST: '1' } }))).toMatchObject({ code: 'ConfigUnsafe' });
  });

  const asRoot = test.skipIf(process.getuid?.() !== 0);

  asRoot('of another owner', async () => {
    const { read, config } = place();
    chownSync(config('namespace: x'), 54_321, 0);
    expect(await complaintOf(read)).toMatchObject({ code: 'ConfigUnsafe' });
  });

  asRoot('writable by a group that is not our own', async () => {
    const { project, read } = place();
    const path = write(join(project, 'nightshift.yaml'), 'namespace: x', 0o664);
    expect(await read()).toMatchObject({ namespace: 'x' });
    chownSync(path, 0, 54_321);
    expect(await complaintOf(read)).toMatchObject({ code: 'ConfigUnsafe' });
  });

  test.each(['named', 'own'])('also when it is %s', async (which) => {
    const { root, home, read } = place();
    const path = write(which === 'named' ? join(root, 'named.yaml') : join(home, '.config/nightshift/config.yaml'), 'namespace: x', 0o666);
    expect(await complaintOf(() => read(which === 'named' ? { configFile: path } : {}))).toMatchObject({ code: 'ConfigUnsafe' });
  });

  test.each([
    ['a pipe', (path: string) => void execFileSync('mkfifo', [path])],
    ['a folder', (path: string) => void mkdirSync(path)],
    ['a link to elsewhere', (path: string) => symlinkSync(write(`${path}.target/x.yaml`, ''), path)],
    ['a link to a device', (path: string) => symlinkSync('/dev/zero', path)],
  ])('%s, without being read', async (_, make) => {
    const { root, home, read } = place();
    const path = join(root, 'named.yaml');
    make(path);
    expect(await complaintOf(() => read({ configFile: path }))).toMatchObject({ code: 'ConfigUnsafe' });
    make(join(home, 'config.yaml'));
    mkdirSync(join(home, '.config/nightshift'), { recursive: true });
    make(join(home, '.config/nightshift/config.yaml'));
    expect(await complaintOf(read)).toMatchObject({ code: 'ConfigUnsafe' });
  });
});

test('a project of another owner is not looked into', async () => {
  const { project, read, config } = place();
  config('namespace: x');
  mkdirSync(join(project, 'sub'));
  if (process.getuid?.() !== 0) return;
  chownSync(project, 54_321, 0);
  expect(await read({ workingDirectory: join(project, 'sub') })).toEqual({ folders: [join(project, 'sub', 'definitions')] });
});
