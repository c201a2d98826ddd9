import { readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandLine } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { thisMachine, thisProcess } from '../../src/launch/identity.ts';
import { end, statField, write } from '../folder.ts';
import { createBench } from './bench.ts';

describe('a command', () => {
  test('runs, writes to the files of its attempt, and its end is seen there', async () => {
    const bench = createBench();
    const before = new Date(Date.now() - 1_000);
    const launched = await bench.launch({ argv: ['sh', '-c', 'echo out; echo error >&2; exit 3'] });
    expect(launched).toHaveProperty('beginTime');
    const seen = await bench.ended();
    expect(seen).toMatchObject({ is: 'ended', exitCode: 3, outputBytes: 10, beginTime: (launched as { beginTime: Date }).beginTime });
    expect((seen as { endTime: Date }).endTime.getTime()).toBeGreaterThan(before.getTime());
    expect([bench.read('stdout'), bench.read('stderr'), bench.read('note')]).toEqual(['out', 'error', undefined]);
  });

  test('that a signal ended is told from an exit code', async () => {
    const bench = createBench();
    await bench.launch({ argv: ['sh', '-c', 'kill -KILL $$'] });
    expect(await bench.ended()).toMatchObject({ is: 'ended', signal: 'SIGKILL' });
  });

  test('leaves nothing that others may read', async () => {
    const bench = createBench();
    await bench.launch({ argv: ['true'], input: ['x'] });
    await bench.ended();
    const modes = readdirSync(bench.folder).map((name) => `${name} ${(statSync(join(bench.folder, name)).mode & 0o777).toString(8)}`);
    expect(modes.toSorted()).toEqual(['claim 600', 'exit.json 600', 'note 600', 'stderr 600', 'stdin 600', 'stdout 600']);
  });

  test.each(['asked', 'stop'])('that was asked to end before it began does not begin (%s)', async (mark) => {
    const bench = createBench();
    writeFileSync(join(bench.folder, mark), '');
    await bench.launch({ argv: ['echo', 'begun'] });
    expect(await bench.ended()).toMatchObject({ is: 'ended', signal: 'SIGTERM', outputBytes: 0 });
  });

  test("has the caller's umask", async () => {
    const bench = createBench({ umask: 0o027 });
    await bench.launch({ argv: ['sh', '-c', 'umask'] });
    await bench.ended();
    expect(Number.parseInt(bench.read('stdout') as string, 8)).toBe(0o027);
  });

  test('has empty standard input', async () => {
    const bench = createBench();
    await bench.launch({ argv: ['sh', '-c', 'cat; echo end'] });
    await bench.ended();
    expect(bench.read('stdout')).toBe('end');
  });

  test.each([
    [['a', '', 'b c', 'ä'], 'a\n\nb c\nä\n'],
    [[], ''],
    [['no\\n"escape"'], 'no\\n"escape"\n'],
  ])('reads the lines %j and then the end', async (input, text) => {
    const bench = createBench();
    await bench.launch({ argv: ['cat'], input });
    await bench.ended();
    expect(readFileSync(join(bench.folder, 'stdout'), 'utf8')).toBe(text);
  });

  test('reads a file', async () => {
    const bench = createBench();
    await bench.launch({ argv: ['cat'], inputFile: write(join(bench.root, 'input'), 'bytes\0of a file') });
    await bench.ended();
    expect(bench.read('stdout')).toBe('bytes\0of a file');
  });

  test('has both streams in one file, in order, when they are merged', async () => {
    const bench = createBench();
    await bench.launch({ argv: ['sh', '-c', 'for n in 1 2 3; do echo o$n; echo e$n >&2; done'], mergeStreams: true });
    await bench.ended();
    expect(bench.read('stdout')).toBe('o1\ne1\no2\ne2\no3\ne3');
    expect(readdirSync(bench.folder)).not.toContain('stderr');
  });

  test('starts in its working directory with its environment', async () => {
    const bench = createBench({ environment: { PATH: '/usr/bin:/bin', NODE_OPTIONS: '--bogus', A: '1' } });
    await bench.launch({ argv: ['sh', '-c', 'pwd; echo "$A $B ${NODE_OPTIONS-unset} $NIGHTSHIFT_JOB_ID $NIGHTSHIFT_JOB_NAME $NIGHTSHIFT_ATTEMPT"; echo "$NIGHTSHIFT_RUN_DIR"; echo "$NIGHTSHIFT_INSTANCE_ID"'], environment: { B: '2' } });
    await bench.ended();
    expect(bench.read('stdout')?.split('\n')).toEqual([bench.root, '1 2 unset 7 Build 1', bench.runFolder, bench.instance.instanceId]);
  });

  test('leads a session of its own', async () => {
    const bench = createBench();
    const [pid] = (await bench.pidsOf('echo $$; exec sleep 600', 1)) as [number];
    expect(statField(pid, 6)).toBe(bench.read('claim')?.split(' ')[0]);
    expect(statField(pid, 6)).not.toBe(statField(process.pid, 6));
    end(pid);
  });

  test('whose name begins with a dash is a program, not an option', async () => {
    const bench = createBench();
    write(join(bench.root, '-odd'), '#!/bin/sh\necho "$0 $1"\n', 0o755);
    await bench.launch({ argv: ['-odd', '-x'], environment: { PATH: `${bench.root}:/usr/bin:/bin` } });
    await bench.ended();
    expect(bench.read('stdout')).toBe(`${bench.root}/-odd -x`);
  });

  test('gets its words byte for byte, up to the longest that the system takes', async () => {
    const bench = createBench();
    const words = ['', '*', '$(id)', '-n', 'ä\n', 'x'.repeat(131_071)];
    bench.launcher.check({ argv: ['printf', ...words] });
    await bench.launch({ argv: ['printf', '%s|', ...words] });
    await bench.ended();
    expect(readFileSync(join(bench.folder, 'stdout'), 'utf8')).toBe(words.map((word) => `${word}|`).join(''));
  });
});

