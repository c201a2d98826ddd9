import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { endStrays, endTree } from '../../src/launch/end-tree.ts';
import { startTimeOf, thisMachine } from '../../src/launch/identity.ts';
import { systemClock } from '../../src/system-clock.ts';
import { contentOf, end, runs, statField, temporaryFolder, until } from '../folder.ts';
import { createBench } from './bench.ts';

const softly = { force: false, gracePeriod: 10_000 };
const hard = { force: true, gracePeriod: 10_000 };

describe('a soft end', () => {
  test('lets a command catch SIGTERM and end with its own exit code', async () => {
    const bench = createBench();
    await bench.pidsOf(`trap 'echo bye; exit 7' TERM; echo $$; while :; do sleep 0.05; done`, 1);
    await endTree(bench.instance, softly, systemClock);
    expect(await bench.ended()).toMatchObject({ is: 'ended', exitCode: 7 });
    expect(bench.read('stdout')).toMatch(/bye$/);
  });

  test('is over at once when the command obeys', async () => {
    const bench = createBench();
    const pids = await bench.pidsOf('echo $$; sleep 600 & echo $!; wait', 2);
    const before = performance.now();
    await endTree(bench.instance, softly, systemClock);
    expect(performance.now() - before).toBeLessThan(3_000);
    expect(pids.filter(runs)).toEqual([]);
    expect(await bench.ended()).toMatchObject({ is: 'ended', signal: 'SIGTERM' });
  });

  test('becomes a hard one after the grace period', async () => {
    const bench = createBench();
    const pids = await bench.pidsOf(`trap '' TERM; echo $$; sleep 600 & echo $!; while :; do sleep 0.05; done`, 2);
    const before = performance.now();
    await endTree(bench.instance, { force: false, gracePeriod: 200 }, systemClock);
    expect(performance.now() - before).toBeGreaterThanOrEqual(200);
    expect(performance.now() - before).toBeLessThan(200 + 1_000 + 2_000);
    expect(pids.filter(runs)).toEqual([]);
    expect(await bench.ended()).toMatchObject({ is: 'ended', signal: 'SIGKILL' });
  });

  test('wakes a stopped command', async () => {
    const bench = createBench();
    const [pid] = (await bench.pidsOf('echo $$; exec sleep 600', 1)) as [number];
    process.kill(pid, 'SIGSTOP');
    await until('the command is stopped', () => statField(pid, 3) === 'T');
    await endTree(bench.instance, softly, systemClock);
    expect(await bench.ended()).toMatchObject({ is: 'ended', signal: 'SIGTERM' });
  });
});

describe('a hard end', () => {
  test('kills the command at once, and the shim records it', async () => {
    const bench = createBench();
    const pids = await bench.pidsOf(`trap 'echo bye' TERM; echo $$; sleep 600 & echo $!; wait; wait`, 2);
    await endTree(bench.instance, hard, systemClock);
    expect(pids.filter(runs)).toEqual([]);
    expect(bench.read('stdout')).not.toContain('bye');
    expect(await bench.ended()).toMatchObject({ is: 'ended', signal: 'SIGKILL' });
    expect(startTimeOf(Number(bench.read('claim')?.split(' ')[0]))).toBeUndefined();
  });

  test('kills a stopped command', async () => {
    const bench = createBench();
    const [pid] = (await bench.pidsOf('echo $$; exec sleep 600', 1)) as [number];
    process.kill(pid, 'SIGSTOP');
    await endTree(bench.instance, hard, systemClock);
    expect(runs(pid)).toBe(false);
  });
});

describe.each([['soft', { force: false, gracePeriod: 300 }], ['hard', hard]] as const)('a %s end reaches', (_, how) => {
  test.each([
    ['a process of another group in the session', 'set -m; sleep 600 & echo $!; exec sleep 600'],
    ['a process that left the session', 'setsid sh -c \'echo $$; exec sleep 600\' & exec sleep 600'],
    ['a process that left the session by two forks', 'setsid sh -c \'sh -c "echo \\$\\$; exec sleep 600" & exit\' & exec sleep 600'],
    ['a process that left the session and ignores SIGTERM', 'setsid sh -c \'trap "" TERM; echo $$; while :; do sleep 0.05; done\' & exec sleep 600'],
    ['a process in the session that cleared its environment', '(env -i /bin/sh -c \'echo $$; exec sleep 600\') & exec sleep 600'],
  ])('%s', async (_name, text) => {
    const bench = createBench();
    const pids = await bench.pidsOf(text, 1);
    expect(pids.every(runs)).toBe(true);
    await endTree(bench.instance, how, systemClock);
    expect(pids.filter(runs)).toEqual([]);
    expect(await bench.ended()).toMatchObject({ is: 'ended' });
  });
});

