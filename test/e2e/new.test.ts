// `nightshift new`: an example becomes a definition of one's own, in an empty folder, as a newcomer has it.

import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { isInstalled, newPlace, waitFor, type Place } from './product.ts';

const CLI = fileURLToPath(new URL('../../packages/cli', import.meta.url));
const DEFINITIONS = fileURLToPath(new URL('../../definitions', import.meta.url));
const EXAMPLES = globSync('*.yaml', { cwd: DEFINITIONS }).map((name) => name.replace('.yaml', '')).toSorted();

const make = (place: Place, ...words: string[]) => place.run('nightshift', ['new', ...words]);
const filesIn = (place: Place): string[] => globSync('**/*', { cwd: place.work, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(place.work.length + 1)).toSorted();
const linesOf = (text: string): string[] => text.split('\n').slice(0, -1);

function put(place: Place, path: string, text: string): void {
  mkdirSync(join(place.work, path, '..'), { recursive: true });
  writeFileSync(join(place.work, path), text);
}

describe('every example', () => {
  test('is in the list, with a line of its own', async () => {
    const place = newPlace();
    const [head, ...lines] = linesOf(await place.stdoutOf('nightshift', 'new', '--list'));
    expect(head).toMatch(/^Name +Description$/);
    expect(lines.map((line) => line.split(' ')[0]).toSorted()).toEqual(EXAMPLES);
    const { apiVersion, examples } = JSON.parse(await place.stdoutOf('nightshift', 'new', '--list', '-o', 'json')) as { apiVersion: number; examples: Record<string, string>[] };
    expect({ apiVersion, keys: new Set(examples.flatMap(Object.keys)) }).toEqual({ apiVersion: 1, keys: new Set(['name', 'description', 'file']) });
    expect(examples.map(({ name }) => name).toSorted()).toEqual(EXAMPLES);
    expect(examples.filter(({ file }) => !existsSync(file as string))).toEqual([]);
  });

  test.each(EXAMPLES)('%s is valid in an empty folder, bears its new name, and runs', async (example) => {
    const place = newPlace();
    if (example === 'Nightly') execFileSync('sh', ['-c', 'git init --quiet && echo hello > a && git add a'], { cwd: place.work, env: place.env });
    const { code, stdout, stderr } = await make(place, 'My-Own', '--from', example);
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'Next:\n  nightshift validate definitions/My-Own.yaml\n  start-job --definition-name My-Own --wait\n  nightshift next My-Own\n' });
    expect(linesOf(stdout).at(-1)).toBe('definitions/My-Own.yaml');
    expect(filesIn(place).filter((path) => path !== 'a')).toEqual(linesOf(stdout).toSorted());
    expect(await place.run('nightshift', ['validate', '--strict'])).toMatchObject({ code: 0, stdout: 'ok definitions/My-Own.yaml\n', stderr: '' });
    const comments = readFileSync(join(place.work, 'definitions/My-Own.yaml'), 'utf8').split('\n').filter((line) => /^ *#/.test(line));
    expect(comments[0]).toMatch(/^# My-Own: /);
    expect(comments.filter((line) => new RegExp(String.raw`\b${example}\b`).test(line))).toEqual([]);
    const run = await place.run('start-job', ['--definition-name', 'My-Own', '--wait']);
    expect(example === 'DiskSpace' ? [0, 1, 3] : [0]).toContain(run.code);
  });
});

describe('without --from', () => {
  test('it is the smallest one', async () => {
    const place = newPlace();
    expect(await make(place, 'Greeting')).toMatchObject({ code: 0, stdout: 'definitions/Greeting.yaml\n' });
    expect(await place.stdoutOf('start-job', '--definition-name', 'Greeting', '--wait')).toBe('hello from a definition\n');
  });
});

describe('two definitions from one example', () => {
  test('share its script, which is kept as it is', async () => {
    const place = newPlace();
    await make(place, 'First', '--from', 'LogRotation');
    const second = await make(place, 'Second', '--from', 'LogRotation');
    expect(second).toMatchObject({ code: 0, stdout: 'definitions/Second.yaml\n' });
    expect(second.stderr.split('\n')[0]).toBe('1 file was there already and stayed: definitions/scripts/log-rotation.mjs');
    const third = JSON.parse((await make(place, 'Third', '--from', 'LogRotation', '-o', 'json')).stdout) as object;
    const path = (name: string) => join(place.work, 'definitions', name);
    expect(third).toEqual({ apiVersion: 1, name: 'Third', example: 'LogRotation', file: path('Third.yaml'), written: [path('Third.yaml')], kept: [path('scripts/log-rotation.mjs')] });
  });
});

describe('nothing is written', () => {
  test.each([
    ['for a name that is taken', ['Taken'], 7, 'CantRegisterScheduledJobDefinition: a definition "Taken" is there already (definitions/Taken.yaml)'],
    ['for one that differs in its case only', ['tAKEN'], 7, 'CantRegisterScheduledJobDefinition: a definition "Taken" is there already (definitions/Taken.yaml)'],
    ['for one that differs in its ending only', ['Other'], 7, 'CantRegisterScheduledJobDefinition: a definition "Other" is there already (definitions/Other.json)'],
    ['when a script of somebody else is in the way', ['Mine', '--from', 'Cleanup'], 7, 'CantRegisterScheduledJobDefinition: what is there differs from what the example needs (definitions/scripts/cleanup.mjs)'],
    ['when a file is in the place of a folder', ['Mine', '--from', 'PythonReport'], 7, 'CantRegisterScheduledJobDefinition: what is in its place cannot be read (ENOTDIR) (definitions/samples/python-report/visits.csv)'],
    ['for a name that is none', ['../Mine'], 5, 'InvalidDefinitionName: '],
    ['for an example that nobody knows', ['Mine', '--from', 'HealthChek'], 2, 'ParameterArgumentValidationError: no example is named "HealthChek"\n  hint: did you mean HealthCheck?'],
    ['for a word that several examples hold', ['Mine', '--from', 'report'], 2, 'ParameterArgumentValidationError: "report" may be PythonReport or ReportByWebhook'],
    ['into a file', ['Mine', '--definition-path', 'definitions/Taken.yaml'], 4, 'DirectoryNotFoundException: "definitions/Taken.yaml" is not a folder'],
    ['into no folder', ['Mine', '--definition-path', ''], 2, 'ParameterArgumentValidationError: the definition path is empty'],
    ['for two names', ['Mine', 'Yours'], 2, 'PositionalParameterNotFound: '],
    ['by --list with a name', ['Mine', '--list'], 2, 'InvalidParameterCombination: --list only shows the examples; "Mine" goes without it'],
    ['by --list with --from', ['--list', '--from', 'Hello'], 2, 'InvalidParameterCombination: --list only shows the examples; "--from" goes without it'],
    ['without a name', [], 2, 'MissingMandatoryParameter: say what the new definition is called\n  hint: nightshift new --list'],
    ['in another form than table and json', ['Mine', '-o', 'yaml'], 2, 'ParameterArgumentValidationError: --output takes table, json'],
  ])('%s: new %j', async (_, words, code, complaint) => {
    const place = newPlace();
    put(place, 'definitions/Taken.yaml', 'job: { command: [echo] }\n');
    put(place, 'definitions/Other.json', '{ "job": { "command": ["echo"] } }\n');
    put(place, 'definitions/scripts/cleanup.mjs', '// mine\n');
    put(place, 'definitions/samples', '');
    const before = filesIn(place).map((path) => [path, readFileSync(join(place.work, path), 'utf8')]);
    const made = await make(place, ...words);
    expect(made).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(/^new: /) });
    expect(made.stderr).toContain(`new: ${complaint}`);
    expect(filesIn(place).map((path) => [path, readFileSync(join(place.work, path), 'utf8')])).toEqual(before);
  });

  test('with --what-if, which names each file', async () => {
    const place = newPlace();
    expect(await make(place, 'Mine', '--from', 'CertificateExpiry', '--what-if')).toMatchObject({
      code: 0, stdout: '', stderr: ['samples/certificate-expiry/sample.pem', 'scripts/certificate-expiry.mjs', 'Mine.yaml'].map((path) => `What if: new definitions/${path}\n`).join(''),
    });
    expect(filesIn(place)).toEqual([]);
  });

  test('and what was written goes again, when a later file cannot be written', async () => {
    const place = newPlace();
    // The sample is smaller than four blocks, the script larger.
    const made = await place.run('sh', ['-c', "trap '' XFSZ; ulimit -f 8; exec nightshift new Mine --from CertificateExpiry"]);
    expect(made).toMatchObject({ code: 6, stdout: '', stderr: expect.stringMatching(/^new: InputOutputError: "definitions\/scripts\/certificate-expiry\.mjs" cannot be written: EFBIG/) });
    expect(existsSync(join(place.work, 'definitions'))).toBe(false);
  });
});