describe('a command that cannot be started says why, and runs nothing', () => {
  test.each([
    ['its program is missing', { argv: ['bogus'] }, /^ProgramNotFound: .*"bogus" \(PATH: .*\)$/],
    ['its program is missing at its path', { argv: ['./bogus'] }, /^ProgramNotFound: .*"\.\/bogus"$/],
    ['its program is a folder', { argv: ['/usr'] }, /^NotExecutable: .*"\/usr"/],
    ['its program may not be executed', { argv: ['/etc/passwd'] }, /^NotExecutable: .*"\/etc\/passwd"/],
    ['the interpreter of its text is missing', { argv: ['bogus', '-c', 'x'], commandText: 'x' }, /^InterpreterNotFound: .*"bogus"/],
    ['the interpreter of its file is missing', { argv: ['bogus', '/x'], scriptFile: '/x' }, /^InterpreterNotFound: .*"bogus"/],
    ['its folder is missing', { argv: ['true'], workingDirectory: '/nowhere' }, /^DirectoryNotFoundException: .*"\/nowhere"/],
    ['its folder is a file', { argv: ['true'], workingDirectory: '/etc/passwd' }, /^DirectoryNotFoundException: .*"\/etc\/passwd"/],
  ] as const)('when %s', async (_, command, why) => {
    const bench = createBench();
    expect(await bench.launch(command)).toEqual({ failed: expect.stringMatching(why) });
    expect(readdirSync(bench.folder)).toEqual([]);
    expect(await bench.launcher.observe(bench.instance)).toEqual({ is: 'unclaimed', launcherAlive: true });
  });

  test('when somebody else has the claim', async () => {
    const bench = createBench();
    expect(await bench.launcher.revoke(bench.instance)).toBe(true);
    expect(await bench.launch({ argv: ['touch', 'ran'] })).toEqual({ failed: expect.stringMatching(/^SpawnFailed: /) });
    expect(readdirSync(bench.root)).not.toContain('ran');
    expect(await bench.launcher.observe(bench.instance)).toEqual({ is: 'revoked' });
  });

  test('when its shim is missing', async () => {
    const bench = createBench({ shim: '/nowhere/shim.sh' });
    expect(await bench.launch({ argv: ['true'] })).toEqual({ failed: expect.stringMatching(/^SpawnFailed: /) });
  });

  test('when the files of the run cannot be made', async () => {
    const bench = createBench();
    writeFileSync(join(bench.folder, 'stdout'), 'taken');
    expect(await bench.launch({ argv: ['touch', 'ran'] })).toEqual({ failed: 'SpawnFailed: the files of the run could not be made (EEXIST)' });
    expect(readdirSync(bench.root)).not.toContain('ran');
  });
});