describe('never touched is', () => {
  test('a process of another job', async () => {
    const [one, other] = [createBench(), createBench()];
    await one.pidsOf('echo $$; exec sleep 600', 1);
    const theirs = await other.pidsOf('echo $$; setsid sleep 600 & echo $!; exec sleep 600', 2);
    await endTree(one.instance, hard, systemClock);
    expect(theirs.every(runs)).toBe(true);
    await endTree(other.instance, hard, systemClock);
    expect(theirs.filter(runs)).toEqual([]);
  });

  /** A foreign session: its leader and a child, which know nothing of any job. */
  async function foreignSession(): Promise<readonly [number, number]> {
    const folder = temporaryFolder();
    const child = spawn('sh', ['-c', `sleep 600 & echo $! >'${folder}/pid'; wait`], { detached: true, stdio: 'ignore', env: { PATH: process.env['PATH'], FOLDER: `${folder}/` } });
    onTestFinished(() => end(child.pid as number));
    return [child.pid as number, Number(await until('the child is known', () => contentOf(join(folder, 'pid'))))];
  }

  test.each([
    ['softly', { force: false, gracePeriod: 100 }],
    ['hard', hard],
  ] as const)('a session whose pid was the shim\'s before, %s', async (_, how) => {
    const [leader, member] = await foreignSession();
    const { instance, folder } = createBench();
    writeFileSync(join(folder, 'claim'), `${leader} 1 ${thisMachine().boot}\n`);
    await endTree(instance, how, systemClock).catch(() => {});
    expect([runs(leader), runs(member)]).toEqual([true, true]);
  });

  test('a process with a pid that an earlier boot wrote down', async () => {
    const [leader, member] = await foreignSession();
    const { instance, folder } = createBench();
    writeFileSync(join(folder, 'claim'), `${leader} ${startTimeOf(leader)} 00000000-0000-0000-0000-000000000000\n`);
    await endTree(instance, hard, systemClock);
    expect([runs(leader), runs(member)]).toEqual([true, true]);
  });

  test('a process that another machine wrote down', async () => {
    const [leader, member] = await foreignSession();
    const { instance, folder } = createBench();
    writeFileSync(join(folder, 'claim'), `${leader} ${startTimeOf(leader)} ${thisMachine().boot}\n`);
    const run = { holder: { ...instance.run!.holder!, host: 'elsewhere' }, carries: instance.instanceId };
    await endTree({ ...instance, run }, hard, systemClock);
    expect([runs(leader), runs(member)]).toEqual([true, true]);
  });
});

describe('what a run that ended by itself left running', () => {
  test('is ended, in whatever session it is', async () => {
    const bench = createBench();
    const pids = await bench.pidsOf(`setsid sh -c 'echo $$; exec sleep 600' & until [ -e go ]; do sleep 0.05; done`, 1);
    writeFileSync(join(bench.root, 'go'), '');
    expect(await bench.ended()).toMatchObject({ is: 'ended', exitCode: 0 });
    expect(pids.every(runs)).toBe(true);
    await endStrays([bench.instance], systemClock);
    expect(pids.filter(runs)).toEqual([]);
  });

  test('is nothing for a parent, which never ran', async () => {
    const { instance } = createBench();
    const { run, ...parent } = instance;
    expect(run).toBeDefined();
    await endStrays([parent], systemClock);
  });

  test('is not what has taken the session\'s pid since it ended', async () => {
    const folder = temporaryFolder();
    const child = spawn('sh', ['-c', `sleep 600 & echo $! >'${folder}/pid'; wait`], { detached: true, stdio: 'ignore', env: { PATH: process.env['PATH'], FOLDER: `${folder}/` } });
    onTestFinished(() => end(child.pid as number));
    const member = Number(await until('the child is known', () => contentOf(join(folder, 'pid'))));
    const bench = createBench();
    writeFileSync(join(bench.folder, 'claim'), `${child.pid} 1 ${thisMachine().boot}\n`);
    await endStrays([{ ...bench.instance, state: 'Completed', endTime: new Date(Date.now() - 3_600_000) }], systemClock);
    expect([runs(child.pid as number), runs(member)]).toEqual([true, true]);
  });
});

test('ending what is gone already is nothing', async () => {
  const bench = createBench();
  await bench.launch({ argv: ['true'] });
  await bench.ended();
  await endTree(bench.instance, softly, systemClock);
  await endTree(bench.instance, hard, systemClock);
  expect(await bench.ended()).toMatchObject({ is: 'ended', exitCode: 0 });
});

test('ending what nobody has claimed is nothing', async () => {
  const bench = createBench();
  await endTree(bench.instance, hard, systemClock);
  expect(await bench.launcher.observe(bench.instance)).toMatchObject({ is: 'unclaimed' });
});
