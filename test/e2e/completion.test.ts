import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { contentOf, newPlace, waitFor, type Place } from './product.ts';

const has = (program: string): boolean => spawnSync(program, ['--version']).status === 0;
const hasScript = has('script');
/** Names that would run something, end a word, or turn a line round, if anybody let them. */
const HOSTILE = [
  'My build', '$(touch pwned)', '`touch pwned`', '; touch pwned', '"; touch pwned; "', "'; touch pwned; '", `it's "q"`, '$HOME', 'a\\b', '| & > <', '{ab}', '~', '#x', 'ba!ng', '!!', '(x)', '日本 語', '😀 x',
];

async function placeWith(names: readonly string[]): Promise<Place> {
  const place = newPlace();
  for (const name of names) await place.start('--name', name, '--', 'true');
  await place.stdoutOf('wait-job', '--name', '*', '--timeout', '20s');
  return place;
}

/** What bash would offer: its own variables are set as readline sets them, and the function is called as readline calls it. */
async function offersOfBash(place: Place, line: string, replaced: string, program = line.split(' ')[0] as string): Promise<string[]> {
  const script = [
    'source <(nightshift completion bash)',
    'COMP_LINE=$1 COMP_POINT=${#1}',
    'complete -p "$3" | grep -q -- "-F _nightshift"',
    '_nightshift "$3" "$2" ""',
    'printf "%s\\0" "${COMPREPLY[@]}"',
  ].join('\n');
  const { code, stdout, stderr } = await place.run('bash', ['--norc', '-ec', script, 'bash', line, replaced, program]);
  expect([code, stderr]).toEqual([0, '']);
  return stdout === '\0' ? [] : stdout.split('\0').slice(0, -1);
}

describe.skipIf(!has('bash'))('bash', () => {
  test.each([
    ['nightshift start-j', 'start-j', ['start-job']],
    ['nightshift star', 'star', ['start-job', 'start-thread-job']],
    ['nightshift help get-job-', 'get-job-', ['get-job-type', 'get-job-trigger']],
    ['nightshift new plu', 'plu', ['plugin']],
    ['nightshift new plugin Mine --language ', '', ['ts', 'python', 'sh']],
    ['get-job --stat', '--stat', ['--state']],
    ['get-job --state=Run', 'Run', ['Running']],
    ['get-job -o j', 'j', ['json', 'jsonl']],
    ['start-job --shell p', 'p', ['pwsh', 'python3']],
    ['start-job --definition-name n', 'n', ['Nightly']],
    ['start-job --type CrontabJob --definition-name ti', 'ti', ['Tidy-up']],
    ['start-job --definition-path else --type CrontabJob --definition-name t', 't', ['there']],
    ['start-job --definition-path else --definition-name n', 'n', ['Near']],
    ['start-job -Type crontabjob -DefinitionName n', 'n', []],
    ['start-job --type sch', 'sch', ['ScheduledJob']],
    ['invoke-command --computer-name db1,w', 'db1,w', ['db1,web1']],
    ['get-job -Stat', '-Stat', ['-State']],
    ['get-job b', 'b', ['Build']],
    ['get-job 1,b', '1,b', ['1,Build']],
    ['stop-job b', 'b', []],
    ['get-job xyzzy', 'xyzzy', []],
  ])('completes "%s"', async (line, replaced, offers) => {
    const place = await placeWith(['Build']);
    mkdirSync(join(place.work, 'definitions'));
    writeFileSync(join(place.work, 'definitions', 'Nightly.yaml'), 'job: { command: [true] }\n');
    writeFileSync(join(place.work, 'crontab'), '# Tidy up\n@daily x\nno line\n');
    mkdirSync(join(place.home, '.ssh'));
    writeFileSync(join(place.home, '.ssh', 'config'), 'Host db1 web1 *.example\n');
    mkdirSync(join(place.work, 'else'));
    writeFileSync(join(place.work, 'else', 'Near.yaml'), 'job: { command: [true] }\n');
    writeFileSync(join(place.work, 'else', 'crontab'), '@daily there\n');
    expect(await offersOfBash(place, line, replaced)).toEqual(offers);
  });

  test.each([['without quotes', ''], ['in double quotes', '"'], ['in single quotes', "'"]])('completes hostile names %s to what they are, and runs nothing of them', async (_, open) => {
    const place = await placeWith(HOSTILE);
    const offers = (await offersOfBash(place, `get-job ${open}`, '')).slice(HOSTILE.length);
    expect(offers).toHaveLength(HOSTILE.length);
    // As if each had been put into a line: the shell reads back the name, the whole name, and nothing but the name.
    const line = offers.map((offer) => `${open}${offer}${open}`).join(' ');
    const { stdout } = await place.run('bash', ['--norc', '-c', `printf '%s\\0' ${line}`]);
    expect(stdout.split('\0').slice(0, -1)).toEqual(HOSTILE);
    expect(readdirSync(place.work)).toEqual([]);
  });

  test.skipIf(!hasScript)('completes a hostile name at the keyboard', async () => {
    await atTheKeyboard(['bash', '--norc', '--noprofile', '-i'], ['source <(nightshift completion bash)']);
  });

  test('gets nothing from a machine on which nothing was ever started, and leaves no trace there', async () => {
    const place = newPlace();
    for (const line of ['get-job ', 'start-job --definition-name ', 'nightshift ']) await offersOfBash(place, line, '');
    expect([readdirSync(place.home), readdirSync(place.work), readdirSync(place.root).toSorted()]).toEqual([[], [], ['home', 'work']]);
  });

  test('gets nothing, quietly, from a store that is broken', async () => {
    const place = newPlace();
    writeFileSync(place.state, 'a file in place of the folder');
    expect(await offersOfBash(place, 'get-job ', '')).toEqual([]);
  });
});