describe('what the system could never start is refused before anything exists', () => {
  const check = (command: object) => createBench().launcher.check(command as CommandLine);
  test.each([
    ['a word that is one byte too long', { argv: ['echo', 'x'.repeat(131_072)] }, 'argument 1 has 131072 bytes'],
    ['a word that is too long in bytes, not in characters', { argv: ['echo', 'ä'.repeat(65_536)] }, 'argument 1 has 131072 bytes'],
    ['a variable that is too long', { argv: ['echo'], environment: { BIG: 'x'.repeat(131_072) } }, 'the variable BIG'],
    ['too many words', { argv: ['echo', ...Array.from({ length: 20 }, () => 'x'.repeat(131_000))] }, 'together'],
    ['too many short words', { argv: ['echo', ...Array.from({ length: 300_000 }, () => 'x')] }, 'together'],
    ['a NUL in a word', { argv: ['echo', 'a\0b'] }, 'NUL'],
    ['a NUL in the program', { argv: ['ec\0ho'] }, 'NUL'],
    ['a NUL in a variable', { argv: ['echo'], environment: { A: 'a\0b' } }, 'NUL'],
  ] as const)('%s', (_, command, why) => {
    expect(() => check(command)).toThrow(expect.objectContaining({ code: 'ArgumentInvalid', message: expect.stringContaining(why) }));
  });

  test.each([
    ['a long word', { argv: ['echo', 'x'.repeat(131_071)] }],
    ['many words', { argv: ['echo', ...Array.from({ length: 100_000 }, () => 'x')] }],
    ['an empty word', { argv: ['echo', ''] }],
  ] as const)('but not %s', (_, command) => {
    expect(() => check(command)).not.toThrow();
  });
});

