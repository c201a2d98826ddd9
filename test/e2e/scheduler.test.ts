import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { contentOf, newPlace, waitFor, type Place } from './product.ts';

/** A place with a folder of definitions, and room enough on any disk. */
function placeWith(definitions: Record<string, string>) {
  const place = newPlace();
  mkdirSync(join(place.work, 'definitions'));
  const define = (name: string, text: string) => writeFileSync(join(place.work, 'definitions', `${name}.yaml`), text);
  for (const [name, text] of Object.entries(definitions)) define(name, text);
  return { ...place, define };
}

/** A scheduler that says one JSON object a line, what it has said so far, and its end. */
function schedule({ begin }: Place, ...args: string[]) {
  const child = begin('nightshift', ['scheduler', 'run', '-o', 'jsonl', ...args], { env: { NIGHTSHIFT_MIN_FREE: '0' } });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (bytes: Buffer) => (stdout += String(bytes)));
  child.stderr.on('data', (bytes: Buffer) => (stderr += String(bytes)));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const events = () => stderr.split('\n').slice(0, -1).map((line) => JSON.parse(line) as Record<string, unknown>);
  const said = (event: string, facts: object = {}) => waitFor(`it says ${event}`, events, (all) => all.some((one) => one['event'] === event && Object.entries(facts).every(([key, value]) => one[key] === value)));
  return { child, ended, events, said, stdout: () => stdout };
}

interface Row { definition: string; dueAt: string; word: string; reason: string | null; state: string | null }

async function rowsOf(place: Place): Promise<Row[]> {
  return (JSON.parse(await place.stdoutOf('nightshift', 'history', '--newest', '1000', '-o', 'json')) as { firings: Row[] }).firings;
}

const EFFECT = 'job: { scriptBlock: \'echo "$NIGHTSHIFT_DUE_AT" >> ../effects\' }\ntriggers: [ { every: 100ms } ]\nmaxResultCount: 1000\noptions: { multipleInstancePolicy: Queue, queueLimit: 1000, startIfOnBatteries: true }\n';

test('schedulers that are killed again and again answer every due time once', async () => {
  const place = placeWith({ Effect: EFFECT });
  const effects = () => contentOf(join(place.work, 'effects')).split('\n').filter(Boolean);
  for (let round = 1; round <= 5; round += 1) {
    const before = effects().length;
    const { child, ended, said } = schedule(place);
    await said('ready');
    await waitFor('jobs have run', () => effects().length, (count) => count > before + 1);
    child.kill('SIGKILL');
    await ended;
  }
  await place.run('nightshift', ['scheduler', 'run', '--once']);
  const rows = await rowsOf(place);
  const started = rows.filter(({ word }) => word === 'Started');
  expect(new Set(started.map(({ state }) => state))).toEqual(new Set(['Completed']));
  expect(new Set(rows.map(({ dueAt }) => dueAt)).size).toBe(rows.length);
  expect(effects().toSorted()).toEqual(started.map(({ dueAt }) => dueAt).toSorted());
});

test('a retry that waits survives the kill of its scheduler, and its attempts are one job', async () => {
  const place = placeWith({ Flaky: 'job: { scriptBlock: \'echo "attempt $NIGHTSHIFT_ATTEMPT"; test "$NIGHTSHIFT_ATTEMPT" = 2\' }\ntriggers: [ { atStartup: {} } ]\noptions: { retry: { limit: 3, delay: 1s }, startIfOnBatteries: true }\n' });
  const first = schedule(place);
  await first.said('retry', { attempt: 2 });
  first.child.kill('SIGKILL');
  await first.ended;
  await place.run('nightshift', ['scheduler', 'run', '--once']);
  const [job] = JSON.parse(await place.stdoutOf('get-job', '--name', 'Flaky', '--include-attempts', '-o', 'json')) as { id: number; state: string; attempts: object[] }[];
  expect(job).toMatchObject({ state: 'Completed', attempts: [{ attempt: 1, reason: 'exit', exitCode: 1 }, { attempt: 2, reason: null, exitCode: 0 }] });
  expect(await place.stdoutOf('receive-job', '--name', 'Flaky')).toBe('attempt 1\nattempt 2\n');
});

