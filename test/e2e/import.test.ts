import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { newPlace, type Ended, type Place } from './product.ts';

/** A folder each: `input/` with the files, `arguments.txt`, and what is to come of it: `definitions/`, `report.txt`, `exit-code.txt` (absent: 0). */
const SAMPLES = fileURLToPath(new URL('../import/samples', import.meta.url));
const FORMATS = ['crontab', 'systemd', 'kubernetes', 'github-actions', 'dagu'];
const samples = FORMATS.flatMap((format) => readdirSync(join(SAMPLES, format)).map((name) => ({ format, name, folder: join(SAMPLES, format, name) })));

const textIn = (...path: string[]): string => readFileSync(join(...path), 'utf8');
const filesIn = (folder: string): Record<string, string> => (existsSync(folder) ? Object.fromEntries(readdirSync(folder).toSorted().map((name) => [name, textIn(folder, name)])) : {});
const imported = (place: Place, ...args: string[]): Promise<Ended> => place.run('nightshift', ['import', ...args]);

function write(place: Place, name: string, content: string | Uint8Array): string {
  writeFileSync(join(place.work, name), content);
  return name;
}

describe.each(samples)('the sample $format/$name', ({ format, folder }) => {
  test('becomes the definitions and the report that lie beside it, and they are valid', async () => {
    const place = newPlace();
    cpSync(join(folder, 'input'), place.work, { recursive: true });
    const { code, stderr } = await imported(place, format, ...textIn(folder, 'arguments.txt').trim().split(' '));
    const wantedCode = existsSync(join(folder, 'exit-code.txt')) ? Number(textIn(folder, 'exit-code.txt')) : 0;
    expect({ code, report: stderr, definitions: filesIn(join(place.work, 'definitions')) }).toEqual({ code: wantedCode, report: textIn(folder, 'report.txt'), definitions: filesIn(join(folder, 'definitions')) });
    const { files } = JSON.parse((await place.run('nightshift', ['validate', 'definitions', '-o', 'json'])).stdout) as { files: { ok: boolean; errors: unknown[] }[] };
    expect(files.flatMap(({ errors }) => errors)).toEqual([]);
  });
});

test('there are ten samples of every format', () => {
  expect(FORMATS.map((format) => [format, samples.filter((sample) => sample.format === format).length])).toEqual(FORMATS.map((format) => [format, 10]));
});

describe('what somebody else could have put there', () => {
  test.each([
    ['a symbolic link', (path: string) => symlinkSync('/etc/hostname', path)],
    ['what everybody may write', (path: string) => { writeFileSync(path, '[Service]\nExecStart=/bin/true\n'); chmodSync(path, 0o666); }],
  ])('is not read beside a timer: %s', async (_, plant) => {
    const place = newPlace();
    write(place, 'a.timer', '[Timer]\nOnCalendar=daily\n');
    plant(join(place.work, 'a.service'));
    expect(await imported(place, 'systemd', 'a.timer')).toMatchObject({ code: 5, stdout: '', stderr: expect.stringContaining('import: DefinitionUnsafe: "a.service"') });
    expect(existsSync(join(place.work, 'definitions'))).toBe(false);
  });

  test.each([['--name', '../../evil'], ['--name', 'CON'], ['--name', ''], ['--prefix', '../']])('is no name: %s %j', async (flag, name) => {
    const place = newPlace();
    write(place, 'table', '0 0 * * * x\n');
    expect(await imported(place, 'crontab', 'table', flag, name)).toMatchObject({ code: 5, stdout: '', stderr: expect.stringContaining('InvalidDefinitionName') });
  });
});

describe('what was imported runs as it did', () => {
  const output = async (place: Place, name: string): Promise<string> => (await place.run('start-job', ['--definition-name', name, '--wait'])).stdout;

  test('from a crontab: home folder, variables, percent signs, templates, shell', async () => {
    const place = newPlace();
    write(place, 'crontab', [
      'PATH=/usr/bin:/bin', 'GREETING="  hello  "', 'SHELL=/bin/bash',
      '# where', '* * * * * pwd', '# say', String.raw`* * * * * echo "[$GREETING]" 100\% && cat%one%two`, '# braces', "* * * * * [[ x == x ]] && echo '{{.Names}}'", '',
    ].join('\n'));
    expect((await imported(place, 'crontab', 'crontab')).code).toBe(0);
    expect(await output(place, 'where')).toBe(`${place.home}\n`);
    expect(await output(place, 'say')).toBe('[  hello  ] 100%\none\ntwo\n');
    expect(await output(place, 'braces')).toBe('{{.Names}}\n');
  });

  test('from units: words, variables, several commands', async () => {
    const place = newPlace();
    write(place, 'x.service', '[Service]\nType=oneshot\nEnvironment="A=b c" WORDS=1\\x202\nWorkingDirectory=/usr\nExecStartPre=-/bin/false\nExecStart=/bin/pwd\nExecStart=/usr/bin/printf "[%%s]" $WORDS ${A} "it\'s" $$A {{x}}\n');
    expect((await imported(place, 'systemd', 'x.service')).code).toBe(0);
    expect(await output(place, 'x')).toBe("/usr\n[1][2][b c][it's][$A][{{x}}]");
  });

  test('from dagu: steps in order, what they hand on, and the code of the one that fails', async () => {
    const place = newPlace();
    write(place, 'flow.yaml', 'params: world\nsteps:\n  - name: one\n    command: echo "hello $1"\n    output: TEXT\n  - name: two\n    command: echo "<$TEXT>"; exit 4\n  - name: three\n    command: echo never\n');
    expect((await imported(place, 'dagu', 'flow.yaml')).code).toBe(0);
    const { code, stdout } = await place.run('start-job', ['--definition-name', 'flow', '--wait']);
    expect([code, stdout]).toEqual([4, 'hello world\n<hello world>\n']);
  });

  test('from a workflow, although it is switched off for its triggers', async () => {
    const place = newPlace();
    write(place, 'w.yml', 'on: {schedule: [{cron: "0 3 * * *"}]}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    env: {A: job}\n    steps:\n      - run: echo $A; A=lost\n      - run: echo $A\n        env: {A: step}\n');
    expect((await imported(place, 'github', 'w.yml')).code).toBe(0);
    expect(textIn(place.work, 'definitions', 'w.yaml')).toContain('enabled: false');
    expect(await output(place, 'w')).toBe('job\nstep\n');
  });
});

