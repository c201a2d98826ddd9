import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { newPlace, type Place } from './product.ts';

const STRANGER = 65_534;
/** Only root can give files away. */
const asRoot = test.skipIf(process.getuid?.() !== 0);

/** A project with a package, and definitions of a built-in type and of one that only the package may bring. */
function projectIn(place: Place, config: string): { install(version: string): void; own: string } {
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(place.work, path)), { recursive: true });
    writeFileSync(join(place.work, path), text);
  };
  put('package.json', '{}');
  put('nightshift.yaml', config);
  put('definitions/Plain.yaml', 'job: { command: [echo, plain] }\n');
  put('definitions/Foreign.yaml', 'type: ForeignJob\njob: { a: 1 }\n');
  // Whoever imports it is heard.
  put('node_modules/foreign/index.cjs', `require('node:fs').writeFileSync(${JSON.stringify(join(place.root, 'sung'))}, '')\n`);
  const install = (version: string): void => put('node_modules/foreign/package.json', JSON.stringify({ name: 'foreign', version, main: 'index.cjs' }));
  install('1.0.0');
  return { install, own: join(place.home, '.config/nightshift/config.yaml') };
}

test('no folder is no folder: nothing is trusted by an empty word', async () => {
  const place = newPlace();
  expect(await place.run('nightshift', ['trust', ''])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('ParameterArgumentValidationError') });
});

describe('a project whose plugins nobody has trusted', () => {
  test('starts what needs none of them, with a warning, and refuses the rest with the command to type', async () => {
    const place = newPlace();
    projectIn(place, 'plugins: [foreign]\n');
    const plain = await place.run('start-job', ['--definition-name', 'Plain', '--wait']);
    expect(plain).toMatchObject({ code: 0, stdout: 'plain\n' });
    expect(plain.stderr).toContain(`start-job: warning: ProjectPluginsIgnored: `);
    const foreign = await place.run('start-job', ['--definition-name', 'Foreign']);
    expect(foreign).toMatchObject({ code: 5, stdout: '' });
    expect(foreign.stderr).toMatch(/^start-job: PluginNotTrusted: .+ForeignJob.+foreign.+\(definitions\/Foreign\.yaml:1:7\)\n.+\n.+\n {2}hint: nightshift trust .+\n$/);
    expect(await place.run('start-job', ['--definition-name', 'Plain', '--type', 'ForeignJob'])).toMatchObject({ code: 5 });
    expect(await place.jobs()).toHaveLength(1);
  });

  test('is validated without them: the type is not installed', async () => {
    const place = newPlace();
    projectIn(place, 'plugins: [foreign]\n');
    const { code, stderr } = await place.run('nightshift', ['validate']);
    expect(code).toBe(3);
    expect(stderr).toContain('JobTypeNotInstalled');
    expect(stderr).not.toContain('PluginNotTrusted');
  });

  test('is trusted by the command of the hint; then what needs a plugin imports it, and nothing else does', async () => {
    const place = newPlace();
    const { own } = projectIn(place, 'plugins: [foreign]\nsafeOwners: [7]\n');
    const refused = await place.run('start-job', ['--definition-name', 'Plain']);
    expect(refused).toMatchObject({ code: 5, stdout: '' });
    const [, command] = /hint: (.+)\n/.exec(refused.stderr) ?? [];
    expect(command).toBe(`nightshift trust ${place.work}`);
    expect((await place.run('sh', ['-c', command as string], { cwd: place.home })).code).toBe(0);
    expect(readFileSync(own, 'utf8')).toContain(`folder: ${place.work}\n`);
    expect([statSync(own).mode & 0o777, statSync(dirname(own)).mode & 0o777]).toEqual([0o600, 0o700]);
    for (const verb of [['nightshift', 'validate'], ['get-scheduled-job'], ['get-job'], ['start-job', '--', 'true']] as const) expect((await place.run(verb[0], verb.slice(1))).code).toBe(0);
    expect(existsSync(join(place.root, 'sung'))).toBe(false);
    const plain = await place.run('start-job', ['--definition-name', 'Plain', '--wait']);
    expect(plain).toMatchObject({ code: 0, stdout: 'plain\n' });
    expect(plain.stderr).toMatch(/^start-job: warning: PluginInvalid: the plugin foreign cannot be used: .+\n$/);
    expect(existsSync(join(place.root, 'sung'))).toBe(true);
    const foreign = await place.run('start-job', ['--definition-name', 'Foreign']);
    expect(foreign).toMatchObject({ code: 8, stdout: '' });
    expect(foreign.stderr).toMatch(/start-job: JobTypeNotInstalled: .+"ForeignJob"; one that cannot be used might: the plugin foreign/);
  });

  test.each([
    ['another version', (_: Place, install: (version: string) => void) => install('1.0.1'), 'foreign 1.0.0 is 1.0.1 now'],
    ['another folder', (place: Place) => {
      mkdirSync(join(place.root, 'elsewhere'));
      writeFileSync(join(place.root, 'elsewhere/package.json'), '{"version":"1.0.0"}');
      rmSync(join(place.work, 'node_modules/foreign'), { recursive: true });
      symlinkSync(join(place.root, 'elsewhere'), join(place.work, 'node_modules/foreign'));
    }, 'foreign lies in'],
    ['another list', (place: Place) => {
      mkdirSync(join(place.work, 'more'));
      writeFileSync(join(place.work, 'more/nightshift-plugin.json'), '{"version":"1.0.0"}');
      writeFileSync(join(place.work, 'nightshift.yaml'), 'plugins: [foreign, ./more]\n');
    }, './more is new'],
  ])('is asked about again after %s', async (_, change, words) => {
    const place = newPlace();
    const { install } = projectIn(place, 'plugins: [foreign]\n');
    await place.stdoutOf('nightshift', 'trust');
    change(place, install);
    const plain = await place.run('start-job', ['--definition-name', 'Plain', '--wait']);
    expect(plain).toMatchObject({ code: 0, stdout: 'plain\n' });
    expect(plain.stderr).toContain(words);
    const foreign = await place.run('start-job', ['--definition-name', 'Foreign']);
    expect(foreign.code).toBe(5);
    expect(foreign.stderr).toContain(words);
    expect(await place.stdoutOf('nightshift', 'trust', '--list')).toMatch(/ {2}changed\n/);
    await place.stdoutOf('nightshift', 'trust');
    expect((await place.run('start-job', ['--definition-name', 'Foreign'])).code).toBe(8);
  });

  test('is trusted for one call by NIGHTSHIFT_TRUST=1, and no longer', async () => {
    const place = newPlace();
    const { own } = projectIn(place, 'plugins: [foreign]\nsafeOwners: [7]\n');
    const env = { NIGHTSHIFT_TRUST: '1' };
    expect(await place.run('start-job', ['--definition-name', 'Plain', '--wait'], { env })).toMatchObject({ code: 0, stdout: 'plain\n' });
    expect((await place.run('start-job', ['--definition-name', 'Foreign'], { env })).code).toBe(8);
    expect((await place.run('start-job', ['--definition-name', 'Plain'])).code).toBe(5);
    expect(existsSync(own)).toBe(false);
  });
});

