import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { newPlace, type Place } from './product.ts';

const hasScript = spawnSync('script', ['--version']).status === 0;
const ESCAPE = '\u001b';
// oxlint-disable-next-line no-control-regex -- colours are what it takes away
const withoutColour = (text: string): string => text.replaceAll(/\u001b\[\d*m/g, '');

/** What a terminal of these columns gets of a line, with the ends of lines of a file. */
async function onTerminal(place: Place, line: string, { columns = 80, ...env }: { columns?: number } & Record<string, string | number | undefined> = {}): Promise<string> {
  const { stdout } = await place.run('script', ['-qec', `stty cols ${columns} rows 24; ${line}`, '/dev/null'], { env: { TERM: 'xterm-256color', ...(env as Record<string, string>) } });
  return stdout.replaceAll('\r\n', '\n');
}

async function placeWithJobs(): Promise<Place> {
  const place = newPlace();
  await place.start('--name', 'Build', 'exit 0');
  await place.start('--name', 'Test', 'echo "117 of 120"; echo "3 fail" >&2; echo "::warning::old"; exit 3');
  await place.start('--name', 'a-name-that-is-longer-than-most', `sleep 600 # ${'x'.repeat(200)}`);
  await place.stdoutOf('wait-job', 'Build', 'Test', '--timeout', '20s');
  return place;
}

describe('in a pipe', () => {
  test('a table is words and blanks, whatever the terminal is called', async () => {
    const place = await placeWithJobs();
    const expected = await place.stdoutOf('get-job');
    expect(expected).toMatch(/^Id {2}Name +Type +State +HasMoreData +Location +Command\n1 {3}Build +BackgroundJob +Completed +/);
    expect(expected).toContain(`sleep 600 # ${'x'.repeat(200)}\n`);
    // oxlint-disable-next-line no-control-regex -- ASCII is what it looks for
    expect(expected).toMatch(/^[\u0000-\u007f]*$/);
    for (const env of [{ TERM: 'xterm-256color', COLORTERM: 'truecolor' }, { NO_COLOR: '1' }, { LANG: 'C' }, { COLUMNS: '40' }]) expect((await place.run('get-job', [], { env })).stdout).toBe(expected);
  });

  test('colour is forced by the option or the variable, and the words stay the same', async () => {
    const place = await placeWithJobs();
    const expected = await place.stdoutOf('get-job');
    for (const [argv, env] of [[['--color', 'always'], {}], [['--color=always'], { NO_COLOR: '1' }], [['-Color', 'Always'], {}], [[], { FORCE_COLOR: '1' }]] as const) {
      const { stdout } = await place.run('get-job', [...argv], { env });
      expect(stdout).toContain(`${ESCAPE}[32mCompleted${ESCAPE}[0m`);
      expect(withoutColour(stdout)).toBe(expected);
    }
    for (const [argv, env] of [[['--color', 'never'], { FORCE_COLOR: '1' }], [[], { FORCE_COLOR: '1', NO_COLOR: '1' }], [['--color', 'auto'], {}]] as const) {
      expect((await place.run('get-job', [...argv], { env })).stdout).toBe(expected);
    }
  });

  test('colour touches neither what jobs have written nor JSON', async () => {
    const place = await placeWithJobs();
    const plain = await place.run('receive-job', ['Test', '--keep']);
    const forced = await place.run('receive-job', ['Test', '--keep'], { env: { FORCE_COLOR: '1' } });
    expect(forced.stdout).toBe(plain.stdout);
    expect(forced.stderr).toBe(plain.stderr.replace('WARNING: ', `${ESCAPE}[33mWARNING: ${ESCAPE}[0m`));
    for (const format of ['json', 'jsonl', 'yaml', 'id']) expect((await place.run('get-job', ['-o', format], { env: { FORCE_COLOR: '1' } })).stdout).not.toContain(ESCAPE);
  });

  test.each([['always', true], ['never', false]] as const)('an error about the words themselves has colour with --color %s: %s', async (when, has) => {
    const { stderr } = await newPlace().run('get-job', ['--color', when, '--bogus']);
    expect(stderr.includes(ESCAPE)).toBe(has);
    expect(withoutColour(stderr)).toBe('get-job: NamedParameterNotFound: there is no option --bogus\n');
  });

  test.each([
    [['--nmae', 'x'], 'start-job', 'did you mean --name?'],
    [['--definitionName', 'x'], 'start-job', 'did you mean --definition-name?'],
    [['Bulid'], 'get-job', 'did you mean Build?'],
    [['bulid', '--force'], 'stop-job', 'did you mean Build?'],
    [['--state', 'Runing'], 'get-job', 'did you mean Running?'],
    [['-o', 'jsno'], 'get-job', 'did you mean json?'],
    [['--color', 'allways'], 'get-job', 'did you mean always?'],
    [['BackgruondJob'], 'get-job-type', 'did you mean BackgroundJob?'],
    [['strat-job'], 'nightshift', 'did you mean start-job?'],
    [['Start-Job'], 'nightshift', 'did you mean start-job?'],
    [['ps'], 'nightshift', 'did you mean get-job?'],
    [['kill', '7'], 'nightshift', 'did you mean stop-job?'],
    [['help', 'logs'], 'nightshift', 'did you mean receive-job?'],
    [['--definition-name', 'Nigtly'], 'start-job', 'did you mean Nightly'],
  ])('%j of %s is refused with one guess, and nothing is done', async (argv, verb, hint) => {
    const place = newPlace();
    mkdirSync(join(place.work, 'definitions'));
    writeFileSync(join(place.work, 'definitions', 'Nightly.yaml'), 'job: { command: [true] }\n');
    await place.start('--name', 'Build', 'exit 0');
    const { code, stdout, stderr } = await place.run(verb, argv);
    expect([stdout, code]).toEqual(['', /^(?:get|stop)-job$/.test(verb) && !argv[0]?.startsWith('-') ? 4 : verb === 'get-job-type' || argv.includes('Nigtly') ? 4 : 2]);
    expect(stderr).toContain(`\n  hint: ${hint}`);
    expect(await place.jobs()).toHaveLength(1);
  });
});

describe('help', () => {
  test.each([[['start-job', '--help']], [['start-job', '-h']], [['start-job', '-?']], [['start-job', '-Help']], [['start-job', '-hel']], [['nightshift', 'start-job', '--help']], [['start-job', '--bogus', '--name', '--help']], [['nightshift', 'help', 'start-job']]])(
    '%j goes to standard output and ends with 0', async ([program, ...argv]) => {
      const { code, stdout, stderr } = await newPlace().run(program as string, argv);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/^start-job: starts /);
    },
  );

  test('of a job\'s own program is not ours', async () => {
    const { stdout } = await newPlace().run('start-job', ['--wait', '--', 'echo', '--help', '-h']);
    expect(stdout).toBe('--help -h\n');
  });

  test('with --all says everything, as nightshift help does', async () => {
    const place = newPlace();
    expect(await place.stdoutOf('get-job', '--help', '--all')).toBe(await place.stdoutOf('nightshift', 'help', 'get-job'));
    expect(await place.stdoutOf('nightshift', 'help', '--all')).toMatch(/^ {2}start-job +starts .*$/m);
  });

  test('of the umbrella is one screen, in every way that it is asked for', async () => {
    const place = newPlace();
    const text = await place.stdoutOf('nightshift', '--help');
    for (const argv of [[], ['-h'], ['-?'], ['help']]) expect(await place.stdoutOf('nightshift', ...argv)).toBe(text);
    expect(text.split('\n').length).toBeLessThanOrEqual(25);
  });

  test('loads no store: it comes from a machine on which nothing can be written', async () => {
    const place = newPlace();
    writeFileSync(place.state, 'a file in place of the folder');
    expect(await place.stdoutOf('get-job', '--help')).toMatch(/^get-job: /);
  });
});