describe('nothing', () => {
  test('is written when a name is taken, whatever its case', async () => {
    const place = newPlace();
    write(place, 'crontab', '# Backup\n* * * * * x\n# other\n* * * * * y\n');
    mkdirSync(join(place.work, 'definitions'));
    write(place, 'definitions/backup.yml', 'job: { command: ls }\n');
    const { code, stdout, stderr } = await imported(place, 'crontab', 'crontab');
    expect([code, stdout, readdirSync(join(place.work, 'definitions'))]).toEqual([7, '', ['backup.yml']]);
    expect(stderr).toContain('import: CantRegisterScheduledJobDefinition: nothing was written: ');
    expect((await imported(place, 'crontab', 'crontab', '--prefix', 'my-')).stdout).toBe('definitions/my-Backup.yaml\ndefinitions/my-other.yaml\n');
  });

  test('is written by --what-if, which prints the files', async () => {
    const place = newPlace();
    write(place, 'crontab', 'PATH=/bin\n# tick\n* * * * * cd /; ls\n');
    const { code, stdout, stderr } = await imported(place, 'crontab', 'crontab', '--what-if');
    expect([code, existsSync(join(place.work, 'definitions')), stderr]).toEqual([0, false, 'What if: new definitions/tick.yaml\n']);
    expect(stdout).toMatch(/^# definitions\/tick\.yaml\n# Imported from crontab:3\.\n/);
  });

  test('of the input is started, expanded or opened', async () => {
    const place = newPlace();
    const touch = `touch ${place.work}/ran`;
    write(place, 'crontab', `# $(${touch})\n* * * * * \`${touch}\`; $(${touch})\n@reboot ${touch}\n`);
    write(place, 'x.service', `[Service]\nEnvironmentFile=${place.work}/secret\nExecStart=/bin/sh -c '${touch}'\n`);
    write(place, 'secret', 'PASSWORD=geheim\n');
    write(place, 'd.yaml', `env: {A: "\`${touch}\`"}\ndotenv: secret\nsteps: ["${touch}"]\n`);
    for (const args of [['crontab', 'crontab'], ['systemd', 'x.service'], ['dagu', 'd.yaml']]) expect((await imported(place, ...args)).code).toBe(0);
    expect(existsSync(join(place.work, 'ran'))).toBe(false);
    expect(JSON.stringify(filesIn(join(place.work, 'definitions')))).not.toContain('geheim');
  });
});

describe('the report', () => {
  test('is one JSON document where that is asked for', async () => {
    const place = newPlace();
    write(place, 'crontab', 'PATH=/bin\n# tick\n61 * * * * x\n');
    const { code, stdout, stderr } = await imported(place, 'crontab', 'crontab', '-o', 'json');
    expect([code, stderr]).toEqual([3, '']);
    expect(JSON.parse(stdout)).toEqual({
      apiVersion: 1,
      definitions: [{ name: 'tick', file: 'definitions/tick.yaml', enabled: false }],
      report: [{ definition: 'tick', place: 'crontab:3', severity: 'trigger-lost', text: '"61 * * * *" has no equal: minute 61 is not in 0-59' }],
    });
  });

  test('speaks of standard input as "-"', async () => {
    const place = newPlace();
    const { code, stdout, stderr } = await place.run('nightshift', ['import', 'crontab', '-', '--name', 'mine', '--definition-path', 'jobs'], { input: '* * * * * x\n' });
    expect([code, stdout]).toEqual([0, 'jobs/mine.yaml\n']);
    expect(stderr).toContain('-:1: note: mine: no PATH is set');
  });
});

describe.each(FORMATS)('a hostile file of %s', (format) => {
  const refusals: [string, string | Uint8Array, string][] = [
    ['that is empty', '', 'DefinitionEmpty'],
    ['of blanks', '\n \t\n', 'DefinitionEmpty'],
    ['of bytes', Uint8Array.from({ length: 4_096 }, (_, index) => index % 251), 'DefinitionSyntaxError'],
    ['with an escape sequence', '# \u001b[2J\nkind: CronJob\n', 'DefinitionSyntaxError'],
    ['above one mebibyte', '#'.repeat(1024 * 1024 + 1), 'DefinitionTooLarge'],
    ['of something else', 'Dear reader,\nthis is a letter.\n', 'DefinitionSyntaxError'],
  ];

  test.each(refusals)('%s is refused, and nothing is written', async (_, content, code) => {
    const place = newPlace();
    const ended = await imported(place, format, write(place, 'input', content));
    expect([ended.code, ended.stdout, existsSync(join(place.work, 'definitions'))]).toEqual([3, '', false]);
    expect(ended.stderr).toContain(`import: ${code}: `);
    expect(ended.stderr.length).toBeLessThan(1_000);
  });
});

const HOSTILE_NAME = '../../x"$(reboot)`\u202e';

test.each([
  ['crontab', 'crontab', `# ${HOSTILE_NAME}\n* * * * * true\n`],
  ['kubernetes', 'k.yaml', JSON.stringify({ kind: 'CronJob', metadata: { name: HOSTILE_NAME }, spec: { schedule: '* * * * *', jobTemplate: { spec: { template: { spec: { containers: [{ name: HOSTILE_NAME, command: [HOSTILE_NAME] }] } } } } } })],
  ['github-actions', 'g.yml', JSON.stringify({ name: HOSTILE_NAME, on: 'push', jobs: { [HOSTILE_NAME]: { name: HOSTILE_NAME, steps: [{ name: HOSTILE_NAME, run: 'true' }, { run: 'true' }] } } })],
  ['dagu', 'd.yaml', JSON.stringify({ name: HOSTILE_NAME, steps: [{ name: HOSTILE_NAME, command: 'true' }, 'true'] })],
])('a hostile name in %s names a file in the folder and nothing else', async (format, file, content) => {
  const place = newPlace();
  const { code, stdout, stderr } = await imported(place, format, write(place, file, content));
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^definitions\/[\w-]+\.yaml\n$/)]);
  expect(stderr).not.toContain('\u202e');
  expect(readdirSync(place.root).toSorted()).toEqual(['state', 'work'].filter((name) => existsSync(join(place.root, name))).concat(existsSync(place.home) ? ['home'] : []).toSorted());
  expect((await place.run('nightshift', ['validate', 'definitions'])).code).toBe(0);
});

