import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { newPlace } from './product.ts';

describe('receiving a tail', () => {
  test('consumes what it was asked for, and gives nothing back of what was consumed', async () => {
    const place = newPlace();
    const id = String(await place.start('seq 3; echo ::warning::w'));
    await place.finished(Number(id));
    expect(await place.run('receive-job', [id, '--stream', 'output'])).toMatchObject({ stdout: '1\n2\n3\n', stderr: '' });
    expect(await place.run('receive-job', [id, '--stream', 'warning', '--tail', '1'])).toMatchObject({ stdout: '', stderr: 'WARNING: w\n' });
    expect(await place.run('receive-job', [id])).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(await place.job(id)).toMatchObject({ hasMoreData: false });
  });
});

describe('a damaged id counter', () => {
  test('is found by doctor, kept aside by --repair, and goes on above every job', async () => {
    const place = newPlace();
    await place.start('--persist', 'true');
    await place.finished(1);
    for (const suffix of ['-wal', '-shm']) rmSync(join(place.state, `ids.db${suffix}`), { force: true });
    writeFileSync(join(place.state, 'ids.db'), 'garbage');
    expect(await place.run('start-job', ['--', 'true'])).toMatchObject({ code: 6, stdout: '' });
    expect((await place.run('nightshift', ['doctor'])).stdout).toMatch(/^bad +id counter/m);
    expect((await place.run('nightshift', ['doctor', '--repair'])).code).toBe(0);
    expect(readdirSync(place.state).some((name) => name.startsWith('ids.db.corrupt-'))).toBe(true);
    expect(await place.start('true')).toBe(3);
  });
});

describe('the environment of a job', () => {
  test('keeps exported functions and what a shell sets anew, and shows nobody a variable that a shell cannot hold', async () => {
    const place = newPlace();
    const odd = { 'my.password': 'hunter2', IFS: 'x', 'BASH_FUNC_foo%%': '() {  echo from-foo\n}' };
    const { stdout } = await place.run('start-job', ['--wait', '--', 'env'], { env: odd });
    expect(stdout.split('\n')).toContain('IFS=x');
    const words = await place.run('start-job', ['--wait', 'cat /proc/$PPID/cmdline'], { env: odd });
    expect(words.stdout).toContain('shim.sh');
    expect(words.stdout).not.toContain('hunter2');
    expect(await place.run('start-job', ['--wait', '--', 'bash', '-c', 'foo'], { env: odd })).toMatchObject({ code: 0, stdout: 'from-foo\n' });
  });
});

describe('a signal to the job’s own group', () => {
  test.each(['USR1', 'USR2', 'ALRM', 'PIPE'])('%s that the command ignores leaves its end to itself', async (signal) => {
    const place = newPlace();
    const ended = await place.run('start-job', ['--wait', `trap "" ${signal}; kill -${signal} 0; echo survived; exit 7`]);
    expect(ended).toMatchObject({ code: 7, stdout: 'survived\n' });
  });
});

describe('a place where nothing can be made', () => {
  test('is a store that is not available, at once', async () => {
    const place = newPlace();
    expect(await place.run('get-job', [], { env: { NIGHTSHIFT_STATE_DIR: '/proc/nightshift' }, deadline: 10_000 })).toMatchObject({ code: 6, stdout: '' });
  });

  test('is said of a standard output that is full', async () => {
    const place = newPlace();
    const id = await place.start('echo x');
    await place.finished(id);
    const ended = await place.run('sh', ['-c', `receive-job ${id} > /dev/full`]);
    expect(ended.code).toBe(6);
    expect(ended.stderr).toContain('receive-job: StoreFull: ');
    expect(await place.stdoutOf('receive-job', String(id))).toBe('x\n');
  });
});

test('a date that does not exist is refused', async () => {
  const place = newPlace();
  const ended = await place.run('receive-job', ['1', '--from', '2026-02-30']);
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toContain('ParameterArgumentTransformationError');
});
