import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readManifest } from '../src/index.ts';
import { VERSION } from '../src/stdio-run.ts';

const ENTRY = { name: 'DiskSpaceJob', description: 'Reports how full the disk is.', capabilities: { persist: true }, argv: ['sh', './disk-space.sh'], schema: './disk-space.schema.json' };
const MANIFEST = { name: 'disk-space', version: '1.0.0', apiVersion: 1, jobTypes: [ENTRY] };

/** Codes and sentences of what is wrong with a manifest that differs in this. */
const wrong = (changes: object): string[] => readManifest({ ...MANIFEST, ...changes }, '/plugins/disk').complaints.map(({ message }) => message);
const wrongType = (changes: object): string[] => wrong({ jobTypes: [{ ...ENTRY, ...changes }] });

test('the version that programs are told is that of the package', () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  expect(VERSION).toBe(version);
});

describe('a manifest', () => {
  test('comes to its types, with what was left out filled in', () => {
    const { manifest, complaints, warnings } = readManifest(JSON.stringify(MANIFEST), '/plugins/disk');
    expect([complaints, warnings]).toEqual([[], []]);
    expect(manifest).toEqual({ name: 'disk-space', version: '1.0.0', apiVersion: 1, folder: '/plugins/disk', jobTypes: [{ ...ENTRY, aliases: [] }] });
  });

  test('may be of a scope, have a version with a mark, and a byte order mark', () => {
    expect(readManifest(`\uFEFF${JSON.stringify({ ...MANIFEST, name: '@acme/disk-space', version: '2.0.0-rc.1+7' })}`, '/p').manifest?.name).toBe('@acme/disk-space');
  });

  test.each([
    ['another contract version', { apiVersion: 2 }, '"disk-space" speaks contract version 2; this Nightshift speaks 1'],
    ['no contract version', { apiVersion: undefined }, '"apiVersion" is missing'],
    ['a contract version as a text', { apiVersion: '1' }, '"disk-space" speaks contract version "1"; this Nightshift speaks 1'],
    ['a name that leads out of its folder', { name: '../x' }, '"name": "../x" is not a name: it must begin with a letter'],
    ['no name', { name: undefined }, '"name" must be the name of the plugin; it is missing'],
    ['a version that is none', { version: '1.0' }, '"version" must be a version such as "1.0.0", not "1.0"'],
    ['no types', { jobTypes: [] }, '"jobTypes" must be a list of at least one job type, not an empty list'],
    ['types that are no list', { jobTypes: { a: 1 } }, '"jobTypes" must be a list of at least one job type, not an object'],
    ['a type that is no object', { jobTypes: ['x'] }, '"jobTypes[0]" must be an object, not "x"'],
    ['a misspelt key', { jobtypes: [] }, 'unknown key "jobtypes". Did you mean "jobTypes"?'],
  ])('with %s is refused', (_what, changes, message) => {
    expect(wrong(changes)).toEqual([message]);
  });

  test.each([
    ['an impossible name', { name: 'con' }, '"jobTypes[0].name": "con" is not a name: it is the name of a Windows device'],
    ['no description', { description: ' ' }, '"jobTypes[0].description" must be one sentence on one line, at most 500 characters, not " "'],
    ['a description that a terminal would obey', { description: 'a\u001b[2Jb' }, '"jobTypes[0].description" must be one sentence on one line, at most 500 characters, not "a\\u001b[2Jb"'],
    ['nothing to run', { argv: [] }, '"jobTypes[0].argv" must be a list of at least the program, not an empty list'],
    ['a command line as one text', { argv: 'sh x.sh' }, '"jobTypes[0].argv" must be a list of at least the program, not "sh x.sh"'],
    ['a number among the words', { argv: ['sleep', 5] }, '"jobTypes[0].argv[1]" must be a text, not 5'],
    ['a NUL among the words', { argv: ['a\0b'] }, '"jobTypes[0].argv[0]" holds a NUL character, which no program can be given'],
    ['an empty program', { argv: ['', 'x'] }, '"jobTypes[0].argv[0]" is empty: it names the program'],
    ['a schema outside of the folder', { schema: '../x.json' }, '"jobTypes[0].schema" must stay inside the plugin\'s folder, not "../x.json"'],
    ['a schema with an absolute path', { schema: '/etc/x.json' }, '"jobTypes[0].schema" must stay inside the plugin\'s folder, not "/etc/x.json"'],
    ['a schema that stands there itself', { schema: {} }, '"jobTypes[0].schema" must be the path of a JSON Schema file in the plugin\'s folder, not an object'],
    ['a capability that is no truth value', { capabilities: { kill: 'yes' } }, '"jobTypes[0].capabilities.kill" must be true or false, not "yes"'],
    ['triggers', { capabilities: { triggers: true } }, '"jobTypes[0].capabilities.triggers" is for job types that delegate; a program cannot promise it'],
    ['a misspelt capability', { capabilities: { presist: true } }, 'unknown key "presist" in "jobTypes[0].capabilities". Did you mean "persist"?'],
    ['aliases that are no list', { aliases: 'X' }, '"jobTypes[0].aliases" must be a list of names, not "X"'],
  ])('whose type has %s is refused', (_what, changes, message) => {
    expect(wrongType(changes)).toEqual([message]);
  });

  test('says everything that is wrong at once, with the keys that lead there', () => {
    const { manifest, complaints } = readManifest({ ...MANIFEST, version: 1, jobTypes: [{ ...ENTRY, argv: undefined, schem: 'x' }] }, '/p');
    expect(manifest).toBeUndefined();
    expect(complaints.map(({ code, path, at }) => [code, path, at])).toEqual([
      ['PluginInvalid', ['version'], undefined],
      ['PluginInvalid', ['jobTypes', 0, 'schem'], 'key'],
      ['PluginInvalid', ['jobTypes', 0, 'argv'], undefined],
    ]);
  });

  test('with two types of one name, case and aliases included, is a conflict', () => {
    const { complaints } = readManifest({ ...MANIFEST, jobTypes: [ENTRY, { ...ENTRY, name: 'Other', aliases: ['DISKSPACEJOB'] }] }, '/p');
    expect(complaints).toEqual([{ code: 'JobTypeConflict', message: '"jobTypes[1]" and "jobTypes[0]" have the same name "DISKSPACEJOB"', path: ['jobTypes', 1, 'name'] }]);
  });

  test('with a key of a later Nightshift is taken, with a warning', () => {
    const { manifest, warnings } = readManifest({ ...MANIFEST, homeworld: 'x' }, '/p');
    expect(manifest?.name).toBe('disk-space');
    expect(warnings.map(({ message }) => message)).toEqual(['unknown key "homeworld"; it is ignored']);
  });

  test.each([
    ['{\n  "name": "x",\n}', 3, 1],
    ['{"name"', 1, 8],
    ['', 1, 1],
  ])('that is no JSON is complained about with line and column: %j', (text, line, column) => {
    expect(readManifest(text, '/p').complaints).toMatchObject([{ code: 'PluginInvalid', line, column, message: expect.stringMatching(/^nightshift-plugin\.json is no JSON: /) }]);
  });

  test.each([[null], [undefined], [7], [[]], ['[]'], ['null'], ['"x"'], ['['.repeat(100_000)], ['x'.repeat(300_000)], ['{"__proto__":{"apiVersion":1}}']])('that is something else is refused and nothing is thrown (%#)', (source) => {
    const { manifest, complaints } = readManifest(source, '/p');
    expect([manifest, complaints.length]).toEqual([undefined, 1]);
  });
});
