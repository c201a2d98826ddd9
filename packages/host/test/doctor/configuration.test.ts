import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { write } from '../folder.ts';
import { doctorPlace, told } from './place.ts';

type Place = ReturnType<typeof doctorPlace>;

describe('the configuration', () => {
  test('is told with its place, and whose word it is', async () => {
    const place = doctorPlace();
    expect((await place.about('configuration')).map(told)).toEqual(['ok: none: everything has its default']);
    const own = place.own('timeZone: UTC');
    expect((await place.about('configuration')).map(told)).toEqual([`ok: ${own}, your own`]);
    const project = place.config('namespace: ops');
    expect((await place.about('configuration')).map(told)).toEqual([`ok: ${project}, the project's`]);
  });

  test('is not looked for in a folder that everybody can write, and that is told', async () => {
    const place = doctorPlace();
    place.config('namespace: ops');
    chmodSync(place.project, 0o777);
    expect((await place.about('configuration')).map(told)).toEqual(['ok: none: this folder is not searched, for everybody can write it']);
  });

  test.each([
    ['an unknown key', 'bogus: 1\ntimeZone: Nope', [/^bad: DefinitionKeyUnknown: .+:1:1\) => .+EDITOR.+ \+1 .+nightshift\.yaml$/, /^bad: TimeZoneInvalid: .+:2:11\) => .+ \+2 /]],
    ['a syntax error', 'a: [', [/^bad: DefinitionSyntaxError: /]],
    ['a key that needs trust', 'hooks: { onFailure: [] }', [/^bad: ConfigUnsafe: "hooks" .+ => nightshift trust /]],
  ] as const)('with %s is bad, not the end of the examination', async (_, text, patterns) => {
    const place = doctorPlace();
    place.config(text);
    const found = (await place.about('configuration')).map(told);
    expect(found).toEqual(patterns.map((pattern) => expect.stringMatching(pattern)));
    expect((await place.examine()).map(({ subject }) => subject)).toContain('logout');
  });

  test.each([
    ['that everybody can write', (place: Place) => chmodSync(place.config(''), 0o666), 'ConfigUnsafe', 'chmod o-w'],
    ['in a pipe', (place: Place) => void mkfifo(join(place.project, 'nightshift.yaml')), 'ConfigUnsafe', 'mv '],
  ])('%s is bad, with what mends it', async (_, make, code, fix) => {
    const place = doctorPlace();
    make(place);
    expect(await place.about('configuration')).toMatchObject([{ state: 'bad', text: expect.stringContaining(code), fix: expect.stringContaining(fix) }]);
  });

  test('that is named and missing is bad', async () => {
    expect((await doctorPlace({ NIGHTSHIFT_CONFIG: '/nonexistent.yaml' }).about('configuration')).map(told)).toEqual([expect.stringMatching(/^bad: FilePathNotFound: .+ => unset NIGHTSHIFT_CONFIG$/)]);
  });

  test('in a code format is a warning', async () => {
    const place = doctorPlace();
    write(join(place.project, 'nightshift.config.js'), '');
    expect(await place.about('configuration')).toMatchObject([{ state: 'warning', text: expect.stringContaining('CodeConfigIgnored') }]);
  });
});

describe('trust', () => {
  test('is asked for by keys and plugins that nobody has trusted', async () => {
    const place = doctorPlace();
    place.config('plugins: [x]\nsafeOwners: [7]');
    write(join(place.project, 'node_modules/x/package.json'), '{"version": "1.0.0"}');
    expect((await place.about('trust')).map(told)).toEqual([`warning: ${place.project} is not trusted and asks for it: the key safeOwners, the plugin x 1.0.0 => nightshift trust ${place.project}`]);
    await (await place.host().trust()).grant('.', { whatIf: false });
    expect((await place.about('trust')).map(told)).toEqual([`ok: ${place.project} is trusted: the key safeOwners, the plugin x 1.0.0`]);
    write(join(place.project, 'node_modules/x/package.json'), '{"version": "1.0.1"}');
    expect(await place.about('trust')).toMatchObject([{ state: 'warning', text: expect.stringContaining('has changed since'), fix: `nightshift trust ${place.project}` }]);
  });

  test('is not asked for by a project without either', async () => {
    const place = doctorPlace();
    place.config('namespace: ops');
    expect((await place.about('trust')).map(told)).toEqual(['ok: the project asks for nothing that needs it']);
  });

  test('is there for one call by the environment', async () => {
    const place = doctorPlace({ NIGHTSHIFT_TRUST: '1' });
    place.config('safeOwners: [7]');
    expect(await place.about('trust')).toMatchObject([{ state: 'ok', text: expect.stringContaining('NIGHTSHIFT_TRUST') }]);
  });

  test('of a plugin that is not installed tells how to install it', async () => {
    const place = doctorPlace();
    place.config('plugins: [x]');
    expect(await place.about('trust')).toMatchObject([{ state: 'warning', fix: `npm install --prefix "${place.project}" x` }]);
  });

  test('in a folder that is gone is to be revoked', async () => {
    const place = doctorPlace();
    place.config('safeOwners: [7]');
    await (await place.host().trust()).grant('.', { whatIf: false });
    rmSync(place.project, { recursive: true });
    mkdirSync(`${place.project}2`);
    const elsewhere = doctorPlace({ HOME: place.home });
    expect(await elsewhere.about('trust')).toContainEqual(expect.objectContaining({ state: 'warning', fix: `nightshift trust --revoke ${place.project}` }));
  });
});

describe('definitions', () => {
  test('are counted, and those with mistakes by themselves', async () => {
    const place = doctorPlace();
    expect((await place.about('definitions')).map(told)).toEqual([`ok: none: there is no folder ${place.project}/definitions`]);
    place.define('Good', 'job: { command: [echo] }');
    expect((await place.about('definitions')).map(told)).toEqual([`ok: ${place.project}/definitions: 1 definition`]);
    place.define('Typo', 'jobs: 1');
    place.define('Open', 'job: { command: [echo] }', 0o666);
    expect((await place.about('definitions')).map(told)).toEqual([`warning: ${place.project}/definitions: 3 definitions, 2 with errors (DefinitionUnsafe, DefinitionKeyUnknown) => nightshift validate`]);
  });

  test('in a folder that the configuration names and that is missing are bad', async () => {
    const place = doctorPlace();
    place.config('definitionPath: jobs');
    expect(await place.about('definitions')).toMatchObject([{ state: 'bad', fix: `mkdir -p ${place.project}/jobs` }]);
  });
});

function mkfifo(path: string): void {
  process.getBuiltinModule('node:child_process').execFileSync('mkfifo', [path]);
}