describe('where it is written', () => {
  test('is the first folder of the configured definition path, and names of the others count', async () => {
    const place = newPlace();
    put(place, 'nightshift.yaml', 'definitionPath: [jobs, more]\n');
    put(place, 'more/There.yaml', 'job: { command: [echo] }\n');
    mkdirSync(join(place.work, 'jobs'));
    expect(await make(place, 'there')).toMatchObject({ code: 7 });
    expect(await make(place, 'Mine')).toMatchObject({ code: 0, stdout: 'jobs/Mine.yaml\n' });
    expect(await place.stdoutOf('start-job', '--definition-name', 'Mine', '--wait')).toBe('hello from a definition\n');
  });

  test('is the folder that --definition-path names, and the lines to type next name it too', async () => {
    const place = newPlace();
    const { stdout, stderr } = await make(place, 'Mine', '--definition-path', "my jobs/it's");
    expect(linesOf(stdout)).toEqual(["my jobs/it's/Mine.yaml"]);
    for (const line of linesOf(stderr).slice(1)) {
      expect(await place.run('sh', ['-c', line])).toMatchObject({ code: 0 });
    }
  });

  test('may be any folder of a project: an example that works in its root still does', async () => {
    const place = newPlace();
    execFileSync('sh', ['-c', 'git init --quiet && echo hello > a && git add a'], { cwd: place.work, env: place.env });
    await make(place, 'Mine', '--from', 'Nightly', '--definition-path', 'ops/jobs');
    expect(await place.stdoutOf('start-job', '--definition-name', 'Mine', '--definition-path', 'ops/jobs', '--wait')).toMatch(/^snapshot: 1 file, /m);
    expect(existsSync(join(place.work, '.snapshots'))).toBe(true);
  });

  test('is told to an editor where the schema is at hand', async () => {
    const place = newPlace();
    put(place, 'node_modules/nightshift/scheduled-job.schema.json', '{}');
    await make(place, 'Mine');
    expect(readFileSync(join(place.work, 'definitions/Mine.yaml'), 'utf8').split('\n')[0]).toBe('# yaml-language-server: $schema=../node_modules/nightshift/scheduled-job.schema.json');
  });
});

