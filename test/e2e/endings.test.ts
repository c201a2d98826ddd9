import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { contentOf, isAlive, newPlace, waitFor, type Place } from './product.ts';

const onLinux = process.platform === 'linux';

describe('a command ends in a job as it ends without one', () => {
  test('with every exit code that means something to somebody, and others', { timeout: 90_000 }, async () => {
    const place = newPlace();
    // All 256 take a start each, and the numbers between these mean nothing to anybody.
    const codes = [0, 1, 2, 3, 10, 63, 64, 77, 78, 99, 100, 113, 124, 125, 126, 127, 128, 129, 130, 131, 134, 135, 137, 139, 141, 143, 192, 193, 200, 254, 255];
    const { code: status, stderr } = await place.run('sh', ['-ec', `for n in ${codes.join(' ')}; do start-job -o id --name "exit $n" -- sh -c "exit $n"; done`], { deadline: 80_000 });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    await place.run('wait-job', ['*', '--timeout', '30s']);
    const seen = new Map((await place.jobs('--all')).map(({ name, state, reason, exitCode, signal }) => [name, { state, reason, exitCode, signal }]));
    for (const code of codes) {
      const wanted = code === 0 ? { state: 'Completed', reason: null } : { state: 'Failed', reason: 'exit' };
      expect(seen.get(`exit ${code}`), `exit ${code}`).toEqual({ ...wanted, exitCode: code, signal: null });
    }
  });

  test.each(['SIGHUP', 'SIGQUIT', 'SIGKILL', 'SIGTERM', 'SIGSEGV', 'SIGABRT', 'SIGUSR1', 'SIGALRM'])('by the signal %s', async (signal) => {
    const place = newPlace();
    const id = await place.start('--', 'sh', '-c', `ulimit -c 0; kill -${signal.slice(3)} $$`);
    expect(await place.finished(id)).toMatchObject({ state: 'Failed', reason: 'signal', signal, exitCode: null });
  });

  test.each([['INT', 130], ['PIPE', 141]])('by %s, which counts as exit code %i', async (signal, exitCode) => {
    const place = newPlace();
    const id = await place.start('--', 'sh', '-c', `kill -${signal} $$`);
    expect(await place.finished(id)).toMatchObject({ state: 'Failed', exitCode });
  });

  test.each([
    "trap 'echo trapped; exit 5' SIGNAL; kill -SIGNAL $$; echo not reached; exit 6",
    "trap 'echo trapped' SIGNAL; kill -SIGNAL $$; echo after; exit 6",
    "trap '' SIGNAL; kill -SIGNAL $$; echo ignored; exit 7",
    "trap 'echo bye' EXIT; exit 8",
    "sh -c \"trap 'echo inner; exit 4' SIGNAL; kill -SIGNAL \\$\\$; echo never\"; echo outer $?",
    'sh -c "kill -SIGNAL \\$\\$"; echo "child: $?"',
  ])('whatever it traps: %s', async (pattern) => {
    const place = newPlace();
    for (const signal of ['INT', 'HUP', 'TERM', 'QUIT']) {
      const script = `ulimit -c 0; ${pattern.replaceAll('SIGNAL', signal)}`;
      const plain = spawnSync('sh', ['-c', script], { cwd: place.work, encoding: 'utf8' });
      const job = await place.run('start-job', ['--wait', '--', 'sh', '-c', script]);
      expect({ signal, code: job.code, stdout: job.stdout }).toEqual({ signal, code: plain.status, stdout: plain.stdout });
    }
  });

  test.skipIf(!onLinux)('with the same signals ignored and blocked, the same limits, and no descriptor of ours', async () => {
    const place = newPlace();
    const look = 'grep -E "^Sig(Blk|Ign)" /proc/self/status; ulimit -a; ls /proc/self/fd | wc -l; cat /proc/self/oom_score_adj; ps -o ni= -p $$';
    const plain = await place.run('sh', ['-c', `(${look}) < /dev/null`]);
    expect(await place.stdoutOf('start-job', '--wait', '--', 'sh', '-c', look)).toBe(plain.stdout);
  });

  test.skipIf(!onLinux)('with the same environment, but for the variables of the job', async () => {
    const place = newPlace();
    const env = { PWD: place.work };
    const { stdout: plain } = await place.run('env', [], { env });
    const { stdout: job } = await place.run('start-job', ['--wait', '--', 'env'], { env });
    const without = (text: string) => text.split('\n').filter((line) => !/^NIGHTSHIFT_(JOB_ID|INSTANCE_ID|JOB_NAME|RUN_DIR|ATTEMPT)=/.test(line)).sort();
    expect(without(job)).toEqual(without(plain));
  });

  test.skipIf(!onLinux)('in a session and process group of its own, without a terminal', async () => {
    const place = newPlace();
    const [pid, session, terminal] = (await place.stdoutOf('start-job', '--wait', '--', 'sh', '-c', 'ps -o pid=,sid=,tty= -p $$')).trim().split(/\s+/);
    expect(terminal).toBe('?');
    expect(session).not.toBe((await place.stdoutOf('ps', '-o', 'sid=', '-p', String(process.pid))).trim());
    expect(Number(pid)).toBeGreaterThan(0);
  });
});

