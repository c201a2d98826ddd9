import { mkdirSync } from 'node:fs';
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

test('files and folders can be named, from the working directory', async () => {
  const { root, check } = place();
  write(join(root, 'one', 'A.yaml'), GOOD);
  write(join(root, 'B.yaml'), GOOD);
  const { files, problems } = await check('one', 'B.yaml');
  expect(files.map(({ file }) => file.split('/').at(-1))).toEqual(['A.yaml', 'B.yaml']);
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
