import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isInstalled, newPlace, waitFor, type Place } from './product.ts';
import { runOf } from './runs.ts';

const hasPython = isInstalled('python3');
const hasScript = isInstalled('script');
const MEGABYTE = 1_048_576;

describe("start-job --input-object - copies the caller's standard input", () => {
  test('to its end, byte for byte and in bounded memory', async () => {
    const place = newPlace();
    const input = randomBytes(100 * MEGABYTE);
    const hook = join(place.work, 'hook.cjs');
    // What getrusage tells begins with what the process that forked it had.
    writeFileSync(hook, `const { readFileSync, writeFileSync } = require('node:fs'); process.on('exit', () => writeFileSync(${JSON.stringify(join(place.work, 'peak'))}, readFileSync('/proc/self/status')));`);
    expect(await place.run(process.execPath, ['--require', hook, binOf(place, 'start-job'), '-o', 'id', '--input-object', '-', 'sha256sum; wc -c < "$NIGHTSHIFT_RUN_DIR/1/stdin"'], { input })).toMatchObject({ code: 0, stdout: '1\n', stderr: '' });
    expect(await place.stdoutOf('receive-job', '1', '--wait')).toBe(`${createHash('sha256').update(input).digest('hex')}  -\n${input.length}\n`);
    expect(Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(join(place.work, 'peak'), 'utf8'))?.[1])).toBeLessThan(200 * 1_024);
  });

  test.each([
    ['nothing', ''], ['no line end', 'a'], ['NUL bytes and no UTF-8', Buffer.from([0, 255, 254, 10, 0, 13, 10, 192])], ['one byte more than a piece', Buffer.alloc(MEGABYTE + 1, 'x')],
  ])('also when it is %s', async (_what, input) => {
    const place = newPlace();
    await place.run('start-job', ['--input-object', '-', '--', 'cat'], { input });
    expect((await place.finished(1)).state).toBe('Completed');
    expect((await place.run('receive-job', ['1', '--raw'])).bytes).toEqual(Buffer.from(input));
  });

  test('which is private, and stays with the run', async () => {
    const place = newPlace();
    await place.run('start-job', ['--input-object', '-', '--', 'true'], { input: 'secret' });
    const { folder } = await runOf(place, 1);
    expect(readFileSync(join(folder, 'stdin'), 'utf8')).toBe('secret');
    expect(statSync(join(folder, 'stdin')).mode & 0o777).toBe(0o600);
  });

  test.skipIf(!hasPython)('from a pipe that somebody made non-blocking, however slowly it comes', async () => {
    const place = newPlace();
    const script = "import os; os.set_blocking(0, False); os.execvp('start-job', ['start-job', '--wait', '--input-object', '-', 'cat'])";
    const ended = await place.run('sh', ['-c', `(echo one; until [ -e go ]; do sleep 0.05; done; echo two) | python3 -c "${script}" & until [ "$(get-job -o id)" = 1 ]; do sleep 0.05; done; : > go; wait`]);
    expect(ended).toMatchObject({ code: 0, stdout: 'one\ntwo\n', stderr: '' });
  });

  test.skipIf(!hasScript)('from a terminal, up to Ctrl-D', async () => {
    const place = newPlace();
    await place.run('script', ['-qec', 'start-job -o id --input-object - cat', '/dev/null'], { input: 'typed\nby hand\n\u0004' });
    expect((await place.finished(1)).state).toBe('Completed');
    expect(await place.stdoutOf('receive-job', '1')).toBe('typed\nby hand\n');
  });

  test.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)('and a job whose start was cut off by %s meanwhile never ran', async (signal) => {
    const place = newPlace();
    await place.jobs();
    const starting = place.begin('sh', ['-c', 'sleep 600 | (echo $$ > shell; exec start-job --input-object - "echo ran > ran; cat")'], { detached: true });
    await waitFor('the job is there', () => place.jobs(), (jobs) => jobs.length === 1);
    process.kill(-(starting.pid as number), signal);
    const job = await waitFor('the start is over', () => place.job(1), ({ state }) => state !== 'NotStarted');
    expect(job).toMatchObject({ state: 'Failed', reason: 'spawn', statusMessage: 'the start was cut off before the command ran' });
    expect(await place.run('test', ['-e', 'ran'])).toMatchObject({ code: 1 });
  });

  test('which is not the input of anything else', async () => {
    const place = newPlace();
    expect((await place.run('start-job', ['--wait', 'cat; echo end'], { input: 'not for the job' })).stdout).toBe('end\n');
    expect((await place.run('start-job', ['--wait', '--input-object', 'a line', 'cat'], { input: 'not for the job' })).stdout).toBe('a line\n');
  });
});

test('a line of --input-object may hold anything but its end', async () => {
  const place = newPlace();
  const lines = ['', ' ', '-x', '--', '$HOME `id` "\'\\', 'ä 🌙', '@file', 'a,b', 'two\nlines', 'x'.repeat(100_000)];
  await place.start(...lines.map((line) => `--input-object=${line}`), 'cat');
  await place.finished(1);
  expect(await place.stdoutOf('receive-job', '1')).toBe(lines.map((line) => `${line}\n`).join(''));
});

function binOf({ env }: Place, verb: string): string {
  return realpathSync(join((env['PATH'] as string).split(':')[0] as string, verb));
}
