// Nightly's script against real repositories, and its archives against the tar and sha256sum of this machine.

import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  archives, canUnpack, checkedSums, ending, environment, everyFileIn, flipped, git, hasFifo, hasSignals, hasTar,
  inArchiveFolder, inRepo, latin1, members, moduleOfScript, newFolder, newRepository, oddNames, partialWithContent, put,
  putEndlessFile, removeFolders, repo, SCRIPT, sha256, snapshot, startSnapshot, tracked, unpack, whatIs,
} from './snapshot-run.ts';

beforeEach(newRepository);
afterEach(() => void vi.restoreAllMocks());
afterAll(removeFolders);

describe('an archive unpacked with tar', () => {
  test.skipIf(!canUnpack)('is byte for byte what git tracks, odd names, links, modes and large files included', async () => {
    for (const name of oddNames()) put(name, `content of ${name}`);
    put('empty', '');
    put('large.bin', randomBytes(20_000_000));
    put('bin/tool', '#!/bin/sh\n', 0o755);
    symlinkSync('bin/tool', join(repo, 'link'));
    symlinkSync('no/such/file', join(repo, 'dangling'));
    symlinkSync('far/'.repeat(40), join(repo, 'long-link'));
    git('add', '--all');

    const run = await snapshot();
    expect(run).toMatchObject({ exitCode: 0, stderr: '', warnings: [] });
    const unpacked = unpack(run.archive);

    expect(everyFileIn(unpacked)).toEqual([...tracked(), 'MANIFEST.sha256'].sort());
    for (const path of tracked()) expect(whatIs(unpacked, path), path).toEqual(whatIs(repo, path));
    expect(checkedSums(unpacked)).toBe(tracked().length - 3); // the three links have no sums
  });

  test.skipIf(!canUnpack)('keeps a tracked MANIFEST.sha256 and names its own differently', async () => {
    put('manifest.SHA256', 'ours');
    put('MANIFEST.sha256', 'ours too');
    const run = await snapshot();
    expect(run.warnings).toEqual(['git tracks a MANIFEST.sha256 of its own; the sums of this archive are in MANIFEST.1.sha256']);
    const unpacked = unpack(run.archive);
    expect(readFileSync(join(unpacked, 'MANIFEST.sha256'), 'utf8')).toBe('ours too');
    expect(checkedSums(unpacked, 'MANIFEST.1.sha256')).toBe(2);
  });

  test.skipIf(!hasTar)('holds each file once during a merge conflict', async () => {
    put('file', 'base');
    git('add', '.');
    git('commit', '-qm', 'base');
    git('checkout', '-qb', 'theirs');
    put('file', 'theirs');
    git('commit', '-qam', 'theirs');
    git('checkout', '-q', '-');
    put('file', 'ours');
    git('commit', '-qam', 'ours');
    expect(() => git('merge', 'theirs')).toThrow();
    const run = await snapshot();
    expect(run.exitCode).toBe(0);
    expect(members(run.archive)).toEqual(['file', 'MANIFEST.sha256']);
  });

  test.skipIf(!hasTar)('holds the whole repository when the run starts in a folder of it', async () => {
    put('a', '1');
    put('deep/er/b', '2');
    git('add', '.');
    const run = await snapshot([], { cwd: join(repo, 'deep/er') });
    expect(members(run.archive)).toEqual(['a', 'deep/er/b', 'MANIFEST.sha256']);
  });

  test.skipIf(!hasTar)('never holds the archive folder, even if git tracks it', async () => {
    put('a', '1');
    put('.snapshots/notes.txt', 'tracked by accident');
    git('add', '--force', '.');
    const run = await snapshot();
    expect(run).toMatchObject({ exitCode: 0, warnings: [expect.stringContaining('1 tracked file in the archive folder left out')] });
    expect(members(run.archive)).toEqual(['a', 'MANIFEST.sha256']);
  });

  test.skipIf(!hasTar)('leaves out a submodule and says so', async () => {
    put('a', '1');
    git('add', '.');
    git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},sub`);
    const run = await snapshot([], { add: false });
    expect(run).toMatchObject({ exitCode: 0, warnings: [expect.stringContaining('"sub" is a submodule')] });
    expect(members(run.archive)).toEqual(['a', 'MANIFEST.sha256']);
  });

  test('is readable by its owner only, like the folder made for it', async () => {
    put('a', '1');
    const run = await snapshot(['--to', 'new/folder', '--keep', '1']);
    expect(statSync(dirname(run.archive)).mode & 0o777).toBe(0o700);
    expect(statSync(run.archive).mode & 0o777).toBe(0o600);
  });
});

describe('what a run says', () => {
  test('is progress that only rises, and a summary as the last line', async () => {
    for (let i = 0; i < 30; i += 1) put(`file-${i}`, randomBytes(200_000));
    const run = await snapshot();
    const percents = run.lines.flatMap((line) => /^::progress activity=archive,percent=(\d+)::\d+ of 30 files$/.exec(line)?.[1] ?? []).map(Number);
    expect(percents.length).toBeGreaterThanOrEqual(2);
    expect(percents).toEqual(percents.toSorted((a, b) => a - b));
    expect(percents.at(-1)).toBe(100);
    expect(run.lines.filter((line) => line.startsWith('::progress')).length).toBeLessThan(20 * (2 + run.seconds));
    expect(run.lines.at(-1)).toMatch(/^snapshot: 30 files, 6\.0 MB, verified, \.snapshots.snapshot-.*\.tar\.gz, 0 older pruned$/);
    expect(run.lines.slice(0, -1).filter((line) => !line.startsWith('::progress'))).toEqual([]);
  });

  test('cannot be forged by the name of a file', async () => {
    put('good', '1');
    const name = 'evil\n::error::broken in\n\u202e"\\\u001b[31m';
    put(name, '2');
    git('add', '--all');
    rmSync(join(repo, name));
    const run = await snapshot([], { add: false });
    expect(run.warnings).toEqual([
      String.raw`"evil\n::error::broken in\n\u{202e}\"\\\x1b[31m" is not in the archive: git tracks it, but it no longer exists`,
    ]);
    expect(run.lines.filter((line) => line.startsWith('::error'))).toEqual([]);
  });

  test.skipIf(process.platform !== 'linux')('shows the bytes of a name that is not UTF-8', async () => {
    put('good', '1');
    const name = latin1('caf\xe9\n');
    put(name, '2');
    git('add', '--all');
    rmSync(inRepo(name));
    expect((await snapshot([], { add: false })).warnings).toEqual([expect.stringContaining(String.raw`"caf\xe9\n" is not in the archive`)]);
  });

  test('does not matter when nobody reads it', async () => {
    put('a', randomBytes(3_000_000));
    git('add', '.');
    const child = spawn(process.execPath, [SCRIPT, '--to', '.snapshots', '--keep', '2'], { cwd: repo, env: environment(), stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.destroy();
    expect(await ending(child)).toEqual({ exitCode: 0, signal: null });
    expect(archives()).toHaveLength(1);
  });
});

describe('a file that is not there to be read', () => {
  test.skipIf(!hasTar)('is a warning and no failure when it was deleted', async () => {
    put('kept', '1');
    put('deleted', '2');
    put('folder/deleted', '3');
    git('add', '.');
    rmSync(join(repo, 'deleted'));
    rmSync(join(repo, 'folder'), { recursive: true });
    const run = await snapshot([], { add: false });
    expect(run.exitCode).toBe(0);
    expect(run.warnings).toEqual([expect.stringMatching(/^"deleted" is not/), expect.stringMatching(/^"folder\/deleted" is not/)]);
    expect(run.archive).not.toContain('incomplete');
    expect(members(run.archive)).toEqual(['kept', 'MANIFEST.sha256']);
  });

  test.skipIf(!canUnpack || !hasFifo)('is exit code 3 and an incomplete archive when a folder or a pipe stands there', async () => {
    for (const name of ['a-folder', 'a-pipe', 'kept']) put(name, '1');
    git('add', '.');
    rmSync(join(repo, 'a-folder'));
    rmSync(join(repo, 'a-pipe'));
    mkdirSync(join(repo, 'a-folder'));
    execFileSync('mkfifo', [join(repo, 'a-pipe')]);
    const run = await snapshot([], { add: false });
    expect(run.exitCode).toBe(3);
    expect(run.warnings).toEqual([
      '"a-folder" is not in the archive: a folder has taken its place',
      '"a-pipe" is not in the archive: a pipe, socket or device has taken its place',
    ]);
    expect(run.archive).toMatch(/-incomplete\.tar\.gz$/);
    expect(run.lines.at(-1)).toContain('verified, 2 files missing or damaged, ');
    expect(checkedSums(unpack(run.archive))).toBe(1);
  });

  test.skipIf(!hasSignals)('is exit code 3 when it may not be read', async () => {
    for (const name of ['kept', 'secret']) put(name, '1');
    // As root everything may be read; the file system says no in its place.
    const run = await snapshot([], { preload: `
      import fs from 'node:fs/promises';
      const { open } = fs;
      fs.open = (path, ...rest) => String(path) === 'secret' ? Promise.reject(Object.assign(new Error('no'), { code: 'EACCES', syscall: 'open' })) : open(path, ...rest);
    ` });
    expect(run).toMatchObject({ exitCode: 3, warnings: ['"secret" is not in the archive: permission denied'] });
  });

  test.skipIf(!hasTar)('is not looked for behind a symbolic link', async () => {
    const elsewhere = newFolder();
    writeFileSync(join(elsewhere, 'file'), 'not of this repository');
    put('kept', '1');
    put('folder/file', '2');
    git('add', '.');
    rmSync(join(repo, 'folder'), { recursive: true });
    symlinkSync(elsewhere, join(repo, 'folder'));
    const run = await snapshot([], { add: false });
    expect(run).toMatchObject({ exitCode: 0, warnings: [expect.stringContaining('a symbolic link has taken the place of its folder')] });
    expect(members(run.archive)).toEqual(['kept', 'MANIFEST.sha256']);
  });

  test('is one line for all of them in a sparse checkout', async () => {
    for (const name of ['a', 'b', 'kept']) put(name, name);
    git('add', '.');
    git('update-index', '--skip-worktree', 'a', 'b');
    for (const name of ['a', 'b']) rmSync(join(repo, name));
    const run = await snapshot([], { add: false });
    expect(run).toMatchObject({ exitCode: 0, warnings: ['2 tracked files not checked out here (sparse checkout), so not in the archive'] });
  });

  test.each([
    ['grows', "appendFileSync('log', 'more')"],
    ['shrinks', "truncateSync('log', 1000)"],
    ['is overwritten', "writeFileSync('log', Buffer.alloc(1_000_000, 1))"],
  ])('is damaged, and the archive still good, when it %s meanwhile', async (_, change) => {
    for (const [name, content] of [['a', '1'], ['log', Buffer.alloc(1_000_000)], ['z', '2']] as const) put(name, content);
    utimesSync(join(repo, 'log'), 1, 1);
    const run = await snapshot([], { preload: `
      import { appendFileSync, truncateSync, writeFileSync } from 'node:fs';
      import fs from 'node:fs/promises';
      const { open } = fs;
      fs.open = async (path, ...rest) => {
        const file = await open(path, ...rest);
        const read = file.read.bind(file);
        if (String(path) === 'log') file.read = async (...args) => { const result = await read(...args); ${change}; return result; };
        return file;
      };
    ` });
    expect(run).toMatchObject({ exitCode: 3, warnings: ['"log" is damaged in the archive: it changed while it was being read'] });
    if (canUnpack) expect(checkedSums(unpack(run.archive))).toBe(3);
  });
});

describe('verification', () => {
  test.each([
    ['a flipped bit in the middle', (bytes: Buffer) => flipped(bytes, bytes.length >> 1)],
    ['a flipped bit in the sum of gzip', (bytes: Buffer) => flipped(bytes, bytes.length - 6)],
    ['a missing end', (bytes: Buffer) => bytes.subarray(0, -100)],
    ['an empty file', () => Buffer.alloc(0)],
    ['zeros', (bytes: Buffer) => Buffer.alloc(bytes.length)],
  ])('catches %s, and the older archives stay', async (_, damage) => {
    put('a', randomBytes(100_000));
    const first = await snapshot(['--to', '.snapshots', '--keep', '1']);
    const damaged = join(newFolder(), 'damaged');
    writeFileSync(damaged, damage(readFileSync(first.archive)));
    // The disk gives back something else than was written.
    const run = await snapshot(['--to', '.snapshots', '--keep', '1'], { preload: `
      import fs from 'node:fs';
      const { createReadStream } = fs;
      fs.createReadStream = () => createReadStream(${JSON.stringify(damaged)});
    ` });
    expect(run).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/^snapshot: the archive does not read back as it was written \(.+\); .*\n$/) });
    expect(inArchiveFolder()).toEqual([first.name]);
  });

  test('catches an archive that is sound but not of these files', async () => {
    put('a', 'one');
    const { archive } = await snapshot();
    const { verifyArchive } = await moduleOfScript('verify') as {
      verifyArchive(path: string, packed: { members: object[]; files: number; bytes: number }): Promise<void>;
    };
    vi.spyOn(process.stdout, 'write').mockReturnValue(true); // it shows its progress
    const member = { name: 'a', type: '0', mode: statSync(join(repo, 'a')).mode & 0o777, size: 3, linkName: '', sum: sha256('one') };
    const verdict = (members: object[]) => verifyArchive(archive, { members, files: 1, bytes: 3 });
    await expect(verdict([{ ...member, sum: sha256('two') }])).rejects.toThrow('"a": sum');
    await expect(verdict([{ ...member, name: 'b' }])).rejects.toThrow('"a": name');
    await expect(verdict([member])).rejects.toThrow('"MANIFEST.sha256": nobody put it there');
    const manifest = `${sha256('one')}  a\n`;
    const last = { name: 'MANIFEST.sha256', type: '0', mode: 0o644, size: manifest.length, linkName: '', sum: sha256(manifest) };
    await expect(verdict([member, last])).resolves.toBeUndefined();
    await expect(verdict([member, last, member])).rejects.toThrow('members are missing at its end');
  });
});

describe('pruning', () => {
  test('keeps the newest archives and does not touch foreign files', async () => {
    put('a', '1');
    const foreign = ['notes.txt', 'snapshot-old.tar.gz', 'my-snapshot-20200101T000000.000Z-000000.tar.gz', 'snapshot-20200101T000000.000Z-000000.tar.gz.bak'];
    for (const name of foreign) put(`.snapshots/${name}`, 'foreign');
    mkdirSync(join(repo, '.snapshots/snapshot-20200101T000000.000Z-000000.tar.gz'));
    const made: string[] = [];
    for (let i = 0; i < 4; i += 1) made.push((await snapshot(['--to', '.snapshots', '--keep', '2'], { add: 'a' })).name);
    expect(archives()).toEqual(['snapshot-20200101T000000.000Z-000000.tar.gz', ...made.slice(-2)]);
    expect(inArchiveFolder()).toEqual(expect.arrayContaining(foreign));
  });

  test('says how many went', async () => {
    put('a', '1');
    for (const day of [1, 2, 3]) put(`.snapshots/snapshot-2020010${day}T000000.000Z-000000.tar.gz`, 'old');
    const run = await snapshot(['--to', '.snapshots', '--keep', '1'], { add: 'a' });
    expect(run.lines.at(-1)).toMatch(/, 3 older pruned$/);
    expect(archives()).toEqual([run.name]);
  });

  test('never takes the archive just made, even when an older one is dated later', async () => {
    put('a', '1');
    put('.snapshots/snapshot-29990101T000000.000Z-000000.tar.gz', 'made while the clock was wrong');
    const run = await snapshot(['--to', '.snapshots', '--keep', '1'], { add: 'a' });
    expect(archives()).toEqual([run.name, 'snapshot-29990101T000000.000Z-000000.tar.gz']);
  });

  test('lets incomplete archives grow old, but never push out complete ones', async () => {
    const { surplusOf } = await moduleOfScript('archive-folder') as {
      surplusOf(names: string[], keep: number): string[];
    };
    const complete = (day: number) => `snapshot-2020010${day}T000000.000Z-000000.tar.gz`;
    const incomplete = (day: number) => complete(day).replace('.tar', '-incomplete.tar');
    expect(surplusOf([complete(1), complete(2), incomplete(3), incomplete(4), incomplete(5)], 2)).toEqual([incomplete(3)]);
    expect(surplusOf([incomplete(1), incomplete(2), complete(3), complete(4)], 2)).toEqual([incomplete(1), incomplete(2)]);
  });
});

describe('a run that is ended early', () => {
  test.skipIf(!hasSignals)('leaves no archive when it is killed, and the next run tidies up', async () => {
    putEndlessFile();
    const killed = startSnapshot();
    const partial = await partialWithContent();
    killed.kill('SIGKILL');
    expect(await ending(killed)).toEqual({ exitCode: null, signal: 'SIGKILL' });
    expect(inArchiveFolder()).toEqual([partial]);

    rmSync(join(repo, 'endless'));
    const run = await snapshot([], { add: false });
    expect(run.exitCode).toBe(0);
    expect(inArchiveFolder()).toEqual([run.name]);
  });

  test.skipIf(!hasSignals).each(['SIGTERM', 'SIGINT'] as const)('removes its file and ends on %s', async (signal) => {
    putEndlessFile();
    const stopped = startSnapshot();
    await partialWithContent();
    const asked = performance.now();
    stopped.kill(signal);
    expect(await ending(stopped)).toEqual({ exitCode: null, signal });
    expect(performance.now() - asked).toBeLessThan(5000);
    expect(inArchiveFolder()).toEqual([]);
  });

  test('leaves alone what a living run, or one on another machine, is writing', async () => {
    put('a', '1');
    const host = hostname().replace(/[^A-Za-z0-9-]/g, '-');
    const ofALivingRun = `.snapshot-20200101T000000.000Z-000000.${host}.${process.pid}.partial`;
    const ofAnotherMachine = '.snapshot-20200101T000000.000Z-000000.elsewhere.1.partial';
    const silentForADay = '.snapshot-20200102T000000.000Z-000000.elsewhere.1.partial';
    for (const name of [ofALivingRun, ofAnotherMachine, silentForADay]) put(`.snapshots/${name}`, '');
    utimesSync(join(repo, '.snapshots', silentForADay), 0, 0);
    const run = await snapshot([], { add: 'a' });
    expect(inArchiveFolder()).toEqual([ofAnotherMachine, ofALivingRun, run.name].sort());
  });

  test.skipIf(!hasSignals)('leaves nothing when the disk is full', async () => {
    put('a', '1');
    const run = await snapshot([], { preload: `
      import fs from 'node:fs';
      const { write } = fs;
      fs.write = (fd, ...rest) => rest.at(-1)(Object.assign(new Error('full'), { code: 'ENOSPC', syscall: 'write' }));
    ` });
    expect(run).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/^snapshot: cannot write "\.snapshots": the disk is full; free some space or lower --keep\n$/) });
    expect(inArchiveFolder()).toEqual([]);
  });
});

describe('runs at the same time', () => {
  test('do not collide', async () => {
    put('a', '1');
    git('add', '.');
    const runs = await Promise.all(Array.from({ length: 4 }, () => snapshot([], { add: false })));
    expect(runs.map(({ exitCode, stderr }) => ({ exitCode, stderr }))).toEqual(runs.map(() => ({ exitCode: 0, stderr: '' })));
    expect(archives()).toEqual(runs.map(({ name }) => name).sort());
    expect(new Set(archives()).size).toBe(4);
  });
});

describe('a run that cannot do its work says so in one sentence', () => {
  const usage = 'usage: node snapshot.mjs --to FOLDER --keep NUMBER';
  test.each([
    [['--to', 'x'], `--keep must say how many archives stay; ${usage}`],
    [['--keep', '1'], `--to must name the folder for the archives; ${usage}`],
    [['--to', 'x', '--keep', '0'], `--keep must be a whole number from 1 to 999999, not "0"; ${usage}`],
    [['--to', 'x', '--keep', 'seven\n::error::'], String.raw`--keep must be a whole number from 1 to 999999, not "seven\n::error::"; ${usage}`],
    [['--to', 'x', '--keep', '1', '--kep', '2'], `Unknown option '--kep'; ${usage}`],
    [['--to', 'x', '--keep', '1', 'more'], `Unexpected argument 'more'; ${usage}`],
    [['--to', '.', '--keep', '1'], '--to names the root of the repository itself; name a folder of its own, such as .snapshots'],
  ])('when the arguments are %j', async (args, sentence) => {
    put('a', '1');
    const run = await snapshot(args);
    expect(run).toMatchObject({ exitCode: 2, lines: [] });
    expect(run.stderr).toBe(`snapshot: ${sentence}\n`);
  });

  test('when there is no repository', async () => {
    const run = await snapshot([], { cwd: newFolder(), add: false });
    expect(run).toMatchObject({ exitCode: 1, lines: [], stderr: expect.stringMatching(/^snapshot: ".+" is not in the work tree of a git repository; let workingDirectory [^\n]+\n$/) });
  });

  test('when the repository has no work tree', async () => {
    const run = await snapshot([], { cwd: join(repo, '.git'), add: false });
    expect(run).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('is not in the work tree of a git repository') });
  });

  test('when there is no git', async () => {
    const run = await snapshot([], { add: false, env: { PATH: newFolder() } });
    expect(run).toMatchObject({ exitCode: 1, stderr: 'snapshot: there is no git program; install git or add its folder to PATH\n' });
  });

  test('when git tracks nothing, and the older archives stay', async () => {
    put('a', '1');
    const { name } = await snapshot(['--to', '.snapshots', '--keep', '1']);
    rmSync(join(repo, '.git/index'));
    const run = await snapshot(['--to', '.snapshots', '--keep', '1'], { add: false });
    expect(run).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('git tracks no file') });
    expect(archives()).toEqual([name]);
  });

  test('when not one file could be read, and the older archives stay', async () => {
    put('a', '1');
    const { name } = await snapshot(['--to', '.snapshots', '--keep', '1']);
    rmSync(join(repo, 'a'));
    const run = await snapshot(['--to', '.snapshots', '--keep', '1'], { add: false });
    expect(run).toMatchObject({ exitCode: 1, stderr: 'snapshot: no tracked file could be read (there is a warning for each), so no archive was made\n' });
    expect(inArchiveFolder()).toEqual([name]);
  });

  test.each(['a', 'a/folder'])('when the folder cannot be made: %s', async (to) => {
    put('a', 'a file in the way');
    const run = await snapshot(['--to', to, '--keep', '1']);
    expect(run).toMatchObject({ exitCode: 1, stderr: `snapshot: cannot write "${to}": a file is in the way; name another folder with --to\n` });
  });
});

test('a large file is never held in memory', async () => {
  put('a', '1');
  put('large', '');
  git('add', '.');
  truncateSync(join(repo, 'large'), 300_000_000);
  const report = join(newFolder(), 'memory');
  const run = await snapshot([], { add: false, preload: `
    import { readFileSync, writeFileSync } from 'node:fs';
    process.on('exit', () => writeFileSync(${JSON.stringify(report)}, readFileSync('/proc/self/status')));
  ` });
  expect(run.exitCode).toBe(0);
  // Not as getrusage tells it: that begins with what the process that forked it had.
  expect(Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(report, 'utf8'))?.[1]) / 1000).toBeLessThan(200);
});