test.each([
  ['crontab', 'crontab', `* * * * * echo ${'x'.repeat(400_000)}\n* * * * * true\n`],
  ['kubernetes', 'k.yaml', JSON.stringify({ kind: 'CronJob', metadata: { name: 'a' }, spec: { schedule: `*/${'9'.repeat(5_000)} * * * *`, jobTemplate: { spec: { template: { spec: { containers: [{ command: ['echo', 'x'.repeat(400_000)] }] } } } } } })],
  ['dagu', 'd.yaml', JSON.stringify({ schedule: '* * * * *', steps: ['x'.repeat(400_000)] })],
])('a line of 400,000 characters in %s is more than a definition holds, and said so', async (format, file, content) => {
  const place = newPlace();
  const { code, stderr } = await imported(place, format, write(place, file, content));
  expect(code).toBe(3);
  expect(stderr).toContain('no definition was written for this: the file has more than 256 KiB');
});

test('a crontab of more than 10,000 entries is refused before anything is written', async () => {
  const place = newPlace();
  const { code, stderr } = await imported(place, 'crontab', write(place, 'crontab', '* * * * * x\n'.repeat(10_001)));
  expect([code, existsSync(join(place.work, 'definitions'))]).toEqual([3, false]);
  expect(stderr).toContain('import: LimitExceeded: there are more than 10,000 entries (crontab)');
});

test.each([
  [['crontabs', 'x'], 2, 'did you mean crontab?'],
  [['kubernets', 'x'], 2, 'did you mean kubernetes?'],
  [[], 2, 'MissingMandatoryParameter'],
  [['crontab'], 2, 'MissingMandatoryParameter'],
  [['crontab', 'nothing'], 4, 'FilePathNotFound'],
  [['crontab', '.'], 2, 'ParameterArgumentValidationError'],
  [['crontab', '/dev/zero'], 2, 'ParameterArgumentValidationError'],
  [['crontab', 'two', '--name', 'x'], 2, 'InvalidParameterCombination'],
  [['crontab', 'two', '--nam', 'x'], 2, 'NamedParameterNotFound'],
  [['systemd', 'x.timer'], 4, 'x.service'],
])('nightshift import %j ends with %i', async (args, status, text) => {
  const place = newPlace();
  write(place, 'two', '* * * * * x\n* * * * * y\n');
  write(place, 'x.timer', '[Timer]\nOnCalendar=daily\n');
  const { code, stderr } = await imported(place, ...args);
  expect([code, stderr]).toEqual([status, expect.stringContaining(text)]);
});