test('what would be trusted is shown and nothing recorded; what was trusted can be taken back', async () => {
  const place = newPlace();
  const { own } = projectIn(place, 'plugins: [foreign]\nhooks: { onFailure: [] }\n');
  const asked = await place.run('nightshift', ['trust', '--what-if', '-o', 'json']);
  expect(JSON.parse(asked.stdout)).toEqual({
    apiVersion: 1,
    projects: [{
      folder: place.work, file: join(place.work, 'nightshift.yaml'), standing: 'untrusted', keys: ['hooks'],
      plugins: [{ name: 'foreign', change: 'new', version: '1.0.0', path: join(place.work, 'node_modules/foreign'), fault: null, before: null }],
    }],
  });
  expect(existsSync(own)).toBe(false);
  expect(await place.run('nightshift', ['trust', '--list'])).toMatchObject({ code: 0, stdout: '' });
  await place.stdoutOf('nightshift', 'trust');
  expect(JSON.parse(await place.stdoutOf('nightshift', 'trust', '--list', '--json'))).toMatchObject({ projects: [{ folder: place.work, standing: 'trusted' }] });
  await place.stdoutOf('nightshift', 'trust', '--revoke');
  expect(JSON.parse(await place.stdoutOf('nightshift', 'trust', '--list', '--json'))).toEqual({ apiVersion: 1, projects: [] });
  expect((await place.run('start-job', ['--definition-name', 'Plain'])).code).toBe(5);
});

test('a plugin that is not installed cannot be trusted', async () => {
  const place = newPlace();
  const { own } = projectIn(place, 'plugins: [foreign, lost]\n');
  const { code, stdout, stderr } = await place.run('nightshift', ['trust']);
  expect({ code, stdout }).toEqual({ code: 8, stdout: '' });
  expect(stderr).toMatch(/^trust: PluginLoadFailed: the plugin lost cannot be trusted: .+\n {2}hint: npm install .+ lost\n$/);
  expect(existsSync(own)).toBe(false);
});

