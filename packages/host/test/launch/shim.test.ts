import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sessionMembers } from '../../src/launch/processes.ts';
import { contentOf, runs, statField, temporaryFolder, until } from '../folder.ts';

const SHIM = fileURLToPath(new URL('../../src/launch/shim.sh', import.meta.url));
const SHELLS: readonly (readonly string[])[] = [['/bin/sh'], ['dash'], ['bash'], ['bash', '--posix'], ['busybox', 'sh'], ['ksh'], ['yash']];
const present = SHELLS.filter(([program, ...words]) => spawnSync(program as string, [...words, '-c', ':']).status === 0);

const canMount = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'ignore' }).status === 0;

interface ShimOptions {
  readonly mask?: string;
  readonly env?: Record<string, string>;
  readonly attempt?: string;
  /** Default: one of its own. */
  readonly root?: string;
  readonly limit?: readonly [timeout: string, grace: string];
  readonly shim?: string;
  /** What ends what the command has started elsewhere. */
  readonly cleanUp?: string;
}

describe.each(present.map((shell) => [shell.join(' '), shell] as const))('under %s', (_, [program, ...words]) => {
  function begin(argv: readonly string[], { mask = '022', env = {}, attempt, root = temporaryFolder(), limit = ['-', '-'], shim = SHIM, cleanUp }: ShimOptions = {}) {
    const folder = attempt ?? join(root, '1');
    if (attempt === undefined) mkdirSync(folder);
    if (cleanUp !== undefined) writeFileSync(join(folder, 'clean-up'), `exec ${cleanUp}\n`);
    // The files of an attempt lie in its folder; where there is none they must lie somewhere.
    const own = attempt === undefined || existsSync(join(attempt, 'claim')) ? folder : root;
    const files = ['stdout', 'note', 'stderr'].map((name) => openSync(join(own, name), 'a', 0o600));
    const child = spawn(program as string, [...words, shim, folder, mask, ...limit, ...argv], {
      detached: true, cwd: root, stdio: ['ignore', ...files], env: { PATH: process.env['PATH'], FOLDER: `${root}/`, ...env },
    });
    const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    for (const file of files) closeSync(file);
    const read = (name: string) => readFileSync(join(own, name), 'utf8');
    const exit = () => JSON.parse(readFileSync(join(folder, 'exit.json'), 'utf8')) as unknown;
    return { root, folder, pid: child.pid as number, ended, read, exit };
  }
  const sh = (text: string, options?: ShimOptions) => begin(['/bin/sh', '-c', text], options);

  test.each([0, 1, 2, 3, 42, 64, 125, 126, 127, 128, 129, 130, 137, 139, 141, 143, 254, 255])('exit code %i is recorded as what it is', async (code) => {
    const run = sh(`exit ${code}`);
    expect(await run.ended).toEqual([null, 'SIGKILL']);
    expect(run.exit()).toEqual({ exitCode: code });
  });

  test.each(['HUP', 'QUIT', 'ILL', 'ABRT', 'BUS', 'FPE', 'KILL', 'USR1', 'SEGV', 'USR2', 'ALRM', 'TERM', 'XCPU'])('SIG%s is told from the exit code of its number', async (name) => {
    const run = sh(`ulimit -c 0; kill -${name} $$`);
    await run.ended;
    expect(run.exit()).toEqual({ signal: `SIG${name}` });
  });

  test.each([130, 137, 255])('exit code %i is what it is also where the shell complains of its locale', async (code) => {
    const run = sh(`exit ${code}`, { env: { LC_ALL: 'xx_YY.UTF-8' } });
    await run.ended;
    expect(run.exit()).toEqual({ exitCode: code });
  });

  test.skipIf(!canMount)('a signal is told from an exit code on a full disk', async () => {
    const disk = temporaryFolder();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', disk]);
    onTestFinished(() => void execFileSync('umount', ['--lazy', disk]));
    const run = sh('cat /dev/zero >fill; kill -KILL $$', { root: disk });
    await run.ended;
    expect(run.exit()).toEqual({ signal: 'SIGKILL' });
  });

  const MARK = `sh -c 'echo "$NAME" > "$MARKS/mark"'`;

  test.each([
    ['a kill', 'kill -KILL $$', ['-', '-'], { signal: 'SIGKILL' }],
    ['the end of its time', `trap '' TERM; while :; do sleep 0.05; done`, ['0.1', '0.1'], { reason: 'timeout', signal: 'SIGKILL' }],
  ] as const)('what a command has started elsewhere is ended after %s, before the end is recorded', async (_what, text, limit, exit) => {
    const marks = temporaryFolder();
    const run = sh(text, { limit, cleanUp: MARK, env: { NAME: 'gone', MARKS: marks } });
    await run.ended;
    expect(run.exit()).toEqual(exit);
    expect(contentOf(join(marks, 'mark'))).toBe('gone');
    expect(statSync(join(marks, 'mark')).mtimeMs).toBeLessThanOrEqual(statSync(join(run.folder, 'exit.json')).mtimeMs);
  });

  test.each([0, 3, 137])('an end of its own with code %i leaves nothing to be ended', async (code) => {
    const marks = temporaryFolder();
    const run = sh(`exit ${code}`, { cleanUp: MARK, env: { NAME: 'gone', MARKS: marks } });
    await run.ended;
    expect(run.exit()).toEqual({ exitCode: code });
    expect(existsSync(join(marks, 'mark'))).toBe(false);
  });

  test('what ends it is begun anew where it was killed with everything else of the session', async () => {
    const marks = temporaryFolder();
    const run = sh('kill -KILL $$', { cleanUp: `sh -c 'if mkdir "$MARKS/first"; then exec sleep 600; else echo gone > "$MARKS/mark"; fi'`, env: { MARKS: marks } });
    const others = () => sessionMembers(run.pid).filter(({ pid }) => pid !== run.pid);
    await until('it cleans up, and somebody looks at the time', () => existsSync(join(marks, 'first')) && others().length >= 3 && others());
    for (const { pid } of others()) process.kill(pid, 'SIGKILL');
    await run.ended;
    expect(run.exit()).toEqual({ signal: 'SIGKILL' });
    expect(contentOf(join(marks, 'mark'))).toBe('gone');
  });

  test('a signal to the group does not end what ends it', async () => {
    const marks = temporaryFolder();
    const run = sh('kill -KILL $$', { cleanUp: `sh -c 'mkdir "$MARKS/first"; while [ ! -e "$MARKS/go" ]; do sleep 0.05; done; echo gone > "$MARKS/mark"'`, env: { MARKS: marks } });
    await until('it cleans up', () => existsSync(join(marks, 'first')));
    for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.kill(-run.pid, name);
    mkdirSync(join(marks, 'go'));
    await run.ended;
    expect(run.exit()).toEqual({ signal: 'SIGKILL' });
    expect(contentOf(join(marks, 'mark'))).toBe('gone');
  });

  test.runIf(program === '/bin/sh')('what does not come to its end there holds the record up for four seconds, and goes with it', async () => {
    const marks = temporaryFolder();
    const run = sh('kill -KILL $$', { cleanUp: `sh -c 'echo $$ > "$MARKS/mark"; exec sleep 600'`, env: { MARKS: marks } });
    await run.ended;
    expect(run.exit()).toEqual({ signal: 'SIGKILL' });
    expect(runs(Number(contentOf(join(marks, 'mark'))))).toBe(false);
  });

  test.each([['INT', 130], ['PIPE', 141]] as const)('SIG%s reads as the exit code %i: shells do not tell of it', async (name, code) => {
    const run = sh(`kill -${name} $$`);
    await run.ended;
    expect(run.exit()).toEqual({ exitCode: code });
  });

  test.each(['HUP', 'INT', 'QUIT', 'TERM'])('a command can catch SIG%s to the group, and goes on to its own exit code', async (name) => {
    const run = sh(`trap 'echo caught; exit 7' ${name}; echo ready; while :; do sleep 0.05; done`);
    await until('the command is ready', () => run.read('stdout').includes('ready'));
    process.kill(-run.pid, `SIG${name}`);
    await run.ended;
    expect(run.exit()).toEqual({ exitCode: 7 });
    expect(run.read('stdout')).toBe('ready\ncaught\n');
  });

  test.each(['HUP', 'INT', 'QUIT', 'TERM'])('SIG%s to the group ends a command that does not catch it, and its end is recorded', async (name) => {
    const run = sh('echo ready; exec sleep 600');
    await until('the command is ready', () => run.read('stdout').includes('ready'));
    process.kill(-run.pid, `SIG${name}`);
    await run.ended;
    expect(run.exit()).toEqual(name === 'INT' ? { exitCode: 130 } : { signal: `SIG${name}` });
  });

  test.each(['HUP', 'INT', 'QUIT', 'TERM'])('a command has SIG%s neither ignored nor blocked', async (name) => {
    const run = begin(['cat', '/proc/self/status']);
    await run.ended;
    const mask = (field: string) => BigInt(`0x${new RegExp(`^${field}:\\s*([0-9a-f]+)$`, 'm').exec(run.read('stdout'))?.[1]}`);
    const bit = 1n << BigInt({ HUP: 1, INT: 2, QUIT: 3, TERM: 15 }[name as 'HUP'] - 1);
    expect([mask('SigIgn') & bit, mask('SigBlk') & bit]).toEqual([0n, 0n]);
  });

  test('its claim names itself beyond doubt: pid, start time, boot', async () => {
    const run = sh('echo ready; exec sleep 600');
    await until('the command is ready', () => run.read('stdout').includes('ready'));
    expect(contentOf(join(run.folder, 'claim'))).toBe(`${run.pid} ${statField(run.pid, 22)} ${contentOf('/proc/sys/kernel/random/boot_id')}`);
    process.kill(-run.pid, 'SIGKILL');
    await run.ended;
  });

  test('the bytes of the exit record are reserved before the command begins, and nothing but them is read until it ends', async () => {
    const run = sh('echo ready; exec sleep 600');
    await until('the command is ready', () => run.read('stdout').includes('ready'));
    expect(readFileSync(join(run.folder, 'exit.json'), 'utf8')).toBe(`${' '.repeat(63)}\n`);
    process.kill(-run.pid, 'SIGTERM');
    await run.ended;
    expect(statSync(join(run.folder, 'exit.json')).size).toBe(64);
  });

  test('what it writes is private, and the command has the umask of the caller', async () => {
    const run = sh('umask; echo x >made', { mask: '007' });
    await run.ended;
    expect(['claim', 'exit.json'].map((name) => (statSync(join(run.folder, name)).mode & 0o777).toString(8))).toEqual(['600', '600']);
    expect(run.read('stdout').trim().replace(/^0+/, '')).toBe('7');
    expect((statSync(join(run.root, 'made')).mode & 0o777).toString(8)).toBe('660');
  });

  test('words arrive byte for byte', async () => {
    const nasty = ['', ' ', 'a b', '*', '$HOME', '`id`', "'", '"', '\\', '\\n', 'line\nbreak', '--', '-n', '%s', ';', '&', '>x', 'ä😀', '\u0001\u007f'];
    const run = begin(['printf', '%s\\0', ...nasty]);
    await run.ended;
    expect(run.read('stdout').split('\0').slice(0, -1)).toEqual(nasty);
  });

  test("variables of the caller's that are named like ours or like those of shells reach the command unchanged", async () => {
    const names = ['attempt', 'mask', 'start', 'stat', 'me', 'end', 'boot', 'fields', 'main', 'record', 'who_am_i', 'start_of', 'signal', 'code', 'status', 'i', 'x', 'ENV', 'CDPATH', 'NULLCMD'];
    const env = Object.fromEntries(names.map((name) => [name, `value of ${name}`]));
    const run = begin(['env', '-0'], { env });
    await run.ended;
    const seen = Object.fromEntries(run.read('stdout').split('\0').filter(Boolean).map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
    expect(seen).toMatchObject(env);
    expect(Object.keys(seen).filter((name) => name.startsWith('nightshift_'))).toEqual([]);
    expect(run.exit()).toEqual({ exitCode: 0 });
  });

  test('an IFS of the caller does not confuse it', async () => {
    const run = sh('exit 3', { env: { IFS: '0123456789' } });
    await run.ended;
    expect(contentOf(join(run.folder, 'claim'))).toMatch(/^\d+ \d+ [0-9a-f-]{36}$/);
    expect(run.exit()).toEqual({ exitCode: 3 });
  });

  test('the command has three descriptors and no more', async () => {
    const run = begin(['ls', '-l', '/proc/self/fd']);
    await run.ended;
    const open = run.read('stdout').split('\n').flatMap((line) => / (\d+) -> (\S+)/.exec(line)?.slice(1).join(' ') ?? []);
    expect(open.filter((one) => Number(one.split(' ')[0]) < 10 && !one.includes('/proc/'))).toEqual(['0 /dev/null', `1 ${run.folder}/stdout`, `2 ${run.folder}/stderr`]);
  });

  test('a time limit without an instance id ends no job but its own', async () => {
    const bystander = spawn('sleep', ['60'], { env: { NIGHTSHIFT_INSTANCE_ID: 'of-another-job', PATH: process.env['PATH'] }, stdio: 'ignore' });
    try {
      const run = begin(['sleep', '60'], { limit: ['0.05', '0.05'] });
      await run.ended;
      expect(run.exit()).toEqual({ reason: 'timeout', signal: 'SIGTERM' });
      // A child that was killed is told by its own parent at once, before the shim is.
      expect([bystander.exitCode, bystander.signalCode]).toEqual([null, null]);
    } finally {
      bystander.kill('SIGKILL');
    }
  });

  test('a time limit holds where sleep takes whole seconds only, and ends nothing early', async () => {
    const tools = temporaryFolder();
    writeFileSync(join(tools, 'sleep'), '#!/bin/sh\ncase $1 in *.*) exit 1 ;; esac\nexec /bin/sleep "$1"\n', { mode: 0o755 });
    const shim = join(tools, 'shim.sh');
    writeFileSync(shim, readFileSync(SHIM, 'utf8').replace('PATH=/usr/bin:/bin', `PATH=${tools}`));
    const begun = performance.now();
    const run = sh('exec /bin/sleep 600', { shim, limit: ['0.200', '10'] });
    await run.ended;
    expect(run.exit()).toEqual({ reason: 'timeout', signal: 'SIGTERM' });
    expect(performance.now() - begun).toBeGreaterThan(200);
  });

  test("the command's words on standard error are no note of ours", async () => {
    const run = sh('echo Killed >&2; exit 137');
    await run.ended;
    expect([run.read('stderr'), run.read('note'), run.exit()]).toEqual(['Killed\n', '\n', { exitCode: 137 }]);
  });

  test('nothing that the command left in its group outlives it', async () => {
    const run = sh(`sleep 600 & echo $!; trap '' TERM HUP; (trap '' TERM; sleep 600) & echo $!; exit 5`);
    await run.ended;
    expect(run.exit()).toEqual({ exitCode: 5 });
    const left = run.read('stdout').trim().split('\n').map(Number);
    expect(left).toHaveLength(2);
    await until('all of them are gone', () => left.every((pid) => !runs(pid)));
  });

  test('an attempt that was begun already is not begun again', async () => {
    const first = sh('echo once');
    await first.ended;
    const files = readdirSync(first.folder);
    const second = sh('echo twice', { attempt: first.folder });
    expect(await second.ended).toEqual([125, null]);
    expect(second.read('stdout')).toBe('once\n');
    expect([readdirSync(first.folder), first.exit()]).toEqual([files, { exitCode: 0 }]);
  });

  test('an attempt whose claim a recovery has taken is not begun', async () => {
    const attempt = join(temporaryFolder(), '1');
    mkdirSync(attempt);
    writeFileSync(join(attempt, 'claim'), 'revoked\n');
    const run = sh('echo x', { attempt });
    expect(await run.ended).toEqual([125, null]);
    expect([run.read('stdout'), contentOf(join(attempt, 'claim')), contentOf(join(attempt, 'exit.json'))]).toEqual(['', 'revoked', undefined]);
  });

  test.each([
    ['is not there', (root: string) => join(root, 'missing')],
    ['is a file', (root: string) => join(root, 'file')],
    ['cannot be written', () => '/proc'],
  ])('an attempt whose folder %s is not begun', async (_name, folderOf) => {
    const root = temporaryFolder();
    writeFileSync(join(root, 'file'), '');
    const run = sh('echo x', { attempt: folderOf(root) });
    expect(await run.ended).toEqual([125, null]);
    expect(run.read('stdout')).toBe('');
    expect(run.read('note')).not.toBe('');
  });

  test('a folder with blanks, quotes and wildcards in its name is its folder', async () => {
    const attempt = join(temporaryFolder(), `a b'"$HOME*?[x]\n`);
    mkdirSync(attempt);
    const run = sh('exit 4', { attempt });
    await run.ended;
    expect(run.exit()).toEqual({ exitCode: 4 });
    expect(existsSync(join(attempt, 'claim'))).toBe(true);
  });

  test('a program that has gone since it was looked up ends with 127', async () => {
    const run = begin(['/nowhere/bogus']);
    await run.ended;
    expect(run.exit()).toEqual({ exitCode: 127 });
  });
});

test('at least two shells have tried it', () => {
  expect(present.length).toBeGreaterThanOrEqual(2);
});
