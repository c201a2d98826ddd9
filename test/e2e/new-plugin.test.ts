// `nightshift new plugin`: in an empty folder, as a newcomer has it: written, tested by the kit, trusted, started.

import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { isInstalled, newPlace, type Place } from './product.ts';

const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** npm asks nobody whether there is a newer npm. */
const QUIET = { npm_config_update_notifier: 'false' };

const make = (place: Place, ...words: string[]) => place.run('nightshift', ['new', 'plugin', ...words]);
const filesIn = (place: Place): string[] => globSync('**/*', { cwd: place.work, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(place.work.length + 1)).toSorted();
const linesOf = (text: string): string[] => text.split('\n').slice(0, -1);

describe.each(['ts', 'python', 'sh'] as const)('a new plugin in %s', (language) => {
  test.skipIf(language === 'python' && !isInstalled('python3'))(`passes the kit, is trusted, and its first job completes${language === 'python' ? ' (where there is Python)' : ''}`, async () => {
    const place = newPlace();
    const { code, stdout, stderr } = await make(place, 'DiskWatch', '--language', language);
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'Next:\n  npm test --prefix DiskWatch\n  nightshift trust\n  start-job --definition-name DiskWatch --wait\n' });
    expect(linesOf(stdout).filter((path) => !path.endsWith('.gitignore')).toSorted()).toEqual(filesIn(place));

    const kit = await place.run('npm', ['test', '--prefix', 'DiskWatch'], { env: QUIET });
    expect(kit.code, kit.stdout + kit.stderr).toBe(0);
    expect(kit.stdout).toMatch(/DiskWatchJob: a run of it/);

    expect(await place.run('start-job', ['--definition-name', 'DiskWatch'])).toMatchObject({ code: 5, stderr: expect.stringMatching(/^start-job: PluginNotTrusted: /) });
    expect(await place.run('nightshift', ['trust'])).toMatchObject({ code: 0 });
    const run = await place.run('start-job', ['--definition-name', 'DiskWatch', '--wait', '-o', 'jsonl']);
    expect(run, run.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(run.stdout)).toMatchObject({ stream: 'output', value: { usedPercent: expect.any(Number) } });
    expect(await place.jobs('DiskWatch')).toMatchObject([{ type: 'DiskWatchJob', state: 'Completed' }]);
    expect(await place.stdoutOf('get-job-type', 'DiskWatchJob')).toMatch(/^DiskWatchJob .*nightshift-plugin-disk-watch@0\.1\.0/m);
  });
});

