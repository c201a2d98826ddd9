import { createHash } from 'node:crypto';
import { existsSync, globSync, lstatSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { isInstalled, newPlace, waitFor, type Place } from './product.ts';

const hasScript = isInstalled('script');
const hasPython = isInstalled('python3');
const UNTIL_GO = 'until [ -e go ]; do sleep 0.05; done';

describe('--what-if changes not a byte of the stores, the run folders and the definitions', () => {
  const attempts: readonly (readonly [verb: string, ...args: string[]])[] = [
    ['start-job', 'echo hi > made'],
    ['start-job', '--persist', '--name', 'X', '--env', 'A=1', '--', 'touch', 'made'],
    ['start-job', '--input-object', 'x', '--timeout', '1s', '--initialization-script', 'touch made', '--wait', 'cat'],
    ['start-job', '--input-object', '-', 'cat'],
    ['start-job', '--definition-name', 'N'],
    ['stop-job', '*'],
    ['stop-job', '1', '--force', '--grace-period', '0'],
    ['remove-job', '3', '5'],
    ['remove-job', '--state', 'Completed'],
    ['remove-job', '*', '--force'],
    ['suspend-job', '1'],
    ['resume-job', '*'],
    ['debug-job', '1', '--break-all'],
    ['register-scheduled-job', 'M', 'touch made', '--run-now', '--trigger', '{every: 1m}'],
    ['register-scheduled-job', 'M', 'touch made', '--definition-path', 'elsewhere'],
    ['set-scheduled-job', 'N', '--description', 'new', '--run-now', '--run-every', '1h'],
    ['set-scheduled-job', 'N', '--new-name', 'M'],
    ['set-scheduled-job', 'N', '--clear-execution-history'],
    ['enable-scheduled-job', '*'],
    ['disable-scheduled-job', '*'],
    ['unregister-scheduled-job', '*', '--force'],
  ];

  test('by any verb', { timeout: 90_000 }, async () => {
    const place = newPlace();
    mkdirSync(join(place.work, 'definitions'));
    writeFileSync(join(place.work, 'definitions/N.yaml'), 'type: ScheduledJob\njob: { scriptBlock: touch made }\n');
    await place.start('--name', 'running', `echo x; ${UNTIL_GO}`);
    await place.start('echo y');
    await place.start('--persist', 'echo z');
    await place.start('--persist', '--name', 'kept running', UNTIL_GO);
    await place.finished(3);
    await place.finished(5);
    await place.stdoutOf('receive-job', '3');
    const jobs = await place.jobs('--include-child-job');
    const before = everythingOf(place);
    expect(Object.keys(before).length).toBeGreaterThan(20);
    for (const [verb, ...args] of attempts) {
      const { code, stdout, stderr } = await place.run(verb, ['--what-if', ...args], { input: 'not read' });
      expect({ code, stderr }, `${verb} ${args.join(' ')}`).toEqual({ code: 0, stderr: expect.stringMatching(new RegExp(`^(What if: ${verb} [^\\n]+\\n)+$`)) });
      if (verb === 'start-job') expect(stdout).toBe('');
      expect(everythingOf(place), `${verb} ${args.join(' ')}`).toEqual(before);
    }
    expect(await place.jobs('--include-child-job')).toEqual(jobs);
    expect(existsSync(join(place.work, 'made'))).toBe(false);
    expect(await place.start('true')).toBe(9);
  });

  test('on a machine that never saw a job: the first id is still 1', async () => {
    const place = newPlace();
    await place.stdoutOf('start-job', '--what-if', '--persist', '--', 'true');
    expect(globSync('**/job.json', { cwd: place.state })).toEqual([]);
    expect(await place.jobs()).toEqual([]);
    expect(await place.start('true')).toBe(1);
  });
});

describe.skipIf(!hasScript)('--confirm at a terminal', () => {
  test('asks for each job, and does it to those that were answered with yes', async () => {
    const place = newPlace();
    for (let made = 0; made < 4; made += 1) await place.start(UNTIL_GO);
    const shown = await atTerminal(place, 'stop-job 1 3 5 7 --confirm', 'y\nn\nYES\n\n');
    expect(shown.match(/stop-job \d \(Job\d\): [^?]*\? \[y\/N\]/g)?.map((question) => question.slice(0, 10))).toEqual(['stop-job 1', 'stop-job 3', 'stop-job 5', 'stop-job 7']);
    expect((await place.jobs()).map(({ state }) => state)).toEqual(['Stopped', 'Running', 'Stopped', 'Running']);
  });

  test('takes the end of input for no', async () => {
    const place = newPlace();
    await place.start(UNTIL_GO);
    await place.start(UNTIL_GO);
    await atTerminal(place, 'remove-job --force 1 3 --confirm', 'y\n\u0004');
    expect((await place.jobs()).map(({ id }) => id)).toEqual([3]);
  });

  test('asks nothing about jobs that cannot be handled or are finished', async () => {
    const place = newPlace();
    await place.start(UNTIL_GO);
    await place.start('true');
    await place.finished(3);
    const refused = await atTerminal(place, 'remove-job 1 3 --confirm', 'n\n');
    expect(refused).toContain('JobObjectNotFinishedCannotBeRemoved');
    expect(refused).not.toContain('remove-job 1 (');
    expect(await atTerminal(place, 'stop-job 3 --confirm', '')).not.toContain('[y/N]');
    expect((await place.jobs()).map(({ state }) => state)).toEqual(['Running', 'Completed']);
  });

  test.each([['y\n', [1]], ['n\n', []]])('asks before a start: %j', async (answer, ids) => {
    const place = newPlace();
    expect(await atTerminal(place, "start-job --confirm 'echo hi'", answer)).toContain('echo hi? [y/N]');
    expect((await place.jobs()).map(({ id }) => id)).toEqual(ids);
  });

  test('shows control characters of a command as such', async () => {
    const place = newPlace();
    await place.start('--name', 'a\u001B[2Jb', '--', 'sleep', '600', '\u001B]0;title\u0007');
    const shown = await atTerminal(place, 'suspend-job 1 --confirm', 'n\n');
    expect(shown).toContain('[y/N]');
    // eslint-disable-next-line no-control-regex
    expect(shown).not.toMatch(/[\u001B\u0007]/);
  });

  test.skipIf(!hasPython)('waits for the answer on a terminal that somebody made non-blocking', async () => {
    const place = newPlace();
    await place.start(UNTIL_GO);
    writeFileSync(join(place.work, 'ask.py'), "import os; os.set_blocking(0, False); os.execvp('stop-job', ['stop-job', '1', '--confirm'])");
    const log = join(place.root, 'typescript');
    const asking = place.run('sh', ['-c', `(until [ -e answer ]; do sleep 0.05; done; cat answer) | script -qefc 'python3 ask.py' ${log}`]);
    await waitFor('it asks', () => (existsSync(log) ? readFileSync(log, 'utf8') : ''), (text) => text.includes('[y/N]'));
    writeFileSync(join(place.work, 'answer'), 'y\n');
    expect(await asking).toMatchObject({ code: 0 });
    expect(await place.job(1)).toMatchObject({ state: 'Stopped' });
  });
});

test.each(['stop-job', 'remove-job', 'suspend-job', 'resume-job', 'debug-job'])('%s --confirm without a terminal does nothing, even where ids come from standard input', async (verb) => {
  const place = newPlace();
  await place.start(UNTIL_GO);
  expect(await place.run(verb, ['1', '--confirm'], { input: 'y\n' })).toMatchObject({ code: 5, stdout: '', stderr: expect.stringContaining('ConfirmationRequired') });
  expect(await place.job(1)).toMatchObject({ state: 'Running' });
});

/** Every row of every database and every file that a run or a definition has, as hashes by their names. */
function everythingOf({ state, work }: Place): Record<string, string> {
  const databases = globSync('**/*.db', { cwd: state }).flatMap((path) => rowsOf(join(state, path)).map((row, index) => [`${path} ${index}`, row] as const));
  const files = [state, work].flatMap((root) => globSync('**/*', { cwd: root }).filter((path) => !/^cache|\.db(-wal|-shm)?$/.test(path)).map((path) => [path, hashOf(join(root, path))] as const));
  return Object.fromEntries([...databases, ...files]);
}

function rowsOf(path: string): string[] {
  using database = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all() as { name: string }[];
  return tables.flatMap(({ name }) => database.prepare(`SELECT * FROM "${name}"`).all().map((row) => `${name} ${JSON.stringify(row)}`));
}

function hashOf(path: string): string {
  if (!lstatSync(path).isFile()) return 'no file';
  return `${statSync(path).mtimeMs} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`;
}

/** What a command prints on a terminal at which somebody types. */
async function atTerminal(place: Place, line: string, typed: string): Promise<string> {
  const { stdout } = await place.run('script', ['-qec', line, '/dev/null'], { input: typed, env: { TERM: 'xterm', NO_COLOR: '1' } });
  return stdout;
}
