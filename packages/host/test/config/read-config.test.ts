import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { JobError } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import type { ConfigRequest } from '../../src/config/gather-files.ts';
import { examineConfig, readConfig } from '../../src/config/read-config.ts';
import { complaintOf, temporaryFolder, write } from '../folder.ts';

function place() {
  const root = temporaryFolder();
  const [project, home] = [join(root, 'project'), join(root, 'home')];
  mkdirSync(join(project, '.git'), { recursive: true });
  mkdirSync(home);
  const warnings: JobError[] = [];
  const report = (facts: Partial<ConfigRequest> = {}) => readConfig({ workingDirectory: project, environment: { HOME: home }, warn: (warning) => warnings.push(warning), ...facts });
  const read = async (facts: Partial<ConfigRequest> = {}) => (await report(facts)).config;
  const config = (text: string, name = 'nightshift.yaml') => write(join(project, name), text);
  const own = (text: string, mode = 0o600) => write(join(home, '.config/nightshift/config.yaml'), text, mode);
  return { root, project, home, warnings, report, read, config, own };
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
    ['\ndefinitionPath: []', 'DefinitionValueInvalid', 2],
    ['plugins: x', 'DefinitionValueInvalid', 1],
    ['plugins: [a/../../b]', 'DefinitionValueInvalid', 1],
    ['plugins: ["@a/b/c"]', 'DefinitionValueInvalid', 1],
    ['plugins: ["http://x/y"]', 'DefinitionValueInvalid', 1],
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

describe('what is kept', () => {
  test('is what a named file says', async () => {
    const { root, read } = place();
    const config = await read({ configFile: write(join(root, 'named.yaml'), 'retention: { storeCap: 1GB, history: 90d }') });
    expect(config.retention).toEqual({ storeCap: 1_000_000_000, history: 90 * 86_400_000, historyRows: 10_000 });
  });

  test.each([
    ['{ storeCap: 10 }', 'DefinitionValueInvalid', 'expected a size such as 200MB'],
    ['{ storecap: 1GB }', 'DefinitionKeyUnknown', 'storecap'],
    ['{ history: 400 }', 'DurationInvalid', 'the unit is missing'],
    ['{ history: 1h }', 'DefinitionValueInvalid', 'at least a day'],
    ['{ historyRows: 5 }', 'DefinitionValueInvalid', 'from 100 to 1,000,000'],
    ['400d', 'DefinitionValueInvalid', 'a map'],
  ])('is refused as %s', async (value, code, part) => {
    const { root, read } = place();
    const cause = await complaintOf(() => read({ configFile: write(join(root, 'named.yaml'), `retention: ${value}`) }));
    expect(cause).toMatchObject({ code, message: expect.stringContaining(part) as string, line: 1 });
  });
});

describe('what needs trust', () => {
  const wants: readonly (readonly [string, string])[] = [['engine', '{ name: pgboss, x: 1 }'], ['hooks', '{ onFailure: [] }'], ['safeOwners', '[1]'], ['retention', '{ history: 90d }']];
  const trusting = (project: string) => `trustedProjects:\n  - { folder: ${project}, plugins: [] }\n`;

  test.each(wants)("is refused in a project's file that nobody trusts, with the command to trust it: %s", async (key, value) => {
    const { project, read, config } = place();
    config(`${key}: ${value}`);
    expect(await complaintOf(read)).toMatchObject({ code: 'ConfigUnsafe', line: 1, hint: `nightshift trust ${project}` });
  });

  test.each(wants.slice(0, 1))('is accepted in a trusted, a named and an own file: %s', async (key, value) => {
    const { root, project, home, read, config, own } = place();
    const text = `${key}: ${value}`;
    const file = write(join(root, 'named.yaml'), text);
    const accepted = { folders: expect.anything() as unknown };
    expect(await read({ configFile: file })).toMatchObject(accepted);
    own(text);
    expect(await read()).toMatchObject(accepted);
    config(text);
    expect(await read({ environment: { HOME: home, NIGHTSHIFT_TRUST: '1' } })).toMatchObject(accepted);
    own(trusting(project));
    expect(await read()).toMatchObject(accepted);
  });

  test.each([
    ['{ connection: env:X }', 'DefinitionKeyMissing', '"engine.name" is missing', 1],
    ['{ name: 7 }', 'DefinitionValueInvalid', '"engine.name" must be a text', 11],
    ['{ name: x, connection: "postgres://me:hush@db/x" }', 'DefinitionValueInvalid', '"engine.connection" holds a secret', 20],
    ['{ name: x, output: { s3: { secretKey: hush } } }', 'DefinitionValueInvalid', '"engine.output.s3.secretKey" holds a secret', 36],
  ])('is refused as an engine %s, at its place and without what is secret', async (value, code, message, column) => {
    const { root, read } = place();
    const cause = await complaintOf(() => read({ configFile: write(join(root, 'named.yaml'), `engine: ${value}`) }));
    expect(cause).toMatchObject({ code, message: expect.stringContaining(message) as string, line: 1, column });
    expect(cause.message).not.toContain('hush');
  });

  test.each([
    ['a named file', ({ root, read }: ReturnType<typeof place>) => read({ configFile: write(join(root, 'named.yaml'), 'safeOwners: [7]') })],
    ["the user's own file", ({ own, read }: ReturnType<typeof place>) => (own('safeOwners: [7]'), read())],
    ['a project, trusted for one call', ({ home, config, read }: ReturnType<typeof place>) => (config('safeOwners: [7]'), read({ environment: { HOME: home, NIGHTSHIFT_TRUST: '1' } }))],
    ['a project that is trusted', ({ project, config, own, read }: ReturnType<typeof place>) => (config('safeOwners: [7]'), own(trusting(project)), read())],
  ])('is honoured in %s: safeOwners', async (_, act) => {
    expect(await act(place())).toMatchObject({ safeOwners: [7] });
  });

  test.each(['0', 'true', '', 'yes'])('is refused when trust is "%s"', async (word) => {
    const { home, read, config } = place();
    config('hooks: { onFailure: [] }');
    expect(await complaintOf(() => read({ environment: { HOME: home, NIGHTSHIFT_TRUST: word } }))).toMatchObject({ code: 'ConfigUnsafe' });
  });

  test('is not an empty list', async () => {
    const { report, config } = place();
    config('plugins: []\nsafeOwners: []');
    expect((await report()).warnings).toEqual([]);
  });

  test('is a warning for plugins, and the rest goes on', async () => {
    const { project, report, config } = place();
    config('plugins: [x]\nnamespace: ops');
    expect(await report()).toMatchObject({ config: { namespace: 'ops' }, trusted: false, warnings: [{ code: 'ProjectPluginsIgnored', line: 1, hint: `nightshift trust ${project}` }] });
  });

  test('is given to a project and its folders, and to no other', async () => {
    const { root, project, read, config, own } = place();
    config('safeOwners: [7]');
    own(trusting(join(root, 'elsewhere')));
    expect(await complaintOf(read)).toMatchObject({ code: 'ConfigUnsafe' });
    own(trusting(root));
    expect(await complaintOf(read)).toMatchObject({ code: 'ConfigUnsafe' });
    own(trusting(project));
    mkdirSync(join(project, 'sub'));
    expect(await read({ workingDirectory: join(project, 'sub') })).toMatchObject({ safeOwners: [7] });
  });

  test('is asked for again when the list of plugins is another one', async () => {
    const { project, report, config, own } = place();
    config('plugins: [x]\nsafeOwners: [7]');
    own(trusting(project));
    expect(await complaintOf(report)).toMatchObject({ code: 'ConfigUnsafe', message: expect.stringContaining('since it was trusted, x') });
  });
});

describe("the user's own file", () => {
  test('says whose files are read, wherever the configuration lies', async () => {
    const { root, read, config, own } = place();
    own('safeOwners: [7]\nnamespace: mine\ntimeZone: UTC');
    config('namespace: project');
    expect(await read()).toEqual({ folders: [join(root, 'project', 'definitions')], namespace: 'project', safeOwners: [7] });
    const named = write(join(root, 'named.yaml'), 'safeOwners: [8]');
    expect(await read({ configFile: named })).toMatchObject({ safeOwners: [7, 8] });
  });

  test('is the only one that says what is trusted: a project cannot trust itself', async () => {
    const { root, project, report, config } = place();
    const text = `safeOwners: [7]\ntrustedProjects:\n  - { folder: ${project}, plugins: [] }\n`;
    config(text);
    const cause = await report().catch((thrown: unknown) => thrown);
    expect((cause as AggregateError).errors).toMatchObject([{ code: 'ConfigUnsafe', line: 2 }, { code: 'ConfigUnsafe', line: 1 }]);
    expect(await complaintOf(() => report({ configFile: write(join(root, 'named.yaml'), text) }))).toMatchObject({ code: 'ConfigUnsafe', line: 2 });
  });

  test.each([
    ['bogus: 1', 'DefinitionKeyUnknown'],
    ['trustedProjects: [x]', 'DefinitionValueInvalid'],
    ['trustedProjects: [{ folder: /x }]', 'DefinitionKeyMissing'],
    ['trustedProjects: [{ folder: /x, plugins: [{ name: x }] }]', 'DefinitionKeyMissing'],
    ['safeOwners: [-1]', 'DefinitionValueInvalid'],
  ])('with a mistake is believed in nothing: %s is %s', async (text, code) => {
    const { read, config, own } = place();
    config('namespace: project');
    const file = own(text);
    expect(await complaintOf(read)).toMatchObject({ code, file, line: 1 });
  });

  test('with a mistake trusts nothing, although it says so', async () => {
    const { project, home, config, own } = place();
    config('safeOwners: [7]');
    own(`bogus: 1\ntrustedProjects: [{ folder: ${project}, plugins: [] }]\nsafeOwners: [8]`);
    const report = await examineConfig({ workingDirectory: project, environment: { HOME: home }, warn: () => {} });
    expect(report).toMatchObject({ trusted: false, errors: [{ code: 'DefinitionKeyUnknown' }, { code: 'ConfigUnsafe' }] });
    expect(report.config).toEqual({ folders: [join(project, 'definitions')] });
  });

  test('is the same when it is named', async () => {
    const { project, read, own } = place();
    const file = own(`trustedProjects: [{ folder: ${project}, plugins: [] }]\nnamespace: mine`);
    expect(await read({ configFile: file })).toMatchObject({ namespace: 'mine', folders: [join(project, 'definitions')] });
  });

  test('need not be there, and without a home it is not', async () => {
    const { project, read, config } = place();
    config('namespace: project');
    expect(await read({ environment: { HOME: '/nonexistent', XDG_CONFIG_HOME: '/nonexistent' } })).toEqual({ folders: [join(project, 'definitions')], namespace: 'project' });
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