test.skipIf(!isInstalled('script'))('at a terminal, without a name, two lines to copy follow', async () => {
  const place = newPlace();
  const { stdout } = await place.run('script', ['-qec', 'nightshift new --color never', '/dev/null']);
  expect(linesOf(stdout).map((line) => line.trimEnd()).slice(-2)).toEqual(['  $ nightshift new Greeting', '  $ nightshift new ShopBackup --from DatabaseBackup']);
});

test('the help is one screen, with lines to copy before the options', async () => {
  const lines = linesOf(await newPlace().stdoutOf('nightshift', 'new', '--help'));
  expect(lines.length).toBeLessThanOrEqual(24);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(lines.findIndex((line) => line.startsWith('  $ nightshift new'))).toBeLessThan(lines.findIndex((line) => line.includes('--from EXAMPLE')));
});

describe('the package that is published', () => {
  test('holds every example with everything it needs, and nothing that is broken on purpose', async () => {
    const { stdout } = await newPlace().run('npm', ['pack', '--dry-run', '--json'], { cwd: CLI });
    const packed = filesOfPack(stdout).filter((path) => path.startsWith('dist/examples/')).map((path) => path.slice('dist/examples/'.length));
    const there = globSync(['*.yaml', 'scripts/**/*.*', 'samples/**/*.*', 'plugins/**/*.*'], { cwd: DEFINITIONS }).toSorted();
    expect(packed.toSorted()).toEqual(there);
    expect(there.length).toBeGreaterThan(40);
  });

  test.skipIf(!isInstalled('tar'))('works by itself, without this repository', async () => {
    const place = newPlace();
    await place.run('npm', ['pack', '--pack-destination', place.root], { cwd: CLI });
    const tarball = await waitFor('the package is packed', () => globSync('*.tgz', { cwd: place.root })[0] ?? '');
    execFileSync('tar', ['-xzf', join(place.root, tarball), '-C', place.root]);
    const node = (verb: string, ...words: string[]) => place.run(process.execPath, [join(place.root, 'package/bin', `${verb}.cjs`), ...words]);
    expect(await node('nightshift', 'new', 'Mine', '--from', 'DataSync')).toMatchObject({ code: 0, stdout: 'definitions/scripts/data-sync.mjs\ndefinitions/Mine.yaml\n' });
    expect(await node('start-job', '--definition-name', 'Mine', '--wait')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^data-sync: 21 copied/) });
  });
});

/** Some versions of npm print a list, some an object by the names of packages. */
function filesOfPack(json: string): string[] {
  const [{ files } = { files: [] }] = Object.values(JSON.parse(json) as Record<string, { files: { path: string }[] }>);
  return files.map(({ path }) => path);
}
