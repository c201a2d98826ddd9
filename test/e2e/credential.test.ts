import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, type TestContext } from 'vitest';
import { isAlive, newPlace, waitFor, type Place } from './product.ts';
import { isStill, runOf } from './runs.ts';

const isRoot = process.getuid?.() === 0;
const [, , nobody, , , home] = accountOf('nobody');

function accountOf(name: string): string[] {
  try {
    return execFileSync('getent', ['passwd', name], { encoding: 'utf8' }).trim().split(':');
  } catch {
    return [];
  }
}

/** A place that every user may enter, without a way for them to read the stores. */
function openPlace(): Place {
  const place = newPlace();
  for (const folder of [place.root, place.work]) chmodSync(folder, 0o755);
  return place;
}

describe('a job of another user, started by root', () => {
  beforeEach((context: TestContext) => {
    if (!isRoot || nobody === undefined || !existsSync('/usr/sbin/runuser')) context.skip('needs root, the user nobody and runuser');
  });

  test('runs as that user, with its groups, in the folder of the start, and its output is received', async () => {
    const place = openPlace();
    expect(await place.run('start-job', ['--credential', 'nobody', '--wait', 'id -un; id -u; pwd; echo to stderr >&2; exit 3'])).toEqual(
      expect.objectContaining({ code: 3, stdout: `nobody\n${nobody}\n${place.work}\n`, stderr: 'to stderr\nthe command exited with code 3\n' }),
    );
    expect((await place.stdoutOf('start-job', '--credential', 'nobody', '--wait', '--', 'id', '-G')).trim()).toBe(execFileSync('id', ['-G', 'nobody'], { encoding: 'utf8' }).trim());
  });

  test("has that user's clean environment, what was declared for it, and the names of the job", async () => {
    const place = openPlace();
    const { stdout } = await place.run('start-job', ['--credential', 'nobody', '--env', 'MINE=declared', '--wait', '--', 'env'], { env: { SECRET_OF_ROOT: 'x', LD_LIBRARY_PATH: '/nope' } });
    const environment = Object.fromEntries(stdout.split('\n').map((line) => line.split(/=(.*)/s).slice(0, 2)));
    expect(environment).toMatchObject({ USER: 'nobody', LOGNAME: 'nobody', HOME: home, MINE: 'declared', NIGHTSHIFT_JOB_ID: '1', NIGHTSHIFT_JOB_NAME: 'Job1' });
    expect(Object.keys(environment)).not.toEqual(expect.arrayContaining(['SECRET_OF_ROOT']));
    expect(Object.keys(environment)).not.toEqual(expect.arrayContaining(['LD_LIBRARY_PATH']));
  });

  test('has the HOME that was declared for it', async () => {
    const place = openPlace();
    expect(await place.stdoutOf('start-job', '--credential', 'nobody', '--env', 'HOME=/usr', '--wait', 'echo "$HOME $USER"')).toBe('/usr nobody\n');
  });

  test('has the secrets of its definition, which are read by whoever starts it', async () => {
    const place = openPlace();
    mkdirSync(join(place.work, 'definitions'));
    writeFileSync(join(place.work, 'definitions', 'Key.yaml'), `job: { command: [sh, -c, 'id -un; printf %s "$KEY" | wc -c; cat key 2> /dev/null || echo closed'], credential: nobody, secrets: { KEY: file:key } }\n`);
    writeFileSync(join(place.work, 'definitions', 'key'), 'canary', { mode: 0o600 });
    expect(await place.run('start-job', ['--definition-name', 'Key', '--wait'])).toMatchObject({ code: 0, stdout: 'nobody\n6\nclosed\n' });
  });

  test('reads its input, keeps its arguments, and cannot read the run folder', async () => {
    const place = openPlace();
    expect(await place.stdoutOf('start-job', '--credential', 'nobody', '--input-object', 'a line', '--wait', 'cat; echo "$# $1"; ls "$NIGHTSHIFT_RUN_DIR" > /dev/null 2>&1 || echo closed', '--', "it's  $HOME")).toBe("a line\n1 it's  $HOME\nclosed\n");
  });

  test.each([
    ['stop-job', [], 'Stopped'],
    ['stop-job', ['--force'], 'Stopped'],
  ])('is ended by %s %j with all that it has started', async (verb, args, state) => {
    const place = openPlace();
    await place.start('--credential', 'nobody', 'sleep 600 & setsid sleep 600 & echo up; sleep 600');
    await waitFor('the job is up', () => place.stdoutOf('receive-job', '1', '--keep'));
    const { processes } = await runOf(place, 1);
    const pids = processes().map(({ pid }) => pid);
    expect(pids.length).toBeGreaterThan(2);
    await place.stdoutOf(verb, '1', ...args);
    expect(await place.job(1)).toMatchObject({ state });
    expect(pids.filter(isAlive)).toEqual([]);
  });

  test('ends at its time limit', async () => {
    const place = openPlace();
    await place.start('--credential', 'nobody', '--timeout', '300ms', 'until [ -e go ]; do sleep 0.05; done');
    expect(await place.finished(1)).toMatchObject({ state: 'Failed', reason: 'timeout' });
  });

  test('stands still while it is suspended', async () => {
    const place = openPlace();
    await place.start('--credential', 'nobody', 'echo up; while :; do sleep 0.05; done');
    await waitFor('the job is up', () => place.stdoutOf('receive-job', '1', '--keep'));
    const { processes } = await runOf(place, 1);
    await place.stdoutOf('suspend-job', '1');
    expect(processes().filter((one) => !isStill(one))).toEqual([]);
  });

  test('gives the signal or the exit code of its command', async () => {
    const place = openPlace();
    await place.start('--credential', 'nobody', '--', 'sh', '-c', 'kill -KILL $$');
    await place.start('--credential', 'nobody', '--', 'sh', '-c', 'exit 42');
    expect(await place.finished(1)).toMatchObject({ state: 'Failed' });
    expect(await place.finished(3)).toMatchObject({ state: 'Failed', reason: 'exit', exitCode: 42 });
  });

  test('is shown by the command that was given, not by the way it is run', async () => {
    const place = openPlace();
    await place.start('--credential', 'nobody', '--', 'echo', 'a  b');
    expect(await place.job(1)).toMatchObject({ command: "echo 'a  b'" });
  });
});

describe('a user that one cannot become', () => {
  test.each(['nobody-of-that-name', '', '-x', 'root:x', 'Domain01/User01', '../etc', 'a b'])('%j is refused before there is a job', async (user) => {
    const place = newPlace();
    expect(await place.run('start-job', [`--credential=${user}`, '--', 'true'])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/^start-job: CredentialNotSupported: /) });
    expect(await place.jobs()).toEqual([]);
  });

  test.skipIf(isRoot)('is refused without a question for a password', async () => {
    const place = newPlace();
    expect(await place.run('start-job', ['--credential', 'root', '--', 'true'])).toMatchObject({ code: 2, stderr: expect.stringContaining('CredentialNotSupported') });
  });
});