describe('a plugin in TypeScript', () => {
  test.skipIf(!isInstalled('tar'))('is built when it is packed, and runs in another project with nothing of Nightshift installed there', async () => {
    const place = newPlace();
    await make(place, 'DiskWatch');
    const folder = join(place.work, 'DiskWatch');
    const manifest = readFileSync(join(folder, 'package.json'), 'utf8');
    mkdirSync(join(folder, 'node_modules/@types'));
    // What "npm install" would bring.
    for (const name of ['typescript', '@types/node']) symlinkSync(realpathSync(join(MODULES, name)), join(folder, 'node_modules', name));
    const packed = await place.run('npm', ['pack', '--pack-destination', place.root], { cwd: folder, env: QUIET });
    expect(packed.code, packed.stderr + packed.stdout).toBe(0);
    expect(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).toEqual(JSON.parse(manifest));

    const other = join(place.root, 'other');
    const installed = join(other, 'node_modules/nightshift-plugin-disk-watch');
    mkdirSync(join(other, 'definitions'), { recursive: true });
    mkdirSync(installed, { recursive: true });
    execFileSync('tar', ['-xzf', join(place.root, 'nightshift-plugin-disk-watch-0.1.0.tgz'), '-C', installed, '--strip-components=1']);
    expect(globSync('**/*', { cwd: installed }).toSorted()).toEqual(['README.md', 'dist', 'dist/index.js', 'package.json']);
    writeFileSync(join(other, 'nightshift.yaml'), 'plugins: [nightshift-plugin-disk-watch]\n');
    writeFileSync(join(other, 'definitions/Disk.yaml'), 'type: DiskWatchJob\njob: { limit: 100 }\n');
    expect(await place.run('start-job', ['--definition-name', 'Disk', '--wait'], { cwd: other, env: { NIGHTSHIFT_TRUST: '1' } })).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('nothing is written', () => {
  test.each([
    ['without a name', ['plugin'], 2, 'MissingMandatoryParameter: say what the new plugin is called\n  hint: nightshift new plugin DiskWatch'],
    ['for three words', ['plugin', 'Mine', 'Yours'], 2, 'PositionalParameterNotFound: "Yours" is one word too many'],
    ['in a language that nobody knows', ['plugin', 'Mine', '--language', 'pyton'], 2, 'ParameterArgumentValidationError: --language takes ts, python, sh; not "pyton"\n  hint: did you mean python?'],
    ['with what a definition takes', ['plugin', 'Mine', '--from', 'Hello'], 2, 'InvalidParameterCombination: --from is for a definition, and this is a plugin'],
    ['for a definition in a language', ['Mine', '--language', 'sh'], 2, 'InvalidParameterCombination: --language is for a plugin\n  hint: nightshift new plugin Mine --language sh'],
    ['for a name that is none', ['plugin', '../Mine'], 5, 'InvalidDefinitionName: '],
    ['for a folder that is there', ['plugin', 'Taken'], 7, 'CantRegisterScheduledJobDefinition: "Taken" is there already (Taken)\n  hint: choose another name'],
    ['for a type that is built in', ['plugin', 'background'], 8, 'JobTypeConflict: a job type "BackgroundJob" is there already, from @nightshift/background-job\n  hint: choose another name'],
  ])('%s: new %j', async (_, words, code, complaint) => {
    const place = newPlace();
    mkdirSync(join(place.work, 'Taken'));
    const made = await place.run('nightshift', ['new', ...words]);
    expect(made).toMatchObject({ code, stdout: '' });
    expect(made.stderr).toContain(`new: ${complaint}`);
    expect(filesIn(place)).toEqual([]);
  });

  test('with --what-if, which names each file', async () => {
    const place = newPlace();
    const { code, stdout, stderr } = await make(place, 'Mine', '--language', 'sh', '--what-if');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(linesOf(stderr)).toEqual(['.gitignore', 'README.md', 'mine.schema.json', 'mine.sh', 'nightshift-plugin.json', 'package.json', 'test/Mine.test.mjs', 'node_modules/nightshift'].map((path) => `What if: new Mine/${path}`).concat(['What if: new definitions/Mine.yaml', 'What if: new nightshift.yaml']));
    expect(existsSync(join(place.work, 'Mine'))).toBe(false);
  });
});

test('a second plugin joins the first in the configuration, and the JSON says what was written and changed', async () => {
  const place = newPlace();
  await make(place, 'First', '--language', 'sh');
  const { stdout } = await make(place, 'second-one', '--language', 'sh', '-o', 'json');
  const { written, ...told } = JSON.parse(stdout) as { written: string[] } & Record<string, unknown>;
  expect(told).toEqual({
    apiVersion: 1, name: 'second-one', language: 'sh', type: 'SecondOneJob', folder: join(place.work, 'second-one'),
    definition: join(place.work, 'definitions/second-one.yaml'), configuration: join(place.work, 'nightshift.yaml'), changed: [join(place.work, 'nightshift.yaml')],
  });
  expect(written).toContain(join(place.work, 'second-one/second-one.sh'));
  expect(readFileSync(join(place.work, 'nightshift.yaml'), 'utf8')).toMatch(/^plugins:\n {2}- \.\/First\n {2}- \.\/second-one\n$/m);
});

test('the package that is published holds every file of every template', async () => {
  const cli = fileURLToPath(new URL('../../packages/cli', import.meta.url));
  const { stdout } = await newPlace().run('npm', ['pack', '--dry-run', '--json'], { cwd: cli, env: QUIET });
  const there = globSync('**/*', { cwd: join(cli, 'templates'), withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(join(cli, 'templates').length + 1));
  expect(there.length).toBeGreaterThan(15);
  for (const path of there) expect(stdout).toContain(`dist/templates/${path}"`);
});