describe('a look at a run says', () => {
  test('that nobody has claimed it, and whether whoever should is alive', async () => {
    const { launcher, instance } = createBench();
    expect(await launcher.observe(instance)).toEqual({ is: 'unclaimed', launcherAlive: true });
    const holder = { ...thisProcess(), startTime: '1' };
    expect(await launcher.observe({ ...instance, run: { holder, carries: instance.instanceId } })).toEqual({ is: 'unclaimed', launcherAlive: false });
  });

  test('that it runs, until its shim is gone without a record', async () => {
    const bench = createBench();
    await bench.pidsOf('echo $$; exec sleep 600', 1);
    expect(await bench.launcher.observe(bench.instance)).toMatchObject({ is: 'running' });
    end(Number(bench.read('claim')?.split(' ')[0]));
    expect(await bench.ended()).toMatchObject({ is: 'gone', outputBytes: expect.any(Number) });
  });

  test('that it is lost when its folder is', async () => {
    const { launcher, instance, runFolder } = createBench();
    rmSync(runFolder, { recursive: true });
    expect(await launcher.observe(instance)).toEqual({ is: 'lost' });
  });

  test.each(['unclaimed', 'claimed'])('that it is elsewhere when another machine has it, %s', async (how) => {
    const { launcher, instance, folder } = createBench();
    if (how === 'claimed') writeFileSync(join(folder, 'claim'), `1 1 ${thisMachine().boot}\n`);
    expect(await launcher.observe({ ...instance, run: { holder: { ...thisProcess(), host: 'elsewhere' }, carries: instance.instanceId } })).toEqual({ is: 'elsewhere' });
  });

  test('how it ended, even when another machine had it', async () => {
    const { launcher, instance, folder } = createBench();
    writeFileSync(join(folder, 'claim'), `1 1 ${thisMachine().boot}\n`);
    writeFileSync(join(folder, 'exit.json'), '{"exitCode":4}');
    expect(await launcher.observe({ ...instance, run: { holder: { ...thisProcess(), host: 'elsewhere' }, carries: instance.instanceId } })).toMatchObject({ is: 'ended', exitCode: 4 });
  });

  test.each([
    ['of an earlier boot', () => `${process.pid} ${thisProcess().startTime} 00000000-0000-0000-0000-000000000000`],
    ['of a process whose pid came round again', () => `${process.pid} 1 ${thisMachine().boot}`],
  ])('that it is gone when its claim is %s', async (_, claim) => {
    const { launcher, instance, folder } = createBench();
    writeFileSync(join(folder, 'claim'), `${claim()}\n`);
    expect(await launcher.observe(instance)).toMatchObject({ is: 'gone' });
  });

  test('that it may yet run while its claim is young and empty, and is revoked when it is old', async () => {
    const { launcher, instance, folder, launch, ended, root } = createBench();
    writeFileSync(join(folder, 'claim'), '');
    expect(await launcher.observe(instance)).toMatchObject({ is: 'running' });
    // As the clock of the file system may have it, whose times are rounded.
    const ahead = new Date(Date.now() + 500);
    utimesSync(join(folder, 'claim'), ahead, ahead);
    expect(await launcher.observe(instance)).toMatchObject({ is: 'running' });
    const old = new Date(Date.now() - 60_000);
    utimesSync(join(folder, 'claim'), old, old);
    expect(await launcher.observe(instance)).toEqual({ is: 'revoked' });
    expect(await launcher.observe(instance)).toEqual({ is: 'revoked' });
    // Whoever has been so slow with its claim runs nothing any more.
    rmSync(join(folder, 'claim'));
    await launch({ argv: ['sh', '-c', 'echo ran >ran'] });
    expect(await ended()).toMatchObject({ is: 'gone' });
    expect(readdirSync(root)).not.toContain('ran');
  });

  test.each([
    ['that it is gone', 'of an earlier boot', { boot: '00000000-0000-0000-0000-000000000000' }, 'gone'],
    ['nothing', 'of another machine', { host: 'elsewhere' }, 'elsewhere'],
  ])('%s when its empty claim is %s', async (_what, _whose, holder, is) => {
    const { launcher, instance, folder } = createBench();
    writeFileSync(join(folder, 'claim'), '');
    expect(await launcher.observe({ ...instance, run: { holder: { ...thisProcess(), ...holder }, carries: instance.instanceId } })).toMatchObject({ is });
  });
});

test('a claim can be revoked before the start, and not after it', async () => {
  const bench = createBench();
  await bench.launch({ argv: ['true'] });
  expect(await bench.launcher.revoke(bench.instance)).toBe(false);
  expect(await bench.ended()).toMatchObject({ is: 'ended', exitCode: 0 });
});

test('a launcher is this process', async () => {
  const { launcher } = createBench();
  expect(await launcher.identity()).toEqual(thisProcess());
});

test('a watch of runs wakes when one ends', async () => {
  const bench = createBench();
  await bench.launch({ argv: ['sh', '-c', 'until [ -e go ]; do sleep 0.05; done'] });
  using watch = bench.launcher.watch([bench.instance], 'end');
  const changed = watch.changed();
  write(join(bench.root, 'go'), '');
  await changed;
  expect(await bench.ended()).toMatchObject({ is: 'ended' });
});

test('a run without a claim of which the machine went down since may have run: nobody says that it did not', async () => {
  const { launcher, instance, folder } = createBench();
  const earlier = { ...instance, run: { carries: 'x', holder: { ...thisProcess(), boot: 'before' } } };
  write(join(folder, 'stdout'), 'four');
  expect(await launcher.observe(earlier)).toEqual({ is: 'unclaimed', launcherAlive: false, beforeBoot: true, outputBytes: 4 });
  write(join(folder, 'claim'), '');
  expect(await launcher.observe(earlier)).toMatchObject({ is: 'gone' });
});
