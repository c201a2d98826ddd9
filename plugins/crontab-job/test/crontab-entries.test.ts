import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { JobError, type BrokenDefinition, type CommandLine, type Definition, type SourceFiles, type SpecIssue } from '@nightshift/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkSpec, describeEntry, findEntries, listEntries, type CrontabSpec } from '../src/crontab-entries.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'crontab-')));
beforeAll(() => mkdirSync(join(root, 'else'), { recursive: true }));
afterAll(() => rmSync(root, { recursive: true }));
const files: SourceFiles = { read: (file) => readFile(file) };
const me = userInfo().username;

async function entriesIn(text: string | Uint8Array): Promise<readonly (Definition | BrokenDefinition)[]> {
  writeFileSync(join(root, 'crontab'), text);
  return listEntries(root, files);
}
const specsIn = async (text: string): Promise<unknown> => (await entriesIn(text)).map((one) => one.spec);
const describing = (spec: CrontabSpec): CommandLine => describeEntry({ spec, name: 'x', origin: { kind: 'demand', runNow: false }, workingDirectory: root, argumentList: [] });

test.each<[string, CrontabSpec]>([
  ['@daily a b', { command: 'a b', environment: {} }],
  [String.raw`* * * * * date +\%F`, { command: 'date +%F', environment: {} }],
  ['* * * * * cat%one%%two', { command: 'cat', input: ['one', '', 'two'], environment: {} }],
  ['* * * * * -q a', { command: 'a', environment: {} }],
  ['* * * * * -n\t-q a', { command: 'a', environment: {} }],
  ['A="b  "\nMAILTO=x\n"C D"=e\n* * * * * a', { command: 'a', environment: { A: 'b  ', MAILTO: 'x' } }],
])('%j is an entry that runs %j', async (text, spec) => {
  expect(await specsIn(text)).toEqual([spec]);
});

test('entries of one name have numbers in the order of the file, and are listed in name order', async () => {
  const found = await entriesIn('@daily b.sh 1\n@daily a\n@daily B 2\n@daily b 3\n');
  expect(found.map(({ name, spec }) => [name, (spec as CrontabSpec).command])).toEqual([['a', 'a'], ['b', 'b.sh 1'], ['B-2', 'B 2'], ['b-3', 'b 3']]);
  expect(await findEntries('b-2', root, files)).toMatchObject([{ name: 'B-2' }]);
  expect(await findEntries('b-4', root, files)).toEqual([]);
});

test('the description of an entry says when cron runs it, and what the comments say', async () => {
  expect((await entriesIn('CRON_TZ=Europe/Berlin\n# Tidy up\n30 4 * * 1-5 a\n')).map((one) => one)).toMatchObject([{ name: 'Tidy-up', sourceName: 'Tidy up', description: '30 4 * * 1-5 Europe/Berlin: Tidy up' }]);
});

test('two crontabs in one folder have keys of their own', async () => {
  writeFileSync(join(root, 'other'), '@daily a');
  const [one, other] = [await entriesIn('@daily a'), await listEntries(join(root, 'other'), files)] as readonly (readonly Definition[])[];
  expect(one?.[0]?.key).not.toBe(other?.[0]?.key);
  expect(one?.[0]).toMatchObject({ baseFolder: root, location: join(root, 'crontab') });
});

test.each([
  ['@daily a\n  nothing of cron\n@daily b', ['a', 'b', 'nothing'], 'nothing', { code: 'DefinitionSyntaxError', line: 2, column: 3, excerpt: { text: '  nothing of cron' } }],
  ['* * * * *', ['line-1'], 'line-1', { line: 1, column: 10, message: 'a command is missing behind the schedule' }],
  ['A="x\n@daily a', ['a', 'line-1'], 'line-1', { line: 1 }],
  ['0 5 * * /opt/b.sh --full', ['b'], 'b', { line: 1, column: 1 }],
  ['@daily a\nNODE_OPTIONS=-r x\n@daily b', ['a', 'b'], 'b', { code: 'DefinitionValueInvalid', line: 2, column: 1, hint: expect.stringContaining('NODE_OPTIONS=…') as string }],
  ['SHELL=bash\n@daily a', ['a'], 'a', { code: 'DefinitionValueInvalid', line: 1, message: expect.stringContaining('SHELL=bash') as string, hint: expect.stringContaining('/bin/bash') as string }],
  ['@daily a \u001b[2J', ['a'], 'a', { line: 1, column: 10, message: 'the line holds a control character' }],
])('in %j what cannot be read is told at its place, and hides nothing else', async (text, names, broken, error) => {
  const found = await entriesIn(text);
  expect(found.map(({ name }) => name)).toEqual(names.toSorted());
  expect(found.filter((one) => 'errors' in one)).toMatchObject([{ name: broken, type: 'CrontabJob', errors: [error] }]);
});

test('a byte that is not UTF-8 breaks its line only, and not in a comment', async () => {
  const found = await entriesIn(Buffer.from('# \xe9t\xe9\n@daily a\n@daily b \xe9\n', 'latin1'));
  expect(found.map(({ name }) => name)).toContain('b');
  expect(found.filter((one) => 'errors' in one)).toMatchObject([{ name: 'b', errors: [{ line: 3, column: 10 }] }]);
});

