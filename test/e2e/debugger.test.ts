import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { contentOf, isAlive, newPlace, waitFor, type Place } from './product.ts';

const onLinux = process.platform === 'linux';
/** Counts up in a file, and ends when it is told to. */
const COUNTING = `
  const { existsSync, writeFileSync } = require('node:fs');
  let count = 0;
  const timer = setInterval(() => {
    writeFileSync('count', String(++count));
    if (existsSync('go')) clearInterval(timer);
  }, 5);
  writeFileSync('pid', String(process.pid));`;

describe.skipIf(!onLinux)('debug-job', () => {
  test('finds the Node process of a job wherever it is, and prints an address on loopback that answers', async () => {
    const place = newPlace();
    writeFileSync(join(place.work, 'count.cjs'), COUNTING);
    await place.start('sleep 600 & node count.cjs; echo the shell goes on');
    const address = await addressOf(place);
    expect(address).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/[0-9a-f-]{36}$/);
    expect(await ask(address, 'Runtime.evaluate', { expression: 'process.pid' })).toMatchObject({ result: { result: { value: Number(contentOf(join(place.work, 'pid'))) } } });
    await stillCounts(place);
    await endsWell(place);
  });

  test('pauses it with --break-all: AtBreakpoint until Ctrl-C, and then it goes on where it was', async () => {
    const place = newPlace();
    await counting(place);
    const debugging = place.begin('debug-job', ['1', '--break-all']);
    const ended = new Promise<unknown>((resolve) => debugging.on('close', (code, signal) => resolve(code ?? signal)));
    await waitFor('it is at a breakpoint', () => place.jobs('1', '--include-child-job'), (jobs) => jobs.every(({ state }) => state === 'AtBreakpoint'));
    const [before, after] = [contentOf(join(place.work, 'count')), await countAfterALook(place)];
    expect(after).toBe(before);
    expect(await place.run('wait-job', ['1', '--timeout', '0'])).toMatchObject({ code: 124, stdout: '' });
    debugging.kill('SIGINT');
    expect([0, 130]).toContain(await ended);
    expect(await place.job(1)).toMatchObject({ state: 'Running' });
    await stillCounts(place);
    await endsWell(place);
  });

  test('that is killed while it pauses a job lets it go on, and the next look says so', async () => {
    const place = newPlace();
    await counting(place);
    const debugging = place.begin('debug-job', ['1', '--break-all']);
    await waitFor('it is at a breakpoint', () => place.job(1), ({ state }) => state === 'AtBreakpoint');
    debugging.kill('SIGKILL');
    await waitFor('debug-job is gone', () => !isAlive(debugging.pid as number));
    expect(await place.job(1)).toMatchObject({ state: 'Running' });
    await stillCounts(place);
    await endsWell(place);
  });

  test('ends when another debugger lets the job go on', async () => {
    const place = newPlace();
    await counting(place);
    const address = await addressOf(place);
    const debugging = place.run('debug-job', ['1', '--break-all']);
    await waitFor('it is at a breakpoint', () => place.job(1), ({ state }) => state === 'AtBreakpoint');
    await ask(address, 'Debugger.enable');
    await ask(address, 'Debugger.resume');
    expect(await debugging).toMatchObject({ code: 0, stdout: `${address}\n` });
    expect(await place.job(1)).toMatchObject({ state: 'Running' });
    await stillCounts(place);
  });

  test('of a job that is stopped at its breakpoint ends with it', async () => {
    const place = newPlace();
    await counting(place);
    const debugging = place.run('debug-job', ['1', '--break-all']);
    await waitFor('it is at a breakpoint', () => place.job(1), ({ state }) => state === 'AtBreakpoint');
    await place.stdoutOf('stop-job', '1', '--grace-period', '500ms');
    expect(await place.job(1)).toMatchObject({ state: 'Stopped', reason: 'stopped' });
    expect(await debugging).toMatchObject({ code: 0 });
  });

  test('of a job whose process dies at its breakpoint: Failed (signal)', async () => {
    const place = newPlace();
    await counting(place);
    const debugging = place.run('debug-job', ['1', '--break-all']);
    await waitFor('it is at a breakpoint', () => place.job(1), ({ state }) => state === 'AtBreakpoint');
    process.kill(Number(contentOf(join(place.work, 'pid'))), 'SIGKILL');
    expect(await debugging).toMatchObject({ code: 0 });
    expect(await waitFor('it has ended', () => place.job(1), ({ state }) => state !== 'AtBreakpoint' && state !== 'Running')).toMatchObject({ state: 'Failed', reason: 'signal', signal: 'SIGKILL' });
  });

  test('takes the inspector that is open already', async () => {
    const place = newPlace();
    writeFileSync(join(place.work, 'count.cjs'), COUNTING);
    await place.start('--', 'node', '--inspect=127.0.0.1:0', 'count.cjs');
    await waitFor('it counts', () => contentOf(join(place.work, 'count')));
    const address = await addressOf(place);
    expect((await place.run('receive-job', ['1'])).stderr).toContain(address);
  });

  test('of a Node whose port another process has says so at once, and how to take a free one; the job goes on', async () => {
    const place = newPlace();
    const other = createServer();
    onTestFinished(() => void other.close());
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    writeFileSync(join(place.work, 'count.cjs'), COUNTING);
    await place.start('--', 'node', `--inspect-port=${port}`, 'count.cjs');
    await waitFor('it counts', () => contentOf(join(place.work, 'count')));
    for (const _ of ['the first time', 'and again']) {
      const { code, stdout, stderr } = await place.run('debug-job', ['1']);
      expect({ code, stdout }).toEqual({ code: 7, stdout: '' });
      expect(stderr).toMatch(new RegExp(`^debug-job: DebugJobNoDebuggableJobsFound: Job1 cannot be debugged: another process listens on 127\\.0\\.0\\.1:${port}.*\n  hint: .*--inspect-port=0`));
    }
    await stillCounts(place);
    await endsWell(place);
  });

  test('leaves alone what only bears the name of Node', async () => {
    const place = newPlace();
    writeFileSync(join(place.work, 'node'), '#!/bin/sh\n: > up\nuntil [ -e go ]; do sleep 0.05; done\n');
    chmodSync(join(place.work, 'node'), 0o755);
    await place.start('--', './node');
    await waitFor('it is up', () => existsSync(join(place.work, 'up')));
    expect(await place.run('debug-job', ['1'])).toMatchObject({ code: 7, stdout: '', stderr: expect.stringContaining('DebugJobNoDebuggableJobsFound') });
    await endsWell(place);
  });
});

