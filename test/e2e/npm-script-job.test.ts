import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newPlace } from './product.ts';

const SCRIPTS = { Report: 'echo said $PWD', 'build:prod': 'echo built', fail: 'exit 3' };

function packageWith(text: string) {
  const place = newPlace();
  writeFileSync(join(place.work, 'package.json'), text);
  return place;
}

const started = ['--type', 'NpmScriptJob', '--wait', '--definition-name'];

test('a script of the nearest package.json runs by its name, whatever the case, in the folder of its package', async () => {
  const place = packageWith(JSON.stringify({ scripts: SCRIPTS }));
  mkdirSync(join(place.work, 'below'));
  expect(await place.run('start-job', [...started, 'report'], { cwd: join(place.work, 'below') })).toMatchObject({ code: 0, stdout: `said ${place.work}\n`, stderr: '' });
  expect(await place.run('start-job', [...started, 'build-prod'])).toMatchObject({ code: 0, stdout: 'built\n' });
  await place.run('start-job', [...started, 'fail']);
  expect((await place.jobs()).map(({ type, name, state }) => [type, name, state])).toContainEqual(['NpmScriptJob', 'fail', 'Failed']);
});

test('a script does not answer unless its type is named', async () => {
  const place = packageWith(JSON.stringify({ scripts: SCRIPTS }));
  mkdirSync(join(place.work, 'definitions'));
  for (const options of [[], ['--type', '*Job']]) expect((await place.run('start-job', [...options, '--definition-name', 'Report'])).stderr).toContain('StartJobFromDefinitionNameNotFound');
  writeFileSync(join(place.work, 'definitions/Report.yaml'), 'type: BackgroundJob\njob: { command: [echo, file] }\n');
  expect(await place.run('start-job', ['--definition-name', 'Report', '--wait'])).toMatchObject({ code: 0, stdout: 'file\n' });
});

test('a package.json that is no JSON is told of by file, line and column', async () => {
  const place = packageWith('{\n  "scripts": oops\n}\n');
  const { code, stderr } = await place.run('start-job', [...started, 'Report']);
  expect(code).not.toBe(0);
  expect(stderr).toMatch(/DefinitionSyntaxError: .+package\.json:2:14\)\n/);
});

test('a name that can be none is answered with the one to type, also where two scripts wish for it', async () => {
  const place = packageWith(JSON.stringify({ scripts: { ...SCRIPTS, 'build-prod': 'echo own' } }));
  expect(await place.run('start-job', [...started, 'build:prod'])).toMatchObject({ code: 5, stderr: expect.stringContaining('hint: did you mean build-prod-2? start-job --type NpmScriptJob --definition-name build-prod-2\n') });
  expect(await place.run('start-job', [...started, 'build-prod-2'])).toMatchObject({ code: 0, stdout: 'built\n' });
  expect(await place.run('start-job', [...started, 'build-prod'])).toMatchObject({ code: 0, stdout: 'own\n' });
  expect((await place.run('start-job', [...started, 'zzz'])).stderr).toContain('hint: there are build-prod, build-prod-2, fail, Report\n');
});

test('a package.json that somebody else could have written runs nothing', async () => {
  const place = packageWith(JSON.stringify({ scripts: SCRIPTS }));
  chmodSync(join(place.work, 'package.json'), 0o666);
  expect(await place.run('start-job', [...started, 'Report'])).toMatchObject({ code: 5, stdout: '', stderr: expect.stringMatching(/DefinitionUnsafe: .*can be written by everybody/) });
});