test('a file is meant by itself, by its folder, and by the folder that a link leads to', async () => {
  await entriesIn('@daily a');
  symlinkSync(root, join(root, 'link'));
  for (const path of [root, join(root, 'crontab'), join(root, 'link')]) expect(await findEntries('A', path, files)).toMatchObject([{ name: 'a', location: join(root, 'crontab') }]);
});

test('where there is no crontab there is nothing to list, and whoever asks for an entry is told', async () => {
  const missing: SourceFiles = { read: () => Promise.reject(new JobError({ code: 'FilePathNotFound', message: 'there is no file' })) };
  expect(await listEntries(join(root, 'else'), missing)).toEqual([]);
  expect(await findEntries('a', undefined, missing)).toMatchObject([{ name: 'a', errors: [{ code: 'FilePathNotFound', hint: expect.stringContaining('crontab -l > crontab') as string }] }]);
  expect(await findEntries('a', join(root, 'else'), missing)).toMatchObject([{ errors: [{ hint: expect.stringMatching(/^in a folder the file "crontab" is meant/) as string }] }]);
});

test('a crontab that is not to be read is broken whatever is asked for, with what is wrong with it', async () => {
  const unsafe: SourceFiles = { read: () => Promise.reject(new JobError({ code: 'DefinitionUnsafe', message: 'can be written by everybody', hint: 'chmod o-w' })) };
  for (const found of [await findEntries('any', root, unsafe), await listEntries(root, unsafe)]) expect(found).toMatchObject([{ errors: [{ code: 'DefinitionUnsafe', message: 'can be written by everybody', hint: 'chmod o-w' }] }]);
});

test('a crontab of the system has a user in each line', async () => {
  const system: SourceFiles = { read: async () => Buffer.from('17 * * * * root cd / && run\n@daily www-data b\n@daily c\n') };
  const found = await listEntries('/etc/cron.d/some', system);
  expect(found.map(({ name, spec }) => [name, spec])).toEqual([['b', { command: 'b', user: 'www-data', environment: {} }], ['line-3', undefined], ['run', { command: 'cd / && run', user: 'root', environment: {} }]]);
  expect(found[0]).toMatchObject({ description: '@daily as www-data' });
});

test('an entry has the PATH, the SHELL and the names that cron gives it, and what the file says', () => {
  expect(describing({ command: 'a b' })).toEqual({ argv: ['/bin/sh', '-c', expect.any(String), 'crontab', root, '/bin/sh', '-c', 'a b'], commandText: 'a b', environment: { PATH: '/usr/bin:/bin', SHELL: '/bin/sh', LOGNAME: me, USER: me } });
  expect(describing({ command: 'a', input: ['x'], environment: { PATH: '/opt', SHELL: '/bin/bash', LOGNAME: 'x', USER: 'y', HOME: '/h' } })).toMatchObject({ argv: ['/bin/sh', '-c', expect.any(String), 'crontab', root, '/bin/bash', '-c', 'a'], environment: { PATH: '/opt', SHELL: '/bin/bash', LOGNAME: me, USER: me, HOME: '/h' }, input: ['x'] });
});

test('who has no HOME is given that of the account, unless the file sets one', () => {
  const home = process.env['HOME'];
  delete process.env['HOME'];
  try {
    expect(describing({ command: 'a' }).environment).toMatchObject({ HOME: userInfo().homedir });
    expect(describing({ command: 'a', environment: { HOME: '/h' } }).environment).toMatchObject({ HOME: '/h' });
    expect(describing({ command: 'a', user: 'somebody-else' }).environment).not.toHaveProperty('HOME');
  } finally {
    process.env['HOME'] = home;
  }
});

test('what is wrong with a definition of an entry is told at its key', () => {
  const { issues } = checkSpec({ comand: 'a', environment: { A: 1 }, input: 'x', user: '' }) as { issues: readonly SpecIssue[] };
  expect(issues.map(({ path, at, code }) => [path?.[0], at, code])).toEqual([['command', undefined, undefined], ['environment', undefined, undefined], ['input', undefined, undefined], ['user', undefined, undefined], ['comand', 'key', 'DefinitionKeyUnknown']]);
});

test('an entry of another user is for that user, and has none of our names', () => {
  expect(describing({ command: 'a', user: 'somebody-else' })).toMatchObject({ user: 'somebody-else', environment: { PATH: '/usr/bin:/bin', SHELL: '/bin/sh' } });
  expect(describing({ command: 'a', user: 'somebody-else', environment: { USER: 'x' } }).environment).not.toHaveProperty('USER');
});

test('a crontab may set 500 variables, and one that sets more is refused before its entries fill the memory', async () => {
  const text = (variables: number): string => [...Array.from({ length: variables }, (_, index) => `V${index}=x`), 'V0=y', ...Array.from({ length: 10 }, () => '@daily a')].join('\n');
  const [first] = (await entriesIn(text(500))) as readonly [Definition];
  expect(Object.keys((first.spec as CrontabSpec).environment ?? {})).toHaveLength(500);
  expect(await entriesIn(text(501))).toMatchObject([{ errors: [{ code: 'DefinitionTooLarge', message: expect.stringContaining('line 501') as string, file: expect.stringContaining('crontab') as string }] }]);
});
