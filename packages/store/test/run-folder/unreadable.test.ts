import { chmodSync, chownSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { damageIn } from '../../src/run-folder/exit-file.ts';
import { asideOf, faultOf, isClosed, setRunAside, shapeFault } from '../../src/run-folder/unreadable.ts';
import { filesBelow, temporaryFolder } from '../folder.ts';

/** A run folder with its first attempt and these files in it. */
function runWith(files: Readonly<Record<string, string>> = {}): { readonly run: string; readonly attempt: string } {
  const run = join(temporaryFolder(), 'run');
  const attempt = join(run, '1');
  mkdirSync(attempt, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(attempt, name), text);
  return { run, attempt };
}

const systemError = (code: string, path: string): Error => Object.assign(new Error(code), { code, path, syscall: 'open' });

describe('what a crash can have left is no damage', () => {
  test.each(['', '\n', '\0'.repeat(40), '12', '12345 ', '12345 678', '12345 678 0aa9-', '12345 - -\n', '12 34 56\n', 'revo', 'revoked\n'])('a claim that says %j', (text) => {
    expect(damageIn(runWith({ claim: text }).attempt)).toBeUndefined();
  });

  test.each([
    '', `${' '.repeat(63)}\n`, '\0'.repeat(64), '{', '{"exitCode":', `{"exitCode":12${' '.repeat(40)}\n`, '{"sig', '{"signal":"SIGTE', '{"signal":"SIGTERM"', '{"reason":"timeout","exit', '{"reason":"timeout","signal":"SIGKILL"',
    '{"exitCode":0}', `{"signal":"SIGTERM","reason":"timeout"}${' '.repeat(20)}\n`,
  ])('an exit record that says %j', (text) => {
    expect(damageIn(runWith({ 'exit.json': text }).attempt)).toBeUndefined();
  });
});

describe('what no crash of ours can have left is damage', () => {
  test.each(['hello', 'x12 34 56', 'revolution', '{}'])('a claim that says %j', (text) => {
    const { attempt } = runWith({ claim: text });
    expect(damageIn(attempt)).toEqual({ file: join(attempt, 'claim'), why: 'it names no process' });
  });

  test.each(['null', '[]', '{}', '<html>', '{"exitCode":"0"}', '{"exitCode":1}}', 'Killed\n'])('an exit record that says %j', (text) => {
    const { attempt } = runWith({ 'exit.json': text });
    expect(damageIn(attempt)).toEqual({ file: join(attempt, 'exit.json'), why: 'it holds no exit record' });
  });

  test('but not an exit record that can be read beside a claim that cannot: how it ended is known', () => {
    const { attempt } = runWith({ 'claim': '12345 678', 'exit.json': '{"exitCode":3}' });
    expect(damageIn(attempt)).toBeUndefined();
  });
});

describe('an error of the system', () => {
  test.each(['EIO', 'EMFILE', 'ENFILE', 'ENOMEM', 'ENOSPC', 'EROFS', 'ENOENT', 'EUCLEAN', 'EAGAIN'])('%s says nothing about the run', (code) => {
    const { run, attempt } = runWith({ claim: 'x' });
    expect(faultOf(systemError(code, join(attempt, 'claim')), run)).toBeUndefined();
  });

  test('EISDIR and ELOOP say that something else lies there', () => {
    const { run, attempt } = runWith();
    for (const code of ['EISDIR', 'ELOOP']) expect(faultOf(systemError(code, join(attempt, 'claim')), run)).toMatchObject({ file: join(attempt, 'claim') });
  });

  test('ENOTDIR names the file that stands where a folder belongs', () => {
    const { run, attempt } = runWith();
    rmSync(attempt, { recursive: true });
    writeFileSync(attempt, '');
    expect(faultOf(systemError('ENOTDIR', join(attempt, 'claim')), run)).toEqual({ file: attempt, why: 'it is no folder' });
  });

  test('EACCES counts only where the run shuts its own owner out', () => {
    const { run, attempt } = runWith({ claim: 'x' });
    const denied = systemError('EACCES', join(attempt, 'claim'));
    expect(faultOf(denied, run)).toBeUndefined();
    chmodSync(join(attempt, 'claim'), 0);
    expect(faultOf(denied, run)).toMatchObject({ file: join(attempt, 'claim'), why: expect.stringContaining('0000') as string });
    expect(isClosed(join(attempt, 'claim'))).toBe(true);
    expect(faultOf(denied, join(dirname(run), 'another'))).toBeUndefined();
  });

  test.skipIf(process.getuid?.() !== 0)('EACCES of somebody else’s file says nothing that lasts', () => {
    const { run, attempt } = runWith({ claim: 'x' });
    chownSync(join(attempt, 'claim'), 54_321, 54_321);
    chmodSync(join(attempt, 'claim'), 0o600);
    expect(faultOf(systemError('EACCES', join(attempt, 'claim')), run)).toBeUndefined();
  });

  test('about a run that is gone says nothing', () => {
    const { run, attempt } = runWith();
    rmSync(run, { recursive: true });
    expect(faultOf(systemError('EISDIR', join(attempt, 'claim')), run)).toBeUndefined();
  });
});

test('a link to a folder is as good as the folder', () => {
  const { run, attempt } = runWith();
  symlinkSync(run, `${run}-linked`);
  expect(shapeFault(`${run}-linked`, join(`${run}-linked`, '1'))).toBeUndefined();
  expect(shapeFault(run, attempt)).toBeUndefined();
});

test('a run is taken out of the way under the time, whole, once, and over nothing that is there', () => {
  const { run } = runWith({ stdout: 'kept' });
  const now = new Date(Date.UTC(2026, 10, 23, 3, 4, 5, 6));
  const name = `${run}.corrupt-2026-11-23T030405.006Z`;
  mkdirSync(name);
  expect(setRunAside(run, now)).toBe(`${name}-2`);
  expect(setRunAside(run, now)).toBeUndefined();
  expect(readFileSync(join(`${name}-2`, '1', 'stdout'), 'utf8')).toBe('kept');
  expect(filesBelow(name)).toEqual([]);
  expect(asideOf(run)).toBe(`${name}-2`);
  expect(asideOf(join(dirname(run), 'other'))).toBeUndefined();
});
