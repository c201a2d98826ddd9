import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { newPlace } from './product.ts';

/** Every file that a configuration library is known to execute or to take orders from, in a folder that somebody else has filled. */
const CODE = ['js', 'cjs', 'mjs', 'ts'].flatMap((extension) => [
  `.config/config.${extension}`, `.config/nightshift.config.${extension}`, `.config/nightshiftrc.${extension}`, `.nightshiftrc.${extension}`,
  `nightshift.config.${extension}`, `nightshift.${extension}`, `cosmiconfig.config.${extension}`,
]);

function plantCanaries(folder: string, sung: string): void {
  mkdirSync(join(folder, '.config'));
  mkdirSync(sung);
  for (const path of CODE) {
    const song = `require('node:fs').writeFileSync(${JSON.stringify(join(sung, path.replaceAll('/', '_')))}, '')`;
    writeFileSync(join(folder, path), path.endsWith('.mjs') ? `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(join(sung, path.replaceAll('/', '_')))}, ''); export default {};` : `${song}; module.exports = {};`);
  }
  mkdirSync(join(folder, 'definitions'));
  writeFileSync(join(folder, 'definitions', 'Hello.yaml'), 'job: { command: ["true"] }\n');
}

const VERBS: readonly (readonly string[])[] = [
  ['start-job', '--', 'true'], ['start-job', '--definition-name', 'Hello'], ['start-job', '--definition-name', 'Nobody'], ['get-job'], ['receive-job', '1'],
  ['wait-job', '1'], ['stop-job', '1'], ['remove-job', '1'], ['get-job-type'], ['nightshift', 'validate'], ['nightshift', 'validate', 'definitions/Hello.yaml'],
  ['nightshift', 'doctor'], ['nightshift', '--help'],
];

describe('a folder that somebody else has filled', () => {
  test.each(VERBS.map((words) => [words.join(' '), words] as const))('runs nothing of itself when %s is called in it', async (_, [program, ...args]) => {
    const place = newPlace();
    const sung = join(place.root, 'sung');
    plantCanaries(place.work, sung);
    const ended = await place.run(program as string, args);
    expect(readdirSync(sung)).toEqual([]);
    expect(ended.stderr).not.toContain('InternalError');
  });

  test('runs nothing of itself when the library is used in it', async () => {
    const place = newPlace();
    const sung = join(place.root, 'sung');
    plantCanaries(place.work, sung);
    const library = fileURLToPath(new URL('../../packages/cli/dist/index.js', import.meta.url));
    const program = `import { createHost } from ${JSON.stringify(library)}; await using host = createHost(); const { validate } = await host.wiring(); console.log((await validate([])).files.length);`;
    const ended = await place.run('node', ['--input-type=module', '-e', program]);
    expect(ended).toMatchObject({ code: 0, stdout: '1\n' });
    expect(readdirSync(sung)).toEqual([]);
  });

  test('would have sung: cosmiconfig, constructed in it without our guard, executes a file of it', async () => {
    const place = newPlace();
    const sung = join(place.root, 'sung');
    plantCanaries(place.work, sung);
    const cosmiconfig = fileURLToPath(new URL('../../node_modules/cosmiconfig/dist/index.js', import.meta.url));
    await place.run('node', ['-e', `require(${JSON.stringify(cosmiconfig)}).cosmiconfig('nightshift')`]);
    expect(readdirSync(sung).length).toBeGreaterThan(0);
  });

  test('cannot redirect the search by orders to the library', async () => {
    const place = newPlace();
    const sung = join(place.root, 'sung');
    plantCanaries(place.work, sung);
    writeFileSync(join(place.work, 'package.json'), JSON.stringify({ name: 'victim', cosmiconfig: { searchPlaces: ['nightshift.config.js', 'evil.yaml'] } }));
    writeFileSync(join(place.work, 'evil.yaml'), 'definitionPath: nowhere\n');
    expect(await place.run('nightshift', ['validate'])).toMatchObject({ code: 0, stdout: 'ok definitions/Hello.yaml\n' });
    expect(readdirSync(sung)).toEqual([]);
  });

  test('is warned of: a configuration in a code format is ignored, and the verb goes on', async () => {
    const place = newPlace();
    mkdirSync(join(place.work, 'definitions'));
    writeFileSync(join(place.work, 'definitions', 'Hello.yaml'), 'job: { command: [echo, hi] }\n');
    writeFileSync(join(place.work, 'nightshift.config.js'), 'throw new Error("never")');
    const ended = await place.run('start-job', ['--definition-name', 'Hello', '--wait']);
    expect(ended).toMatchObject({ code: 0, stdout: 'hi\n' });
    expect(ended.stderr).toContain('start-job: warning: CodeConfigIgnored');
  });

  test('cannot make a found configuration import code', async () => {
    const place = newPlace();
    const sung = join(place.root, 'sung');
    plantCanaries(place.work, sung);
    writeFileSync(join(place.work, 'nightshift.yaml'), '$import: ./nightshift.config.js\n');
    const ended = await place.run('start-job', ['--definition-name', 'Hello']);
    expect(ended).toMatchObject({ code: 3, stdout: '' });
    expect(ended.stderr).toContain('DefinitionKeyUnknown');
    expect(readdirSync(sung)).toEqual([]);
  });
});

describe('a configuration', () => {
  test.each([
    ['nightshift.yaml', 'definitionPath: jobs\n'],
    ['nightshift.json', '{ "definitionPath": ["jobs"] }'],
    ['.nightshiftrc', 'definitionPath: [jobs]\n'],
    ['package.json', '{ "name": "app", "nightshift": { "definitionPath": "jobs" } }'],
  ])('in %s is found from a folder below the project root', async (name, text) => {
    const place = newPlace();
    if (name !== 'package.json') writeFileSync(join(place.work, 'package.json'), '{}');
    writeFileSync(join(place.work, name), text);
    mkdirSync(join(place.work, 'jobs'));
    mkdirSync(join(place.work, 'below', 'deep'), { recursive: true });
    writeFileSync(join(place.work, 'jobs', 'Hello.yaml'), 'job: { command: [echo, hi] }\n');
    const ended = await place.run('start-job', ['--definition-name', 'Hello', '--wait'], { cwd: join(place.work, 'below', 'deep') });
    expect(ended).toMatchObject({ code: 0, stdout: 'hi\n', stderr: '' });
  });

  test.each([
    ['an unknown key', 'definitionPaht: jobs\n', 3, 'DefinitionKeyUnknown', 'did you mean "definitionPath"?'],
    ['a wrong zone', 'timeZone: Nope/Zone\n', 3, 'TimeZoneInvalid', 'nightshift.yaml:1:11'],
    ['a syntax error', 'definitionPath: [jobs\n', 3, 'DefinitionSyntaxError', 'nightshift.yaml:'],
    ['a namespace that is no name', 'namespace: a/b\n', 5, 'InvalidDefinitionName', 'nightshift.yaml:1:1'],
    ['a key that needs trust', 'safeOwners: [0]\n', 5, 'ConfigUnsafe', 'nightshift.yaml:1:1'],
  ])('with %s is refused with its place', async (_, text, code, error, further) => {
    const place = newPlace();
    writeFileSync(join(place.work, 'nightshift.yaml'), text);
    const ended = await place.run('start-job', ['--definition-name', 'Hello']);
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toContain(error);
    expect(ended.stderr).toContain(further);
    expect(await place.run('get-job', ['-o', 'id'])).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(existsSync(join(place.state, 'output'))).toBe(false);
  });
});
