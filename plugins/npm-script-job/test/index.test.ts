import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import plugin, { type NpmScriptSpec } from '@nightshift/npm-script-job';
import type { AnyJobType, Definition, DefinitionSource } from '@nightshift/sdk';
import { exerciseJobType } from '@nightshift/testing';
import { afterAll, describe, expect, test } from 'vitest';

const type = plugin.jobTypes?.[0] as AnyJobType;
const source = type.definitions as DefinitionSource;

const packageFolder = mkdtempSync(join(tmpdir(), 'npm-script-'));
writeFileSync(join(packageFolder, 'package.json'), JSON.stringify({ scripts: { good: 'true', bad: 'exit 7', 'for:ever': 'sleep 60' } }));
afterAll(() => rmSync(packageFolder, { recursive: true }));
const definitions: DefinitionSource = { find: (name, _path, files) => source.find(name, packageFolder, files), list: (_path, files) => source.list(packageFolder, files) };

exerciseJobType({ describe, test, skip: (title: string) => test.skip(title) }, {
  type: { ...type, definitions }, patience: 15_000,
  completes: { script: 'good', packageFolder }, fails: { script: 'bad', packageFolder }, runsUntilStopped: { script: 'for:ever', packageFolder },
  invalid: [{}, { script: 'good' }, { script: 7, packageFolder }, { script: 'good', packageFolder, arguments: [] }],
});

test('the plugin says the name and the version of its package', () => {
  const { name, version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(plugin).toMatchObject({ name, version });
});

test('a script called like an option is none to npm, and the folder of a package begins at that of the definition', async () => {
  const describing = (spec: NpmScriptSpec): unknown => type.runs === 'command' && type.command({ spec, name: 'x', origin: { kind: 'demand', runNow: false }, workingDirectory: '/project/definitions', argumentList: [] });
  expect(await describing({ script: '--version', packageFolder: '..' })).toEqual({ argv: ['npm', 'run', '--silent', '--', '--version'], workingDirectory: '/project' });
  expect(await describing({ script: 'good', packageFolder: '/else' })).toEqual({ argv: ['npm', 'run', '--silent', 'good'], workingDirectory: '/else' });
});

test('a file that is not called package.json has no scripts that npm could run', async () => {
  const file = join(packageFolder, 'other.json');
  writeFileSync(file, JSON.stringify({ scripts: { good: 'echo another' } }));
  expect(await source.find('good', file, { read: (path) => readFile(path) })).toMatchObject([{ errors: [{ code: 'DefinitionValueInvalid', message: expect.stringContaining('called package.json') as string, file }] }]);
});

test('what is no JSON is told once with its place', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'npm-script-'));
  await writeFile(join(folder, 'package.json'), '{\n} x');
  expect(await source.find('x', folder, { read: (file) => readFile(file) })).toMatchObject([{ errors: [{ message: 'this is no JSON: Unexpected non-whitespace character after JSON', line: 2, column: 3 }] }]);
});

test('scripts whose names are none have names made of them, each its own', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'npm-script-'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ scripts: { 'build:prod': 'a', 'build-prod': 'b', Test: 'c', test: 'd', '1:': 'e', '': 'f' } }));
  const found = new Map<string, unknown>();
  for await (const one of source.list(folder, { read: (file) => readFile(file) })) found.set(one.name, [(one.spec as { script: string }).script, (one as Definition).sourceName]);
  expect([...found]).toEqual([['build-prod', ['build-prod', undefined]], ['build-prod-2', ['build:prod', 'build:prod']], ['job-1', ['1:', '1:']], ['Test', ['Test', undefined]], ['test-2', ['test', 'test']]]);
});
