import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createHost } from '../src/create-host.ts';
import { complaintOf, temporaryFolder, write } from './folder.ts';

const EXAMPLES = fileURLToPath(new URL('../../../definitions', import.meta.url));

async function place({ umask = 0o022, root = temporaryFolder() } = {}) {
  const host = createHost({ environment: { NIGHTSHIFT_STATE_DIR: join(root, 'state'), HOME: root }, workingDirectory: root, umask });
  onTestFinished(() => host[Symbol.asyncDispose]());
  return { root, ...(await host.wiring()).newDefinitions(EXAMPLES) };
}

const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe('a draft', () => {
  test('names every file that is missing, the definition last, and writes none', async () => {
    const { root, draft } = await place();
    const made = await draft({ name: 'Mine', from: 'python' });
    expect(made).toMatchObject({ name: 'Mine', example: { name: 'PythonReport' }, file: join(root, 'definitions/Mine.yaml'), kept: [] });
    expect(made.missing.map(({ path }) => path)).toEqual(['samples/python-report/visits.csv', 'scripts/python-report.py', 'Mine.yaml'].map((path) => join(root, 'definitions', path)));
    expect(existsSync(join(root, 'definitions'))).toBe(false);
  });

  test('keeps what is there word for word', async () => {
    const { root, draft } = await place();
    const script = write(join(root, 'definitions/scripts/python-report.py'), readFileSync(join(EXAMPLES, 'scripts/python-report.py'), 'utf8'));
    expect((await draft({ name: 'Mine', from: 'PythonReport' })).kept).toEqual([script]);
  });

  test('names the nearest schema above its folder', async () => {
    const { root, draft } = await place();
    write(join(root, 'node_modules/nightshift/scheduled-job.schema.json'), '{}');
    const { missing } = await draft({ name: 'Mine', folder: 'jobs/nightly' });
    expect(missing.at(-1)?.text.split('\n')[0]).toBe('# yaml-language-server: $schema=../../node_modules/nightshift/scheduled-job.schema.json');
  });

  test('works in the root of the project, however deep its folder lies, and behind a link too', async () => {
    const { root, draft } = await place();
    mkdirSync(join(root, 'project/.git'), { recursive: true });
    mkdirSync(join(root, 'project/a/b'), { recursive: true });
    symlinkSync('project/a/b', join(root, 'link'));
    for (const folder of ['project/a/b', 'link']) expect((await draft({ name: 'Mine', from: 'Nightly', folder })).missing.at(-1)?.text).toMatch(/^ {2}workingDirectory: "?\.\.\/\.\."?$/m);
    expect((await draft({ name: 'Mine', from: 'Nightly', folder: 'project/defs' })).missing.at(-1)?.text).toMatch(/^ {2}workingDirectory: \.\.$/m);
  });

  test.each([
    ['Taken.yaml', 'TAKEN'],
    ['taken.yml', 'Taken'],
    ['Taken.JSON', 'Taken'],
  ])('is refused where %s is and %s is asked for', async (file, name) => {
    const { root, draft } = await place();
    write(join(root, 'definitions', file), 'not even valid: [');
    expect(await complaintOf(() => draft({ name }))).toMatchObject({ code: 'CantRegisterScheduledJobDefinition' });
  });

  test('is refused for a name that a further folder of the definition path has', async () => {
    const root = temporaryFolder();
    write(join(root, 'nightshift.yaml'), 'definitionPath: [jobs, more]');
    write(join(root, 'more/Mine.yaml'), 'job: { command: [echo] }');
    const { draft } = await place({ root });
    expect(await complaintOf(() => draft({ name: 'mine' }))).toMatchObject({ code: 'CantRegisterScheduledJobDefinition', file: expect.stringMatching(/more\/Mine\.yaml$/) });
    expect((await draft({ name: 'Other' })).file).toBe(join(root, 'jobs/Other.yaml'));
    expect((await draft({ name: 'mine', folder: 'elsewhere' })).file).toBe(join(root, 'elsewhere/mine.yaml'));
  });

  test.each([
    ['a file', 'scripts/python-report.py', 'print("mine")', 'what is there differs from what the example needs'],
    ['a file in the place of a folder', 'scripts', '', 'what is in its place cannot be read (ENOTDIR)'],
    ['a folder in the place of a file', 'scripts/python-report.py/x', '', 'what is in its place cannot be read (EISDIR)'],
  ])('is refused where %s is in the way', async (_, path, text, message) => {
    const { root, draft } = await place();
    write(join(root, 'definitions', path), text);
    expect(await complaintOf(() => draft({ name: 'Mine', from: 'PythonReport' }))).toMatchObject({ code: 'CantRegisterScheduledJobDefinition', message });
  });

  test.each(['a-file', 'a-file/deeper'])('is refused for a folder that is none: %s', async (folder) => {
    const { root, draft } = await place();
    write(join(root, 'a-file'), '');
    expect(await complaintOf(() => draft({ name: 'Mine', folder }))).toMatchObject({ code: 'DirectoryNotFoundException' });
  });
});

describe('what is written', () => {
  test.each([
    [0o022, 0o755, 0o644],
    [0o027, 0o750, 0o640],
    [0o002, 0o755, 0o644],
  ])('has the modes of its owner: umask %o makes %o and %o', async (umask, folder, file) => {
    const { root, draft, write: save } = await place({ umask });
    await save(await draft({ name: 'Mine', from: 'LogRotation' }));
    expect(['', 'scripts', 'scripts/log-rotation.mjs', 'Mine.yaml'].map((path) => modeOf(join(root, 'definitions', path)))).toEqual([folder, folder, file, file]);
  });

  test('goes again, folders included, when somebody takes the name meanwhile', async () => {
    const { root, draft, write: save } = await place();
    const made = await draft({ name: 'Mine', from: 'CertificateExpiry' });
    write(join(root, 'definitions/Mine.yaml'), 'faster');
    expect(await complaintOf(() => save(made))).toMatchObject({ code: 'CantRegisterScheduledJobDefinition' });
    expect(readFileSync(join(root, 'definitions/Mine.yaml'), 'utf8')).toBe('faster');
    expect(['scripts', 'samples'].map((path) => existsSync(join(root, 'definitions', path)))).toEqual([false, false]);
  });

  test('goes again when validate would complain', async () => {
    const { root, draft, write: save } = await place();
    const made = await draft({ name: 'Mine' });
    const broken = { ...made, missing: [{ path: made.file, text: 'job: { command: [echo] }\ntimezone: UTC\n' }] };
    expect(await complaintOf(() => save(broken))).toMatchObject({ code: 'DefinitionKeyUnknown', line: 2 });
    expect(existsSync(join(root, 'definitions'))).toBe(false);
  });
});