async function counting(place: Place): Promise<void> {
  await place.start('--runtime', 'node', COUNTING);
  await waitFor('it counts', () => contentOf(join(place.work, 'count')));
}

async function addressOf(place: Place): Promise<string> {
  await waitFor('it counts', () => contentOf(join(place.work, 'count')));
  return (await place.stdoutOf('debug-job', '1')).trim();
}

/** What the count is after a verb has looked: time enough for many steps. */
async function countAfterALook(place: Place): Promise<string> {
  await place.jobs();
  return contentOf(join(place.work, 'count'));
}

async function stillCounts(place: Place): Promise<void> {
  const before = Number(contentOf(join(place.work, 'count')));
  await waitFor('it counts on', () => Number(contentOf(join(place.work, 'count'))), (count) => count > before);
}

async function endsWell(place: Place): Promise<void> {
  writeFileSync(join(place.work, 'go'), '');
  expect(await place.finished(1)).toMatchObject({ state: 'Completed', exitCode: 0 });
}

/** One question to an inspector, and its answer. */
async function ask(address: string, method: string, params: Record<string, unknown> = {}): Promise<unknown> {
  const socket = new WebSocket(address);
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  socket.addEventListener('open', () => socket.send(JSON.stringify({ id: 1, method, params })));
  socket.addEventListener('message', ({ data }) => {
    const answer = JSON.parse(String(data)) as { id?: number };
    if (answer.id === 1) resolve(answer);
  });
  socket.addEventListener('error', () => reject(new Error(`nobody answers at ${address}`)));
  return promise.finally(() => socket.close());
}