test("a record that others could have written is not believed, nor added to", async () => {
  const place = newPlace();
  const { own } = projectIn(place, 'safeOwners: [7]\n');
  await place.stdoutOf('nightshift', 'trust');
  chmodSync(own, 0o666);
  const before = readFileSync(own, 'utf8');
  for (const words of [['nightshift', 'trust'], ['nightshift', 'trust', '--list'], ['start-job', '--definition-name', 'Plain']] as const) {
    const { code, stdout, stderr } = await place.run(words[0], words.slice(1));
    expect({ code, stdout, stderr }).toEqual({ code: 5, stdout: '', stderr: expect.stringContaining(`ConfigUnsafe`) });
  }
  expect(readFileSync(own, 'utf8')).toBe(before);
});

describe('a broken configuration of the project does not disturb verbs that read none', () => {
  const broken: readonly (readonly [string, (place: Place) => void])[] = [
    ['no YAML', (place) => writeFileSync(join(place.work, 'nightshift.yaml'), 'plugins: [')],
    ['a key that needs trust', (place) => writeFileSync(join(place.work, 'nightshift.yaml'), 'safeOwners: [0]\n')],
    ['open to everybody', (place) => chmodSync(join(place.work, 'nightshift.yaml'), 0o666)],
    ['a link to a device', (place) => {
      rmSync(join(place.work, 'nightshift.yaml'));
      symlinkSync('/dev/zero', join(place.work, 'nightshift.yaml'));
    }],
    ['named and missing', () => {}],
  ];
  test.each(broken)('%s; get-job-type lists what is built in and says what is wrong', async (name, make) => {
    const place = newPlace();
    projectIn(place, '');
    const env = name === 'named and missing' ? { NIGHTSHIFT_CONFIG: '/nonexistent.yaml' } : {};
    await place.finished(await place.start('--', 'true'));
    make(place);
    for (const [verb, ...words] of [['get-job'], ['receive-job', '1'], ['wait-job', '1'], ['stop-job', '1'], ['start-job', '--', 'true'], ['remove-job', '1']] as const) {
      expect(await place.run(verb, [...words], { env }), verb).toMatchObject({ code: 0, stderr: verb === 'stop-job' ? expect.anything() : '' });
    }
    const start = await place.run('start-job', ['--definition-name', 'Plain'], { env });
    expect([3, 4, 5]).toContain(start.code);
    const types = await place.run('get-job-type', ['-o', 'id'], { env });
    expect(types).toMatchObject({ code: start.code, stdout: expect.stringMatching(/^BackgroundJob$[^]*^ScheduledJob$/m) });
  });
});

describe('definitions of another owner', () => {
  const prepared = (): Place => {
    const place = newPlace();
    projectIn(place, '');
    rmSync(join(place.work, 'definitions/Foreign.yaml'));
    chownSync(join(place.work, 'definitions/Plain.yaml'), STRANGER, STRANGER);
    return place;
  };
  const own = (place: Place, text: string): void => {
    mkdirSync(join(place.home, '.config/nightshift'), { recursive: true });
    writeFileSync(join(place.home, '.config/nightshift/config.yaml'), text, { mode: 0o600 });
  };

  asRoot('are refused, trusted or not, unless their owner is called safe', async () => {
    const place = prepared();
    for (const env of [{}, { NIGHTSHIFT_TRUST: '1' }]) {
      const { code, stderr } = await place.run('start-job', ['--definition-name', 'Plain'], { env });
      expect({ code, stderr }).toEqual({ code: 5, stderr: expect.stringContaining('DefinitionUnsafe') });
    }
  });

  asRoot('run as root only from a folder that root has trusted', async () => {
    const place = prepared();
    own(place, `safeOwners: [${STRANGER}]\n`);
    const refused = await place.run('start-job', ['--definition-name', 'Plain']);
    expect(refused).toMatchObject({ code: 5, stdout: '' });
    expect(refused.stderr).toMatch(new RegExp(`^start-job: RunningAsRoot: .+user ${STRANGER}.+\\(definitions/Plain\\.yaml:1:6\\)\\n.+\\n.+\\n {2}hint: nightshift trust ${place.work}/definitions\\n$`));
    expect(await place.run('nightshift', ['validate'])).toMatchObject({ code: 0, stdout: 'ok definitions/Plain.yaml\n' });
    expect(await place.run('start-job', ['--definition-name', 'Plain', '--wait'], { env: { NIGHTSHIFT_TRUST: '1' } })).toMatchObject({ code: 0, stdout: 'plain\n' });
    chownSync(join(place.work, 'definitions'), STRANGER, STRANGER);
    await place.stdoutOf('nightshift', 'trust', 'definitions');
    expect(await place.run('start-job', ['--definition-name', 'Plain', '--wait'])).toMatchObject({ code: 0, stdout: 'plain\n' });
  });
});
