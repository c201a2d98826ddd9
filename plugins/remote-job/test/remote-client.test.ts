import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OWN_FILE } from '../src/client/order.ts';
import { type Computers, SSHD, startComputers, USER, WITHOUT_SSHD, commandOf, descendants, freePort, processes } from './computers.ts';
import { order, run, until, watch } from './watching.ts';

// Set by .ci/run where it could install one.
test.runIf(process.env['NIGHTSHIFT_TEST_SSHD'] !== undefined)('sshd is there where everything is tested', () => {
  expect(SSHD, WITHOUT_SSHD).toBeDefined();
});

const canMount = process.getuid?.() === 0 && mayMount();

/** In a container, root may not. */
function mayMount(): boolean {
  const folder = mkdtempSync('/tmp/ns-mount-');
  const has = (program: string, ...words: string[]): boolean => spawnSync(program, [...words, folder], { stdio: 'ignore' }).status === 0;
  const may = has('mount', '-t', 'tmpfs', 'tmpfs') && has('umount');
  rmdirSync(folder);
  return may;
}

const sh = (text: string): readonly [string, ...string[]] => ['sh', '-c', text];

describe.skipIf(SSHD === undefined)('a client and a real sshd', () => {
  let there: Computers;
  beforeAll(async () => {
    there = await startComputers();
  });
  afterAll(() => there[Symbol.dispose]());

  test('what the command writes is in two files, and how it ended in the outcome; nothing is left over there', async () => {
    const { stdout, stderr, outcome, has } = await run(there, order(sh('echo out; echo err >&2; exit 3')));
    expect([stdout().toString(), stderr().toString()]).toEqual(['out\n', 'err\n']);
    expect(outcome()).toMatchObject({ state: 'Failed', reason: 'exit', exitCode: 3, at: expect.any(String) });
    expect([has('started'), has('host'), there.runs()]).toEqual([true, true, []]);
  });

  test.each([
    ['exit 0', { state: 'Completed', exitCode: 0 }],
    ['kill -9 $$', { state: 'Failed', reason: 'signal', signal: 'SIGKILL' }],
    ['kill -TERM $$', { state: 'Failed', reason: 'signal', signal: 'SIGTERM' }],
  ])('%s over there is %j', async (text, outcome) => {
    expect((await run(there, order(sh(text)))).outcome()).toMatchObject(outcome);
  });

  test('words, variables and input arrive as they are', async () => {
    const words = ['', 'two words', "it's", '$HOME `id` "', 'a\nb', '-n', '\\', '*', 'ü\x80'];
    const environment = { PLAIN: 'x', ODD: "a'b\n$(id) \\ \"c\" ", EMPTY: '' };
    const input = Buffer.concat([randomBytes(70_000), Buffer.from('no end')]);
    const given = order(['sh', '-c', 'printf "%s\\0" "$@" "$PLAIN" "$ODD" "$EMPTY"; cat', 'sh', ...words], { environment, input: { base64: input.toString('base64') } });
    const { stdout } = await run(there, given);
    expect(stdout().equals(Buffer.concat([Buffer.from([...words, environment.PLAIN, environment.ODD, ''].map((word) => `${word}\0`).join('')), input]))).toBe(true);
  });

  test('INT and QUIT are not ignored, the folder is the home and the input is empty', async () => {
    const { stdout } = await run(there, order(sh('cat; [ "$(pwd -P)" = "$(cd && pwd -P)" ] && echo home; grep SigIgn /proc/self/status')));
    expect(stdout().toString()).toMatch(/^home\nSigIgn:\t0000000000000000\n$/);
  });

  test.each([['sh', '#!/bin/sh\necho "$0 $1" | sed "s,.*/,,"', 'run me 1\n'], ['python', '#!/usr/bin/env python3\nimport sys; print(sys.argv[1])', '1\n']])('a file is sent and runs as its first line says (%s)', async (_, text, said) => {
    const { stdout, stderr } = await run(there, order([OWN_FILE, '1'], { file: { name: 'run me', bytes: { base64: Buffer.from(text).toString('base64') } } }));
    expect([stdout().toString(), stderr().toString()]).toEqual([said, '']);
  });

  test('bytes of every kind come through, also what looks like words of ours, and a last line without an end', async () => {
    const bytes = Buffer.concat([randomBytes(3_000_000), Buffer.from(`\n${'0'.repeat(32)} over 1 2 3\n`), Buffer.alloc(2_500_000, 'x'), Buffer.from('\nend')]);
    const { stdout, stderr } = await run(there, order(sh('tee /dev/stderr'), { input: { base64: bytes.toString('base64') } }));
    expect([stdout().equals(bytes), stderr().equals(bytes)]).toEqual([true, true]);
  });

  test('much output comes quickly, and does not stay in memory', async () => {
    const watching = watch(there, order(sh('yes "a line of some length, as there are many" | head -c 30000000')));
    let most = 0;
    const looking = setInterval(() => (most = Math.max(most, memoryOf(watching.child.pid as number))), 10);
    await watching.ended();
    clearInterval(looking);
    expect(watching.stdout().length).toBe(30_000_000);
    expect(most).toBeLessThan(200_000);
  });

  test('a program that is not there could not be begun', async () => {
    expect((await run(there, order(['no-such-program']))).outcome()).toMatchObject({ state: 'Failed', reason: 'spawn', statusMessage: 'it could not be begun on 127.0.0.1: no-such-program was not found there' });
    expect(there.runs()).toEqual([]);
  });

  test('the time limit is kept over there', async () => {
    const { outcome } = await run(there, order(['sleep', '60'], { timeout: 300, gracePeriod: 100 }));
    expect(outcome()).toMatchObject({ state: 'Failed', reason: 'timeout' });
  });

  test('the time limit is kept also while nobody is connected', async () => {
    const watching = watch(there, order(sh('echo begun; exec sleep 60'), { timeout: 1_500, gracePeriod: 100 }));
    await until('a line', () => watching.stdout().length > 0);
    watching.child.kill('SIGKILL');
    await watching.ended();
    await until('the end over there', () => readFileSync(join(there.remote, watching.instanceId, '1', 'exit.json'), 'utf8').includes('timeout'));
    watching.again();
    await watching.ended();
    expect(watching.outcome()).toMatchObject({ state: 'Failed', reason: 'timeout' });
  });

  /** Numbers, one after the other, with a pause in the middle that the test ends. */
  const counting = (): { readonly words: readonly [string, ...string[]]; goOn(): void } => {
    const gate = join(there.folder, `gate-${randomBytes(4).toString('hex')}`);
    return { words: sh(`seq 1 40000; seq 1 4000 >&2; printf 'half a '; until [ -e ${gate} ]; do sleep 0.05; done; echo line; seq 1 40000; echo done >&2`), goOn: () => writeFileSync(gate, '') };
  };
  const COUNTED = Buffer.from(`${Array.from({ length: 40_000 }, (_, index) => `${index + 1}\n`).join('')}half a line\n${Array.from({ length: 40_000 }, (_, index) => `${index + 1}\n`).join('')}`);
  const COUNTED_ERROR = `${Array.from({ length: 4_000 }, (_, index) => `${index + 1}\n`).join('')}done\n`;

  test.each(['ssh is killed', 'the client is killed', 'everything of sshd is killed'] as const)('%s: the next attempt brings exactly the rest', async (how) => {
    const { words, goOn } = counting();
    const watching = watch(there, order(words));
    await until('the first half', () => watching.stdout().length > 150_000);
    if (how === 'ssh is killed') for (const pid of descendants(watching.child.pid as number, /^\S*ssh /)) process.kill(pid, 'SIGKILL');
    else if (how === 'the client is killed') process.kill(-(watching.child.pid as number), 'SIGKILL');
    else {
      there.cut();
      await there.start();
    }
    await watching.ended();
    expect([watching.outcome(), how === 'the client is killed' || watching.disconnected()?.startsWith('the connection to 127.0.0.1 was lost, where it may go on')]).toEqual([undefined, true]);
    watching.again();
    goOn();
    await watching.ended();
    expect([watching.stdout().equals(COUNTED), watching.stderr().toString() === COUNTED_ERROR, watching.outcome()?.state]).toEqual([true, true, 'Completed']);
    expect(there.runs()).not.toContain(watching.instanceId);
  });

  test('however often it is cut off while much comes, nothing is lost and nothing doubled, and no line is cut', { timeout: 60_000 }, async () => {
    const bytes = Buffer.from(Array.from({ length: 600_000 }, (_, index) => `line ${index}\n`).join(''));
    const watching = watch(there, order(sh('i=0; seq -f "line %.0f" 0 599999')));
    for (let cut = 1; cut <= 5; cut++) {
      await until('some of it', () => watching.stdout().length > cut * 1_000_000 || watching.outcome() !== undefined);
      process.kill(-(watching.child.pid as number), 'SIGKILL');
      await watching.ended();
      if (watching.outcome() !== undefined) break;
      watching.again();
    }
    await watching.ended();
    const hash = (one: Buffer): string => createHash('sha256').update(one).digest('hex');
    expect(hash(watching.stdout())).toBe(hash(bytes));
    expect(watching.outcome()?.state).toBe('Completed');
  });

  test('what could not be written is asked for again', async () => {
    const watching = watch(there, order(sh('echo one; echo two')), 'reattach');
    await watching.ended();
    // Nothing of it is over there: it was never begun, and never will be.
    expect(watching.outcome()).toMatchObject({ state: 'Failed', reason: 'spawn', statusMessage: 'the connection to 127.0.0.1 was lost before it was begun there' });
  });

  test('what is to be sent and is not there any more is never begun', async () => {
    const { outcome } = await run(there, order(['cat'], { input: { path: join(there.folder, 'no-such-file') } }));
    expect(outcome()).toMatchObject({ state: 'Failed', reason: 'spawn', statusMessage: expect.stringMatching(/^it could not be begun: ENOENT/) });
  });

  test.skipIf(!canMount)('a disk that is full here loses nothing: the job is Disconnected, and goes on when there is room', async () => {
    const disk = join(there.folder, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
    try {
      const watching = watch(there, order(sh('seq 400000')), 'begin', disk);
      await watching.ended();
      expect([watching.outcome(), watching.disconnected()]).toEqual([undefined, 'it could not be watched: ENOSPC: no space left on device, write']);
      execFileSync('mount', ['-o', 'remount,size=10m', disk]);
      watching.again();
      await watching.ended();
      expect([watching.stdout().toString() === Array.from({ length: 400_000 }, (_, index) => `${index + 1}\n`).join(''), watching.outcome()?.state]).toEqual([true, 'Completed']);
    } finally {
      execFileSync('umount', ['-l', disk]);
    }
  });

  test('a run that was begun and has left no trace is interrupted', async () => {
    const watching = watch(there, order(['sleep', '60'], { leaves: true }));
    await watching.ended();
    const place = join(there.remote, watching.instanceId);
    process.kill(Number(readFileSync(join(place, '1', 'claim'), 'utf8').split(' ')[0]), 'SIGKILL');
    watching.again();
    await watching.ended();
    expect(watching.outcome()).toMatchObject({ state: 'Failed', reason: 'interrupted', statusMessage: 'the run was interrupted on 127.0.0.1' });
  });

  test('one that is left alone goes on, and what it wrote comes when somebody asks', async () => {
    const watching = watch(there, order(sh('echo early; sleep 0.3; echo late'), { leaves: true }));
    await watching.ended();
    expect([watching.outcome(), watching.disconnected(), watching.has('started'), watching.stdout().length]).toEqual([undefined, 'it goes on on 127.0.0.1', true, 0]);
    watching.again();
    await watching.ended();
    expect([watching.stdout().toString(), watching.outcome()?.state]).toEqual(['early\nlate\n', 'Completed']);
  });

  test('SIGTERM asks the tree over there, which has its grace period', async () => {
    const watching = watch(there, order(sh('trap "echo asked; exit 7" TERM; echo begun; while :; do sleep 0.05; done')));
    await until('a line', () => watching.stdout().length > 0);
    watching.stop('SIGTERM');
    await watching.ended();
    expect([watching.stdout().toString(), watching.outcome()]).toEqual(['begun\nasked\n', { state: 'Stopped', reason: 'stopped', exitCode: 7, at: expect.any(String) }]);
  });

  test.each([['SIGTERM', 200], ['SIGQUIT', 10_000]] as const)('%s ends the whole tree, also who ignores it and who has left the session', async (signal, gracePeriod) => {
    const mark = `987${randomBytes(3).readUIntBE(0, 3)}`;
    const watching = watch(there, order(sh(`trap "" TERM; setsid sleep ${mark} & sleep ${mark} & setsid sh -c 'trap "" TERM; while :; do sleep 0.1; done' $0 ${mark} & echo begun; wait; wait; wait; sleep ${mark}`), { gracePeriod }));
    const left = (): number[] => processes().filter((pid) => commandOf(pid).includes(mark) && !commandOf(pid).includes('remote.sh') && !/remote-client|ssh /.test(commandOf(pid)));
    await until('all of it', () => watching.stdout().length > 0 && left().length > 3, () => left().map(commandOf));
    const began = performance.now();
    watching.stop(signal);
    await watching.ended();
    await until('nobody left', () => left().length === 0, () => left().map(commandOf));
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(watching.outcome()).toMatchObject({ state: 'Stopped', signal: 'SIGKILL' });
  });

  test('a stop of a run that nobody is connected to reaches it', async () => {
    const watching = watch(there, order(sh('trap "echo asked; exit 0" TERM; echo begun; while :; do sleep 0.05; done'), { leaves: true }));
    await watching.ended();
    watching.again();
    await until('the client', () => watching.has('host'));
    watching.stop('SIGTERM');
    await watching.ended();
    expect([watching.stdout().toString(), watching.outcome()?.state]).toEqual(['begun\nasked\n', 'Stopped']);
  });

  test('a SIGTERM without a wish, as of a computer that goes down, ends the client and nothing over there', async () => {
    const watching = watch(there, order(sh('trap "echo asked" TERM; echo begun; sleep 1; echo done')));
    await until('a line', () => watching.stdout().length > 0);
    watching.child.kill('SIGTERM');
    await watching.ended();
    expect([watching.outcome(), watching.disconnected()]).toEqual([undefined, 'the connection to 127.0.0.1 was lost, where it may go on: the program that watches it was told to end']);
    watching.again();
    await watching.ended();
    expect([watching.stdout().toString(), watching.outcome()?.state]).toEqual(['begun\ndone\n', 'Completed']);
  });

  test('a second connection to the same computer uses the first one, and one that has died is replaced', async () => {
    const shared = order(['true'], { shares: true });
    expect((await run(there, shared)).outcome()?.state).toBe('Completed');
    const before = there.log().match(/Accepted/g)?.length;
    expect((await run(there, shared)).outcome()?.state).toBe('Completed');
    expect((await run(there, order(['true']))).outcome()?.state).toBe('Completed');
    expect(there.log().match(/Accepted/g)?.length).toBe(before);
    there.cut();
    await there.start();
    expect((await run(there, shared)).outcome()?.state).toBe('Completed');
  });

  test('nobody sees a script, a word of it or a variable in the list of processes', async () => {
    const secret = `s${randomBytes(8).toString('hex')}`;
    const gate = join(there.folder, 'seen');
    const text = Buffer.from(`# ${secret}\nuntil [ -e ${gate} ]; do sleep 0.05; done; echo "$TOKEN"`);
    const watching = watch(there, order(['sh', OWN_FILE], { environment: { TOKEN: secret }, file: { name: 'script', bytes: { base64: text.toString('base64') } } }));
    await until('it runs', () => watching.has('started'));
    const seen = processes().map(commandOf).filter((words) => words.includes(secret));
    writeFileSync(gate, '');
    await watching.ended();
    expect([seen, watching.stdout().toString()]).toEqual([[], `${secret}\n`]);
  });

  test('runs that ended a month ago and were not asked for are swept; others stay', async () => {
    const old = (name: string): string => {
      const folder = join(there.remote, name);
      mkdirSync(join(folder, '1'), { recursive: true });
      const long = new Date(Date.now() - 40 * 86_400_000);
      for (const file of ['1/exit.json', '1/claim']) writeFileSync(join(folder, file), '{"exitCode":0}');
      for (const one of ['1/exit.json', '1', '.']) utimesSync(join(folder, one), long, long);
      return folder;
    };
    const [swept, kept] = [old('swept'), old('kept')];
    utimesSync(join(kept, '1', 'exit.json'), new Date(), new Date());
    await run(there, order(['true']));
    await until('it is gone', () => !existsSync(swept));
    expect(existsSync(kept)).toBe(true);
  });

  test('a port where nobody listens: the words of ssh', async () => {
    const { outcome } = await run(there, order(['true'], { port: await freePort() }));
    expect(outcome()).toMatchObject({ state: 'Failed', reason: 'spawn', statusMessage: expect.stringMatching(/^127\.0\.0\.1 could not be reached: connect to host 127\.0\.0\.1 port \d+: Connection refused$/) });
  });

  test('a user whom the computer does not let in: the words of ssh, and no question', async () => {
    expect((await run(there, order(['true'], { user: 'nobody' }))).outcome()?.statusMessage).toMatch(/^127\.0\.0\.1 could not be reached: nobody@127\.0\.0\.1: Permission denied/);
  });

  test('a computer whose host key nobody has accepted is not reached', async () => {
    using there = await startComputers({ names: [] });
    expect((await run(there, order(['true']))).outcome()).toMatchObject({ reason: 'spawn', statusMessage: `127.0.0.1 could not be reached: No ED25519 host key is known for [127.0.0.1]:${there.port} and you have requested strict checking.` });
  });

  test('without ssh nothing is reached', async () => {
    const bare = { ...there, environment: { ...there.environment, PATH: there.folder } };
    expect((await run(bare, order(['true']))).outcome()?.statusMessage).toBe('127.0.0.1 could not be reached: the program ssh was not found');
  });
});

describe.skipIf(SSHD === undefined)('computers of other kinds', () => {
  test('one that an open connection reaches no more, though a new one does, is reached by a new one', { timeout: 90_000 }, async () => {
    using there = await startComputers();
    const shared = order(['true'], { shares: true });
    await run(there, shared);
    const serving = sessionsOf(there);
    expect(serving).toHaveLength(1);
    for (const pid of serving) process.kill(pid, 'SIGSTOP');
    expect((await run(there, shared)).outcome()?.state).toBe('Completed');
    for (const pid of serving) process.kill(pid, 'SIGKILL');
  });

  test('login files that talk on both streams are not heard', async () => {
    using there = await startComputers({ config: `ForceCommand echo welcome; echo 'be careful' >&2; printf 'no end'; printf 'none' >&2; eval "$SSH_ORIGINAL_COMMAND"` });
    const { stdout, stderr, outcome } = await run(there, order(sh('echo out; echo err >&2')));
    expect([stdout().toString(), stderr().toString(), outcome()?.state]).toEqual(['out\n', 'err\n', 'Completed']);
  });

  test('one that lets nobody in says why in its own words', async () => {
    using there = await startComputers({ config: `ForceCommand echo 'This account is currently not available.'; exit 1` });
    expect((await run(there, order(['true']))).outcome()?.statusMessage).toBe('127.0.0.1 could not be reached: This account is currently not available.');
  });

  test('a changed host key is refused', async () => {
    using there = await startComputers();
    const known = join(there.folder, 'known');
    writeFileSync(known, readFileSync(known, 'utf8').replaceAll(/ssh-ed25519 \S+/g, readFileSync(join(there.folder, 'key.pub'), 'utf8').split(' ').slice(0, 2).join(' ')));
    expect((await run(there, order(['true']))).outcome()?.statusMessage).toBe(`127.0.0.1 could not be reached: Host key for [127.0.0.1]:${there.port} has changed and you have requested strict checking.`);
  });

  test.each([['StrictHostKeyChecking accept-new', 'Completed'], ['StrictHostKeyChecking no', 'Failed']])('"%s" in the user\'s own configuration: a new computer is %s', async (clientConfig, state) => {
    using there = await startComputers({ clientConfig, names: [] });
    expect((await run(there, order(['true'], { user: USER }))).outcome()?.state).toBe(state);
  });

  // Of busybox all tools, of the others the shell alone.
  test.each(['dash', 'bash --posix', 'busybox sh', 'mksh', 'zsh --emulate sh'])('its shell may be %s: a run, one that is taken up again, and a stop', { timeout: 30_000 }, async (shell) => {
    const [program = '', ...words] = shell.split(' ');
    const found = process.env['PATH']?.split(':').map((folder) => join(folder, program)).find(existsSync);
    if (found === undefined) return;
    using there = await startComputers({ path: program === 'busybox' ? 'FOLDER/shells' : 'FOLDER/shells:/usr/bin:/bin' });
    const shells = join(there.folder, 'shells');
    mkdirSync(shells);
    if (program === 'busybox') execFileSync(found, ['--install', '-s', shells]);
    rmSync(join(shells, 'sh'), { force: true });
    writeFileSync(join(shells, 'sh'), `#!/bin/sh\n: >${there.folder}/used\nexec ${found} ${words.join(' ')} "$@"\n`);
    chmodSync(join(shells, 'sh'), 0o755);
    const text = 'cat; echo err >&2; exit 5';
    const ran = await run(there, order(sh(text), { input: { base64: Buffer.from('in\n').toString('base64') } }));
    expect([ran.stdout().toString(), ran.stderr().toString(), ran.outcome()?.exitCode, existsSync(join(there.folder, 'used')), there.runs()]).toEqual(['in\n', 'err\n', 5, true, []]);
    const left = await run(there, order(sh('echo early; sleep 0.2; echo late'), { leaves: true }));
    left.again();
    await left.ended();
    expect([left.stdout().toString(), left.outcome()?.state]).toEqual(['early\nlate\n', 'Completed']);
    const stopped = watch(there, order(sh('trap "" TERM; echo begun; sleep 60; sleep 60'), { gracePeriod: 200 }));
    await until('a line', () => stopped.stdout().length > 0);
    stopped.stop('SIGTERM');
    await stopped.ended();
    // One of them does not say that it was a signal.
    expect(stopped.outcome()).toMatchObject({ state: 'Stopped', ...(program === 'zsh' ? { exitCode: 137 } : { signal: 'SIGKILL' }) });
  });
});

/** Processes of sshd that serve a connection. */
function sessionsOf({ folder }: Computers): number[] {
  const [server] = processes().filter((pid) => commandOf(pid).includes(`${folder}/sshd.conf`));
  return descendants(server as number, /^sshd: /);
}

function memoryOf(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
