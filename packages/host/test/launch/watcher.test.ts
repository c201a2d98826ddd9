import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { conclude } from '@nightshift/core';
import type { Instance, RunFacts } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { thisMachine } from '../../src/launch/identity.ts';
import { systemClock } from '../../src/system-clock.ts';
import { contentOf, runs, until } from '../folder.ts';
import { createBench } from './bench.ts';

type Bench = ReturnType<typeof createBench>;

/** The run of the bench as one that watches. */
const watching = ({ instance }: Bench, facts: Partial<Instance> = {}, run: Partial<RunFacts> = {}): Instance => ({ ...instance, ...facts, run: { ...(instance.run as RunFacts), watches: true, ...run } });
/** Held by a process of the boot before. */
const BEFORE = { holder: { host: thisMachine().host, boot: 'the boot before', pid: 1, startTime: '0' } };
const endOf = async ({ launcher }: Bench, instance: Instance): Promise<unknown> => conclude(instance, await launcher.observe(instance), systemClock.now()).at(-1);

describe('after a power cut', () => {
  test.each([
    ['no claim', {}],
    ['a claim without its content', { claim: '' }],
    ['a claim of the boot before', { claim: '100 200 the-boot-before\n' }],
    ['an outcome without its bytes', { 'claim': '100 200 the-boot-before\n', 'outcome.json': '\0\0\0\0' }],
    ['the room for an outcome', { 'claim': '100 200 the-boot-before\n', 'outcome.json': ' '.repeat(2_048) }],
  ])('that left %s, the work may have begun and may go on', async (_what, files: Readonly<Record<string, string>>) => {
    const bench = createBench();
    for (const [name, content] of Object.entries(files)) writeFileSync(join(bench.folder, name), content);
    for (const state of ['NotStarted', 'Running'] as const) expect(await endOf(bench, watching(bench, { state }, BEFORE))).toMatchObject({ to: 'Disconnected' });
  });

  test('that left an outcome, that is the end', async () => {
    const bench = createBench();
    writeFileSync(join(bench.folder, 'claim'), '100 200 the-boot-before\n');
    writeFileSync(join(bench.folder, 'outcome.json'), '{"state":"Completed","exitCode":0}');
    expect(await endOf(bench, watching(bench, {}, BEFORE))).toMatchObject({ to: 'Completed', exitCode: 0 });
  });

  test('while it was being taken up, the last attempt that ran is asked', async () => {
    const bench = createBench();
    mkdirSync(join(bench.runFolder, '2'));
    writeFileSync(join(bench.folder, 'claim'), '100 200 the-boot-before\n');
    writeFileSync(join(bench.folder, 'disconnected'), 'no route\n');
    const again = watching(bench, { attempt: 2, state: 'NotStarted' });
    await bench.launcher.revoke(again);
    expect(await endOf(bench, again)).toEqual({ to: 'Disconnected', statusMessage: 'no route' });
    writeFileSync(join(bench.folder, 'outcome.json'), '{"state":"Failed","exitCode":3}');
    expect(await endOf(bench, again)).toMatchObject({ to: 'Failed', reason: 'exit' });
  });
});

describe('a watcher', () => {
  const words = (text: string) => ({ argv: ['/bin/sh', '-c', text], reattach: ['/bin/sh', '-c', text] }) as const;

  test('has no time limit here, and knows its folder', async () => {
    const bench = createBench();
    await bench.launch({ ...words('echo "$NIGHTSHIFT_RUN_DIR/$NIGHTSHIFT_ATTEMPT"; sleep 0.3'), timeout: 50 });
    expect(await bench.ended()).toMatchObject({ is: 'ended', exitCode: 0 });
    expect([bench.read('stdout'), existsSync(join(bench.folder, 'watchdog'))]).toEqual([bench.folder, false]);
  });

  test('is taken up again although the folder has gone in which its job was started', async () => {
    const bench = createBench();
    mkdirSync(join(bench.runFolder, '2'));
    const gone = { ...words('pwd'), workingDirectory: join(bench.root, 'gone') };
    expect(await bench.launch(gone)).toMatchObject({ failed: expect.stringContaining('DirectoryNotFoundException') as string });
    const again = watching(bench, { attempt: 2, state: 'Disconnected' });
    expect(await bench.launcher.launch(again, gone, bench.job)).toHaveProperty('beginTime');
    await until('it has said where', () => contentOf(join(bench.runFolder, '2', 'stdout')) === bench.runFolder);
  });

  test('whose words to take it up again are more than the system takes is refused before there is a job', () => {
    const bench = createBench();
    expect(() => bench.launcher.check({ argv: ['true'], reattach: ['true', 'x'.repeat(200_000)] })).toThrow('argument 1 has 200000 bytes');
  });

  test('has come to its work when it says so', async () => {
    const bench = createBench();
    await bench.launch(words(`while [ ! -e "$FOLDER"go ]; do sleep 0.05; done; : >"$NIGHTSHIFT_RUN_DIR/1/started"; sleep 600`));
    expect(await bench.launcher.observe(watching(bench))).toMatchObject({ is: 'running', watcher: { reached: false } });
    writeFileSync(join(bench.root, 'go'), '');
    await until('it has', () => existsSync(join(bench.folder, 'started')));
    expect(await bench.launcher.observe(watching(bench))).toMatchObject({ is: 'running', watcher: { reached: true } });
    await bench.launcher.end(watching(bench), { force: true, gracePeriod: 0 });
  });

  test('that does not say which process it is hears of a stop with all that is in its group, and of its last moment', async () => {
    const bench = createBench();
    await bench.launch(words(`trap 'echo asked' TERM; trap 'echo "{\\"state\\":\\"Stopped\\"}" >"$NIGHTSHIFT_RUN_DIR/1/outcome.json"; exit 0' QUIT; echo begun; while :; do sleep 0.05; done`));
    await until('it has begun', () => bench.read('stdout') === 'begun');
    const run = watching(bench, { state: 'Stopping', stopReason: 'stopped' });
    await bench.launcher.end(run, { force: false, gracePeriod: 3_000 });
    expect(bench.read('stdout')).toBe('begun\nasked');
    expect(await endOf(bench, run)).toMatchObject({ to: 'Stopped' });
  });

  test('that is left without its shim is killed and not asked: that would be the wish to end the work', async () => {
    const bench = createBench();
    const [pid] = (await bench.pidsOf(`trap 'echo asked' TERM; echo $$; while :; do sleep 0.05; done`, 1)) as [number];
    const [shim] = (bench.read('claim') ?? '').split(' ').map(Number) as [number];
    process.kill(shim, 'SIGKILL');
    await until('its shim is gone', () => !runs(shim));
    await bench.launcher.endStrays([watching(bench, { endTime: systemClock.now() })]);
    expect(bench.read('stdout')).toBe(String(pid));
    expect(runs(pid)).toBe(false);
  });
});