describe.skipIf(!hasScript)('on a terminal', () => {
  test('a state has symbol, word and colour', async () => {
    const shown = await onTerminal(await placeWithJobs(), 'get-job');
    expect(shown).toContain(`${ESCAPE}[32m✓ Completed${ESCAPE}[0m`);
    expect(shown).toContain(`${ESCAPE}[31m✗ Failed${ESCAPE}[0m`);
    expect(shown).toContain(`${ESCAPE}[36m● Running${ESCAPE}[0m`);
  });

  test.each([
    ['NO_COLOR', { NO_COLOR: '1' }, '✓ Completed', false],
    ['without UTF-8', { LANG: 'C' }, ' Completed', true],
    ['a dumb terminal', { TERM: 'dumb' }, ' Completed', false],
  ])('%s: words stay, and only what the terminal can', async (_, env, word, colour) => {
    const shown = await onTerminal(await placeWithJobs(), 'get-job', env as unknown as Record<string, string>);
    expect(withoutColour(shown)).toContain(word);
    expect(shown.includes('✓')).toBe(word.includes('✓'));
    expect(shown.includes(ESCAPE)).toBe(colour);
    if ('LANG' in env) expect(withoutColour(shown)).toMatch(/sleep 6~\n/);
  });

  test('the two streams are looked at one by one', async () => {
    const place = await placeWithJobs();
    const shown = await onTerminal(place, 'get-job Build Bulid > out');
    expect(readFileSync(join(place.work, 'out'), 'utf8')).not.toContain(ESCAPE);
    expect(shown).toContain(`${ESCAPE}[31mJobWithSpecifiedNameNotFound${ESCAPE}[0m`);
  });

  test.each([80, 100, 120])('of %i columns no list is wider, and the wide one loses none of its columns', async (columns) => {
    const place = await placeWithJobs();
    for (const line of ['get-job', 'get-job -o wide']) {
      const lines = withoutColour(await onTerminal(place, line, { columns })).trimEnd().split('\n');
      expect(Math.max(...lines.map((text) => text.length))).toBeLessThanOrEqual(columns);
    }
    const shown = withoutColour(await onTerminal(place, 'get-job -o wide', { columns }));
    for (const header of ['Id', 'Name', 'Type', 'State', 'HasMoreData', 'Location', 'Begin', 'End', 'Exit', 'Reason', 'Origin', 'Command']) expect(shown).toMatch(new RegExp(`(?:^|\\s)${header}(?:\\s|$)`));
    expect(shown).toMatch(/ {2}3 {5}exit(?: {4}|\n {4})demand {2}echo "1/);
  });

  test('progress is one line that is gone at the end, and none of it stays among the output', async () => {
    const place = newPlace();
    writeFileSync(join(place.work, 'job.sh'), 'for i in 0 50 100; do echo "::progress activity=Copy,percent=$i::$i of 100"; echo "line $i"; done\n');
    await place.start('--file-path', 'job.sh');
    await place.finished(1);
    const shown = await onTerminal(place, 'receive-job 1');
    expect(shown).toContain('Copy  ');
    // What stays on the screen: a line that was drawn is taken away by a return and an erasure.
    const left = shown.split('\n').map((line) => (line.split(`\r${ESCAPE}[2K`).at(-1) as string));
    expect(left).toEqual(['line 0', 'line 50', 'line 100', '']);
    expect((await place.run('receive-job', ['1', '--from', 'start'])).stderr).toBe('');
  });
});

test.skipIf(!hasScript)('the picture in the README shows what the verbs print', () => {
  const { status, stderr } = spawnSync(process.execPath, [fileURLToPath(new URL('../../docs/make-pictures.mjs', import.meta.url)), '--check'], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});
