import { createYamlDefinitions } from '@nightshift/definitions';
import { checkTrigger } from '@nightshift/scheduler';
import { describe, expect, test } from 'vitest';
import { selectDefinitions, type DefinitionSelector } from '../../src/scheduled-jobs/select.ts';
import { join } from 'node:path';
import { temporaryFolder, write } from '../folder.ts';

const RIGHT = 'job: { command: [x] }\n';

function folder(files: Readonly<Record<string, string>>) {
  const root = temporaryFolder();
  for (const [name, text] of Object.entries(files)) write(join(root, name), text);
  const yaml = createYamlDefinitions({ folders: [root], namespace: 'ops', checkTrigger });
  const meant = async (selector: DefinitionSelector) => {
    const { definitions, problems } = await selectDefinitions({ yaml, namespace: 'ops' }, selector, undefined, 'get-scheduled-job');
    return { names: definitions.map(({ id, name }) => `${id} ${name}`), codes: problems.map(({ code }) => code), definitions, problems };
  };
  return { root, meant };
}

describe('the definitions that are meant', () => {
  const FILES = { 'b.yaml': RIGHT, 'A.yml': RIGHT, 'Broken.json': '{', 'two..dots.yaml': RIGHT };

  test('are all where nothing is said, and none where an empty list is', async () => {
    const { meant } = folder(FILES);
    expect(await meant({})).toMatchObject({ names: ['1 A', '2 b', '3 Broken', '4 two..dots'], codes: [] });
    expect(await meant({ names: [] })).toMatchObject({ names: [], codes: [] });
  });

  test.each([
    [{ names: ['B'] }, ['2 b'], []],
    [{ names: ['b*'] }, ['2 b', '3 Broken'], []],
    [{ names: ['x*'] }, [], []],
    [{ names: ['B', 'b', '*'] }, ['1 A', '2 b', '3 Broken', '4 two..dots'], []],
    [{ ids: [3, 1] }, ['1 A', '3 Broken'], []],
    [{ ids: [5], names: ['a'] }, ['1 A'], ['ScheduledJobDefinitionNotFoundById']],
    [{ names: ['nope', 'a/b', 'A'] }, ['1 A'], ['ScheduledJobDefinitionNotFoundByName', 'InvalidDefinitionName']],
    [{ names: ['two..dots'] }, ['4 two..dots'], []],
  ] as const)('by %j', async (selector, names, codes) => {
    expect(await folder(FILES).meant(selector)).toMatchObject({ names, codes });
  });

  test('have key and file whatever is in them', async () => {
    const { root, meant } = folder(FILES);
    expect((await meant({ names: ['broken'] })).definitions).toMatchObject([{ key: 'ops/broken', file: join(root, 'Broken.json') }]);
  });

  test('are suggested where a name is misspelt', async () => {
    expect((await folder({ 'Nightly.yaml': RIGHT }).meant({ names: ['Nihgtly'] })).problems[0]?.hint).toBe('did you mean Nightly? get-scheduled-job Nightly');
  });

  test('are in conflict where two files have one name', async () => {
    const { definitions } = await folder({ 'a.yaml': RIGHT, 'A.yml': RIGHT }).meant({});
    expect(definitions.map(({ id, found }) => [id, 'errors' in found && found.errors[0]?.code])).toEqual([[1, 'DefinitionNameConflict'], [1, 'DefinitionNameConflict']]);
  });
});