test('a second scheduler is refused while the first works, and status ends with 0 only then', async () => {
  const place = placeWith({ Later: 'job: { command: [echo, hi] }\ntriggers: [ { every: 1h } ]\n' });
  const status = () => place.run('nightshift', ['scheduler', 'status', '-o', 'json']);
  expect(await status()).toMatchObject({ code: 1 });
  const first = schedule(place);
  await first.said('ready');
  const { code, stdout } = await status();
  expect(code).toBe(0);
  expect(Object.keys(JSON.parse(stdout) as object)).toEqual(['apiVersion', 'state', 'pid', 'since', 'store', 'definitions', 'triggers', 'nextDueAt', 'lagMs', 'runningJobs', 'telling']);
  expect(await place.run('nightshift', ['scheduler', 'run'])).toMatchObject({ code: 7, stdout: '', stderr: expect.stringContaining(`SchedulerAlreadyRunning: `) as string });
  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(0);
  expect(first.stdout()).toBe('');
  expect(await status()).toMatchObject({ code: 1 });
});

test('a broken edit is reported with its place, and the last good version goes on', async () => {
  const place = placeWith({ Effect: EFFECT });
  const running = schedule(place);
  await running.said('ended');
  place.define('Effect', 'job: {scriptBlock: "x');
  await running.said('broken', { definition: 'Effect', kept: true });
  expect(running.events().find(({ event }) => event === 'broken')).toMatchObject({ errors: [{ code: 'DefinitionSyntaxError', file: 'definitions/Effect.yaml', line: 1, column: 20 }] });
  const before = running.events().length;
  await waitFor('it goes on firing', () => running.events().slice(before), (events) => events.some(({ event }) => event === 'started'));
  running.child.kill('SIGTERM');
  expect(await running.ended).toBe(0);
});

test('all folders of a namespace that are named are all there is: what went meanwhile is known to have gone', async () => {
  const place = placeWith({ Gone: EFFECT });
  writeFileSync(join(place.work, 'nightshift.yaml'), 'namespace: shop\n');
  const once = () => place.run('nightshift', ['scheduler', 'run', '--once', '--definition-path', 'definitions'], { env: { NIGHTSHIFT_MIN_FREE: '0' } });
  await once();
  rmSync(join(place.work, 'definitions', 'Gone.yaml'));
  expect(await once()).toMatchObject({ code: 0, stderr: expect.stringContaining('skipped, edited (trigger 1)') as string });
});

test.each([
  ['a folder that is not there', ['run', '--definition-path', 'nowhere'], 4, 'DirectoryNotFoundException'],
  ['an empty folder name, as of a variable that is not set', ['run', '--definition-path', ''], 2, 'ParameterArgumentValidationError'],
  ['an end that is no time', ['run', '--until', 'soon'], 2, 'ParameterArgumentTransformationError'],
  ['a drain that is no duration', ['run', '--drain', '-5s'], 2, 'DurationInvalid'],
  ['what only run takes, given to status', ['status', '--once'], 2, 'InvalidParameterCombination'],
])('%s is refused at once', async (_, args, code, name) => {
  const ended = await placeWith({}).run('nightshift', ['scheduler', ...args]);
  expect(ended).toMatchObject({ code, stdout: '' });
  expect(ended.stderr).toMatch(new RegExp(`^scheduler: ${name}: `));
});

test.each([['history'], ['scheduler', 'status'], ['scheduler', 'run']])('nightshift %s %s of a folder that is not there ends with 4', async (...words) => {
  const place = newPlace();
  const { code, stdout, stderr } = await place.run('nightshift', [...words.filter(Boolean), '--definition-path', 'nope']);
  expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
  expect(stderr).toMatch(/DirectoryNotFoundException: .*nope/);
});

test('a second file of a name is one complaint, and what changes with it is seen as well', async () => {
  const definition = 'job: { command: [echo] }\ntriggers: [ { cron: "0 0 1 1 *" } ]\n';
  const place = placeWith({ Twice: definition });
  const { child, ended, events, said } = schedule(place);
  await said('ready');
  writeFileSync(join(place.work, 'definitions', 'Twice.json'), '{}');
  place.define('Other', definition);
  await said('broken', { definition: 'Twice' });
  await said('definition', { definition: 'Other', change: 'added' });
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(events().filter(({ event }) => event === 'broken')).toHaveLength(1);
});
