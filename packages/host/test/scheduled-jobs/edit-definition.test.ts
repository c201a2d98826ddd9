import { chmodSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createHost } from '../../src/create-host.ts';
import { editDefinition, type Edits } from '../../src/scheduled-jobs/edit-definition.ts';
import { createEditLock } from '../../src/scheduled-jobs/edit-lock.ts';
import { systemClock } from '../../src/system-clock.ts';
import { complaintOf, temporaryFolder, write } from '../folder.ts';
import { createYamlDefinitions } from '@nightshift/definitions';
import { checkTrigger } from '@nightshift/scheduler';

const CODES = { io: 'IOFailureOnSetJobDefinition', access: 'NoAccessFailureOnSetJobDefinition' };

async function definition(text: string) {
  const root = temporaryFolder();
  const host = createHost({ environment: { NIGHTSHIFT_STATE_DIR: join(root, 'state'), HOME: root }, workingDirectory: root });
  onTestFinished(() => host[Symbol.asyncDispose]());
  const file = write(join(root, 'definitions/N.yaml'), text);
  const { authoring } = await host.wiring();
  const lock = () => createEditLock(join(root, 'state'), systemClock);
  const parts = { authoring, yaml: createYamlDefinitions({ folders: [join(root, 'definitions')], checkTrigger }), lock: lock() };
  return { file, text: () => readFileSync(file, 'utf8'), edit: (edits: Edits) => editDefinition(parts, { file }, edits, CODES), others: (edits: Edits) => editDefinition({ ...parts, lock: lock() }, { file }, edits, CODES) };
}

describe('an edit of a definition', () => {
  test('writes nothing where nothing changes', async () => {
    const { file, edit } = await definition('job: { command: [x] }\nenabled: false\n');
    const before = statSync(file).ino;
    expect(await edit([{ path: ['enabled'], value: false }])).toMatchObject({ isChanged: false });
    expect(statSync(file).ino).toBe(before);
  });

  test('is refused for a new mistake, which has no place, and the file stays', async () => {
    const { edit, text } = await definition('job: { command: [x] }\n');
    const complaint = await complaintOf(() => edit([{ path: ['timeZone'], value: 'Nowhere' }]));
    expect(complaint).toMatchObject({ code: 'TimeZoneInvalid' });
    expect([complaint.file, complaint.line]).toEqual([undefined, undefined]);
    expect(text()).toBe('job: { command: [x] }\n');
  });

  test('does not answer for a mistake that was there before', async () => {
    const { edit, text } = await definition('job: { command: [x] }\ntimeZone: Nowhere\n');
    expect(await edit([{ path: ['description'], value: 'x' }])).toMatchObject({ isChanged: true });
    expect(text()).toBe('job: { command: [x] }\ntimeZone: Nowhere\ndescription: x\n');
    expect(await complaintOf(() => edit([{ path: ['timeZone'], value: 'Elsewhere' }]))).toMatchObject({ code: 'TimeZoneInvalid' });
  });

  test('is made from what the file says when nobody else can change it', async () => {
    const { edit, others, text } = await definition('job: { command: [x] }\nmaxResultCount: 1\n');
    const oneMore: Edits = ({ values }) => [{ path: ['maxResultCount'], value: Number(values['maxResultCount']) + 1 }];
    await Promise.all([edit(oneMore), others(oneMore), edit(oneMore), others(oneMore), edit(oneMore)]);
    expect(text()).toBe('job: { command: [x] }\nmaxResultCount: 6\n');
  });

  test.each([
    ['that cannot be read as YAML', 'job: [\n', 'DefinitionSyntaxError'],
    ['that is no map', '- x\n', 'DefinitionValueInvalid'],
  ])('of a text %s is refused with what is wrong there', async (_what, broken, code) => {
    const { edit, text } = await definition(broken);
    expect(await complaintOf(() => edit([{ path: ['description'], value: 'x' }]))).toMatchObject({ code, line: 1 });
    expect(text()).toBe(broken);
  });

  test('of a file that somebody else can write is refused', async () => {
    const { file, edit } = await definition('job: { command: [x] }\n');
    chmodSync(file, 0o666);
    expect(await complaintOf(() => edit([{ path: ['description'], value: 'x' }]))).toMatchObject({ code: 'DefinitionUnsafe' });
  });

  test('keeps the mode of the file', async () => {
    const { file, edit } = await definition('job: { command: [x] }\n');
    chmodSync(file, 0o600);
    await edit([{ path: ['description'], value: 'x' }]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});
