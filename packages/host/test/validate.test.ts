import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createHost } from '../src/create-host.ts';
import { contentOf, temporaryFolder, write } from './folder.ts';

const GOOD = 'type: BackgroundJob\njob: { command: [echo] }\n';

function place() {
  const root = temporaryFolder();
  mkdirSync(join(root, '.git'));
  const check = async (...paths: string[]) => {
    await using host = createHost({ environment: { NIGHTSHIFT_STATE_DIR: join(root, 'state'), HOME: root, FOLDER: `${root}/` }, workingDirectory: root });
    return (await host.wiring()).validate(paths);
  };
  return { root, check };
}

test('without paths the definition path is checked', async () => {
  const { root, check } = place();
  write(join(root, 'definitions', 'Good.yaml'), GOOD);
  write(join(root, 'definitions', 'Bad.yaml'), 'type: BackgroundJob\nbogus: 1\n');
  const { files, problems } = await check();
  expect(problems).toEqual([]);
  expect(files.map(({ file, errors }) => [file.split('/').at(-1), errors.length > 0]).toSorted()).toEqual([['Bad.yaml', true], ['Good.yaml', false]]);
});

test('every complaint about a file is told, with code and place', async () => {
  const { root, check } = place();
  write(join(root, 'definitions', 'Bad.yaml'), 'type: BackgroundJob\nbogus: 1\ntimeZone: Mars\njob: { command: [echo], nope: 2 }\n');
  const errors = (await check()).files.flatMap((file) => file.errors);
  expect(errors.map(({ code, line }) => `${line} ${code}`).toSorted()).toEqual(['2 DefinitionKeyUnknown', '3 TimeZoneInvalid', '4 DefinitionKeyUnknown']);
});

test('files and folders can be named, from the working directory; each file is checked once, sorted by path', async () => {
  const { root, check } = place();
  write(join(root, 'one', 'A.yaml'), GOOD);
  write(join(root, 'B.yaml'), GOOD);
  const { files, problems } = await check('one', 'B.yaml', join(root, 'one', 'A.yaml'));
  expect(files.map(({ file }) => file)).toEqual([join(root, 'B.yaml'), join(root, 'one', 'A.yaml')]);
  expect(problems).toEqual([]);
});

test('a path that is missing is a problem, and the others are checked', async () => {
  const { root, check } = place();
  write(join(root, 'B.yaml'), GOOD);
  const { files, problems } = await check('missing.yaml', 'B.yaml');
  expect(problems).toMatchObject([{ code: 'FilePathNotFound', message: 'nothing is at "missing.yaml"' }]);
  expect(files).toHaveLength(1);
});

test('an unknown type is told', async () => {
  const { root, check } = place();
  write(join(root, 'B.yaml'), 'type: NoteJob\njob: {}\n');
  expect((await check(join(root, 'B.yaml'))).files).toMatchObject([{ errors: [{ code: 'JobTypeNotInstalled', line: 1 }] }]);
});

test('a file whose script is missing is told, and nothing is run', async () => {
  const { root, check } = place();
  write(join(root, 'B.yaml'), 'type: BackgroundJob\njob: { command: [touch, canary] }\n');
  write(join(root, 'C.yaml'), 'type: BackgroundJob\njob: { filePath: script.xyz }\n');
  const { files } = await check(join(root, 'B.yaml'), join(root, 'C.yaml'));
  expect(files[0]).toMatchObject({ errors: [] });
  expect([...(files[1]?.errors ?? []), ...(files[1]?.warnings ?? [])]).not.toEqual([]);
  expect(contentOf(join(root, 'canary'))).toBeUndefined();
});

test('of a file that is wrong in two ways both are told, also what is missing on the disk', async () => {
  const { root, check } = place();
  write(join(root, 'B.yaml'), 'timeZone: Mars\njob: { filePath: missing.sh }\n');
  const { files } = await check('B.yaml');
  expect(files[0]?.errors.map(({ code, line }) => `${line} ${code}`)).toEqual(['1 TimeZoneInvalid', '2 InvalidFilePathParameter']);
});

test('what this machine cannot do is a warning at its place, in the order of the text', async () => {
  const { root, check } = place();
  write(join(root, 'a.py'), 'print(1)\n');
  write(join(root, 'B.yaml'), 'options: { wakeToRun: true }\njob: { filePath: a.py, environment: { PATH: /nowhere } }\ntriggers:\n  - once: { at: 2020-01-01T00:00 }\n');
  const { files } = await check('B.yaml');
  expect(files).toMatchObject([{ errors: [] }]);
  expect(files[0]?.warnings.map(({ code, line, column }) => `${code} ${line}:${column}`)).toEqual(['DefinitionValueInvalid 1:23', 'RuntimeNotFound 2:18', 'TriggerInPast 4:17']);
});

test('a file in conflict with another is invalid, also when it is named beside its folder', async () => {
  const { root, check } = place();
  write(join(root, 'definitions', 'A.yaml'), GOOD);
  write(join(root, 'definitions', 'a.yml'), GOOD);
  for (const paths of [['definitions', 'definitions/A.yaml'], ['definitions/A.yaml', 'definitions']]) {
    expect((await check(...paths)).files.map(({ errors }) => errors.map(({ code }) => code))).toEqual([['DefinitionNameConflict'], ['DefinitionNameConflict']]);
  }
});

test('a path that leads to nothing but itself is refused where it stands', async () => {
  const { root, check } = place();
  symlinkSync('Loop.yaml', join(root, 'Loop.yaml'));
  expect(await check('Loop.yaml')).toMatchObject({ files: [{ errors: [{ code: 'DefinitionUnsafe' }] }], problems: [] });
  expect(await check('Loop.yaml/x', 'x'.repeat(300))).toMatchObject({ files: [{ errors: [{ code: 'DefinitionUnsafe' }] }], problems: [{ code: 'FilePathNotFound' }] });
});