test.each([
  ['exit 0', 0],
  ['exit 3', 3],
  ['exit 255', 255],
  ['kill -TERM $$', 10],
  ['kill -SEGV $$', 10],
] as const)('start-job --wait of a text with "%s" exits with %i', async (text, code) => {
  const place = newPlace();
  expect((await place.run('start-job', ['--wait', `ulimit -c 0; ${text}`])).code).toBe(code);
});

test('start-job --wait of a job that somebody stops exits with 10', async () => {
  const place = newPlace();
  await place.jobs();
  let early = '';
  const waiting = place.run('start-job', ['--wait', '--', 'sleep', '600']).then((ended) => {
    early = ended.stderr;
    return ended;
  });
  await waitFor('the job runs', async () => early + (await place.jobs()).map(({ state }) => state).join(), (seen) => seen === 'Running');
  await place.stdoutOf('stop-job', '1');
  expect((await waiting).code).toBe(10);
});

describe.skipIf(!onLinux)('processes that a job leaves behind', () => {
  const leave = {
    'a child that left by setsid': 'setsid sh -c "echo \\$\\$ > stray; exec sleep 600" &',
    'a child that left by setsid and a double fork': 'setsid sh -c "(sleep 600 & echo \\$! > stray)"',
    'a child that ignores SIGTERM': `setsid sh -c "trap '' TERM; echo \\$\\$ > stray; while :; do sleep 0.1; done" &`,
    'a child in its own group': 'sleep 600 & echo $! > stray',
  };

  test.each(Object.entries(leave))('%s is ended by stop-job', async (_, text) => {
    const place = newPlace();
    await place.start(`${text}\nsleep 600`);
    const pid = await strayOf(place);
    await place.stdoutOf('stop-job', '1', '--grace-period', '1s');
    expect(isAlive(pid)).toBe(false);
  });

  test.each(Object.entries(leave).slice(0, 3))('%s lives on after a normal end and is ended by remove-job', async (_, text) => {
    const place = newPlace();
    await place.start(`${text}\nuntil [ -s stray ]; do sleep 0.05; done`);
    expect(await place.finished(1)).toMatchObject({ state: 'Completed' });
    const pid = await strayOf(place);
    expect(isAlive(pid)).toBe(true);
    await place.stdoutOf('remove-job', '1');
    expect(isAlive(pid)).toBe(false);
    expect(await place.jobs()).toEqual([]);
  });

  test('a child in the group of the job is gone after a normal end', async () => {
    const place = newPlace();
    await place.start('sleep 600 & echo $! > stray; exit 0');
    expect(await place.finished(1)).toMatchObject({ state: 'Completed', exitCode: 0 });
    const pid = await strayOf(place);
    await waitFor('the child is gone', () => !isAlive(pid));
  });

  test('those of another job are left alone', async () => {
    const place = newPlace();
    await place.start('echo $$ > stray; exec sleep 600');
    const pid = await strayOf(place);
    await place.start('--', 'sleep', '600');
    await place.stdoutOf('stop-job', '3');
    await place.stdoutOf('remove-job', '3');
    expect(isAlive(pid)).toBe(true);
  });

  test('a job whose shim was killed is Failed(interrupted), with its output to the last write', async () => {
    const place = newPlace();
    await place.start('echo written; echo $PPID > shim; sleep 600');
    const shim = Number(await waitFor('the shim is known', () => contentOf(join(place.work, 'shim'))));
    process.kill(shim, 'SIGKILL');
    await waitFor('the shim is gone', () => !isAlive(shim));
    expect(await place.job(1)).toMatchObject({ state: 'Failed', reason: 'interrupted', exitCode: null });
    const { stdout, stderr } = await place.run('receive-job', ['1']);
    expect({ stdout, stderr }).toEqual({ stdout: 'written\n', stderr: 'the run was interrupted\n' });
  });
});

test('a job may be stopped by two callers at once', async () => {
  const place = newPlace();
  await place.start('--', 'sleep', '600');
  const both = await Promise.all([place.run('stop-job', ['1']), place.run('stop-job', ['1'])]);
  expect(both.map(({ code, stderr }) => ({ code, stderr }))).toEqual([{ code: 0, stderr: '' }, { code: 0, stderr: '' }]);
  expect(await place.job(1)).toMatchObject({ state: 'Stopped', reason: 'stopped' });
});

test('a job that fails while it is being stopped is Stopped', async () => {
  const place = newPlace();
  await place.start("trap 'exit 9' TERM; : > ready; until [ -e never ]; do sleep 0.05; done 2> /dev/null");
  await waitFor('the trap is set', () => place.run('test', ['-e', 'ready']).then(({ code }) => code === 0));
  await place.stdoutOf('stop-job', '1');
  expect(await place.job(1)).toMatchObject({ state: 'Stopped', reason: 'stopped', exitCode: 9 });
});

async function strayOf(place: Place): Promise<number> {
  writeFileSync(join(place.work, 'asked'), '');
  return Number(await waitFor('the process is known', () => contentOf(join(place.work, 'stray'))));
}
