import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { schemaOfDefinitions } from '../../packages/host/src/definition-schema.ts';
import { newPlace, type Place } from './product.ts';

function placeWith(files: Readonly<Record<string, string>>): Place {
  const place = newPlace();
  mkdirSync(join(place.work, 'definitions'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(place.work, 'definitions', name), text, { mode: 0o644 });
  return place;
}

const DOUBTFUL = 'job: { command: [echo] }\ntriggers:\n  - once: { at: 2020-01-01T00:00 }\n';

test('validate prints errors and warnings of a file in the order of its text, and the files in the order of their names', async () => {
  const place = placeWith({ 'b.yaml': `${DOUBTFUL}timeZone: Mars\n`, 'A.yaml': 'job: {}\n' });
  const { code, stdout, stderr } = await place.run('nightshift', ['validate']);
  expect([code, stdout]).toEqual([3, 'invalid definitions/A.yaml\ninvalid definitions/b.yaml\n']);
  expect(stderr.split('\n').flatMap((line) => /^validate: ((?:warning: )?\w+): .*\((.*)\)$/.exec(line)?.slice(1).join(' ') ?? [])).toEqual([
    'DefinitionKeyMissing definitions/A.yaml:1:6', 'warning: TriggerInPast definitions/b.yaml:3:17', 'TimeZoneInvalid definitions/b.yaml:4:11',
  ]);
});

test('validate --strict takes warnings for errors', async () => {
  const place = placeWith({ 'A.yaml': DOUBTFUL });
  expect(await place.run('nightshift', ['validate'])).toMatchObject({ code: 0, stdout: 'ok definitions/A.yaml\n' });
  expect(await place.run('nightshift', ['validate', '--strict'])).toMatchObject({ code: 3, stdout: 'invalid definitions/A.yaml\n', stderr: expect.stringMatching(/^validate: TriggerInPast: /) });
});

test('validate -o json prints these keys and no others', async () => {
  const place = placeWith({ 'A.yaml': `${DOUBTFUL}maxResultCount: 0\n`, 'B.yaml': 'job: { command: [echo] }\n' });
  const { code, stdout, stderr } = await place.run('nightshift', ['validate', '-o', 'json']);
  expect([code, stderr]).toEqual([3, '']);
  expect(JSON.parse(stdout)).toEqual({
    apiVersion: 1,
    files: [
      {
        file: 'definitions/A.yaml',
        ok: false,
        errors: [{ code: 'InvalidMaxResultCount', message: expect.any(String), line: 4, column: 17, hint: null }],
        warnings: [{ code: 'TriggerInPast', message: expect.any(String), line: 3, column: 17, hint: null }],
      },
      { file: 'definitions/B.yaml', ok: true, errors: [], warnings: [] },
    ],
  });
});

test('the package holds the JSON Schema of definitions, and nothing is in it that is not made of the tables', () => {
  const folder = new URL('../../packages/cli/', import.meta.url);
  const { files } = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8')) as { files: readonly string[] };
  expect(files).toContain('scheduled-job.schema.json');
  expect(JSON.parse(readFileSync(new URL('scheduled-job.schema.json', folder), 'utf8'))).toEqual(schemaOfDefinitions());
});
