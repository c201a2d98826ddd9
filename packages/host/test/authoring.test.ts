import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createHost } from '../src/create-host.ts';
import type { Authoring } from '../src/index.ts';
import { temporaryFolder, write } from './folder.ts';

async function authoringIn(root: string, umask = 0o022): Promise<Authoring> {
  const host = createHost({ environment: { NIGHTSHIFT_STATE_DIR: join(root, 'state'), HOME: root }, workingDirectory: root, umask });
  return (await host.wiring()).authoring;
}

function project(): string {
  const root = temporaryFolder();
  mkdirSync(join(root, '.git'));
  return root;
}

test('a definition can be made, changed and put into its place', async () => {
  const root = project();
  const { definitionText, editYaml, replaceFile, checkText } = await authoringIn(root, 0o027);
  mkdirSync(join(root, 'definitions'));
  const file = join(root, 'definitions', 'Hello.yaml');
  const text = definitionText({ job: { command: ['echo', 'hello'] }, triggers: [{ cron: '0 8 * * *' }] }, { header: ['Says hello.'] });
  expect(await checkText(file, text)).toEqual({ errors: [], warnings: [] });
  await replaceFile(file, text, { create: true });
  await replaceFile(file, editYaml(text, [{ path: ['enabled'], value: false }]));
  expect(readFileSync(file, 'utf8')).toBe('# Says hello.\njob:\n  command: [echo, hello]\ntriggers:\n  - cron: "0 8 * * *"\nenabled: false\n');
  expect(statSync(file).mode & 0o777).toBe(0o640);
  await expect(replaceFile(file, text, { create: true })).rejects.toMatchObject({ code: 'CantRegisterScheduledJobDefinition' });
});

test.each([
  ['job: { comand: [true] }\n', [['DefinitionKeyUnknown', 1, 8]]],
  ['job: { command: [echo] }\ntriggers:\n  - cron: "61 * * * *"\n', [['CronExpressionInvalid', 3, 11]]],
  ['job: { command: [echo] }\ntimeZone: Mars\nmaxResultCount: 0\n', [['TimeZoneInvalid', 2, 11], ['InvalidMaxResultCount', 3, 17]]],
  ['job: { filePath: missing.sh }\n', [['InvalidFilePathParameter', 1, 18]]],
  ['job: { type: NoteJob }\n', [['JobTypeNotInstalled', 1, 14]]],
])('a text is checked as if it were a file that is not there yet, nor is its folder: %j', async (text, expected) => {
  const root = project();
  const file = join(root, 'definitions', 'New.yaml');
  const { errors } = await (await authoringIn(root)).checkText(file, text);
  expect(errors.map(({ code, line, column }) => [code, line, column])).toEqual(expected);
  for (const error of errors) expect(error.file).toBe(file);
});

test('the name of the file that a text is checked for is checked as well', async () => {
  const root = project();
  const { errors } = await (await authoringIn(root)).checkText(join(root, 'definitions', '.._.yaml'), 'job: { command: [echo] }\n');
  expect(errors).toMatchObject([{ code: 'InvalidDefinitionName' }]);
});

test('a checked text may name the files of its project and no others', async () => {
  const root = project();
  write(join(root, 'scripts', 'a.sh'), 'true\n');
  const { checkText } = await authoringIn(root);
  expect(await checkText(join(root, 'definitions', 'A.yaml'), 'job: { filePath: ../scripts/a.sh }\n')).toMatchObject({ errors: [] });
  expect(await checkText(join(root, 'definitions', 'A.yaml'), 'job: { command: [echo], workingDirectory: ../.. }\n')).toMatchObject({ errors: [{ code: 'DefinitionUnsafe' }] });
});

test('warnings of a checked text are told', async () => {
  const root = project();
  expect(await (await authoringIn(root)).checkText(join(root, 'A.yaml'), 'job: { command: [echo] }\ntriggers:\n  - once: { at: 2020-01-01T00:00 }\n')).toMatchObject({ errors: [], warnings: [{ code: 'TriggerInPast', line: 3 }] });
});