// A shell that is not installed here is not tested: the titles of what was skipped say which.
describe.skipIf(!has('zsh') || !hasScript)('zsh', () => {
  test('completes a hostile name at the keyboard', async () => {
    await atTheKeyboard(['zsh', '-f', '-i'], ['autoload -Uz compinit', 'compinit -u -d zcompdump', 'source <(nightshift completion zsh)'], ['zcompdump']);
  });
});

describe.skipIf(!has('fish'))('fish', () => {
  const offers = async (place: Place, line: string): Promise<string[]> => {
    const { stdout, stderr } = await place.run('fish', ['--no-config', '-c', 'nightshift completion fish | source; complete -C "$argv[1]"', line]);
    expect(stderr).toBe('');
    return stdout.split('\n').slice(0, -1);
  };

  test('is offered jobs, options and states, with what they are', async () => {
    const place = await placeWith(['Build']);
    expect(await offers(place, 'get-job B')).toEqual(['Build\tjob 1, Completed']);
    expect(await offers(place, 'get-job --stat')).toEqual(['--state\tjobs in one of these states']);
    expect(await offers(place, 'nightshift get-job --state=Run')).toEqual(['--state=Running']);
    expect(await offers(place, 'start-job --type Sch')).toEqual([expect.stringMatching(/^ScheduledJob\t/)]);
  });

  test('completes hostile names to what they are, and runs nothing of them', async () => {
    const place = await placeWith(HOSTILE);
    const names = (await offers(place, 'get-job ')).map((line) => line.split('\t')[0]);
    expect(names.toSorted()).toEqual([...HOSTILE, ...HOSTILE.map((_, index) => String(1 + index * 2))].toSorted());
    expect(readdirSync(place.work)).toEqual([]);
  });

  test('completes files and folders where they are due, also behind an equals sign', async () => {
    const place = newPlace();
    mkdirSync(join(place.work, 'a folder'));
    writeFileSync(join(place.work, 'a file.sh'), '');
    expect((await offers(place, 'start-job --file-path a')).toSorted()).toEqual(['a file.sh', 'a folder/']);
    expect(await offers(place, 'start-job --working-directory a')).toEqual(['a folder/']);
    expect(await offers(place, 'start-job --working-directory=a')).toEqual(['--working-directory=a folder/']);
  });
});

/** Types into a shell at a terminal: the beginning of a hostile name, the tabulator, and what shows which job was meant. */
async function atTheKeyboard(shell: readonly string[], setUp: readonly string[], left: readonly string[] = []): Promise<void> {
  const name = `evil $(touch pwned) \`touch pwned\` "'; touch pwned`;
  const place = await placeWith([name]);
  const terminal = spawn('script', ['-qec', shell.join(' '), '/dev/null'], { cwd: place.work, env: { ...place.env, PS1: 'ready ', TERM: 'xterm' }, stdio: 'pipe' });
  onTestFinished(() => void terminal.kill('SIGKILL'));
  let seen = '';
  terminal.stdout.on('data', (bytes: Buffer) => (seen += bytes.toString()));
  const type = async (text: string, fact: string, holds: () => boolean): Promise<void> => {
    terminal.stdin.write(text);
    await waitFor(fact, () => seen.slice(-2_000), holds);
  };
  for (const [index, line] of setUp.entries()) await type(`${line}; echo "done $((${index} + 41))"\r`, `the shell has run ${line}`, () => seen.includes(`done ${index + 41}`));
  await type('get-job ev\t', 'the name is completed', () => /evil.*pwned/s.test(seen.split('get-job ev').at(-1) as string) || seen.includes(String.raw`get-job evil\ `));
  terminal.stdin.write('-o json > out; echo $? > status\r');
  await waitFor('the line has been run', () => contentOf(join(place.work, 'status')));
  terminal.stdin.end('exit\r');
  expect(JSON.parse(contentOf(join(place.work, 'out')))).toMatchObject([{ id: 1, name }]);
  expect(readdirSync(place.work).toSorted()).toEqual(['out', 'status', ...left].toSorted());
}
