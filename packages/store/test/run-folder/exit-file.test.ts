import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { outputBytesOf, readClaim, readExit, readStop, revokeClaim, revokeEmptyClaim, writeStop } from '../../src/index.ts';
import { modeOf, temporaryFolder } from '../folder.ts';

const at = new Date(Date.UTC(2026, 0, 2, 3, 4, 5));

function attemptWith(name: string, text: string): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, name), text);
  utimesSync(join(folder, name), at, at);
  return folder;
}

describe('a claim', () => {
  test.each([
    ['a shim', '123 4567 boot-1\n', { by: 'shim', pid: 123, startTime: '4567', boot: 'boot-1', at }],
    ['a shim, without an end of line', '123 4567 boot-1', { by: 'shim', pid: 123, startTime: '4567', boot: 'boot-1', at }],
    ['a recovery', 'revoked 7\n', { by: 'recovery', at }],
    ['a recovery without a number', 'revoked\n', { by: 'recovery', at }],
    ['nobody, when it was never filled', '', { by: 'nobody', at }],
    ['nobody, when only blanks were written', '   \n', { by: 'nobody', at }],
    ['nobody, when it is torn', '123 45', { by: 'nobody', at }],
    ['nobody, when it is nonsense', 'x y z', { by: 'nobody', at }],
    ['nobody, when the pid is none', '-1 2 boot', { by: 'nobody', at }],
  ])('is by %s', (_who, text, claim) => {
    expect(readClaim(attemptWith('claim', text))).toEqual(claim);
  });

  test('is absent from a folder without one, and from a folder that is not there', () => {
    expect(readClaim(temporaryFolder())).toBeUndefined();
    expect(readClaim(join(temporaryFolder(), 'gone'))).toBeUndefined();
  });

  test('is taken once', () => {
    const folder = temporaryFolder();
    expect(revokeClaim(folder)).toBe(true);
    expect(revokeClaim(folder)).toBe(false);
    expect(readClaim(folder)).toMatchObject({ by: 'recovery' });
    expect(modeOf(join(folder, 'claim'))).toBe('0600');
  });

  test.each(['123 4567 boot-1\n', ''])('that a shim has made cannot be taken: %j', (text) => {
    const folder = attemptWith('claim', text);
    expect(revokeClaim(folder)).toBe(false);
    expect(readClaim(folder)?.by).not.toBe('recovery');
  });

  test('that was made and never filled is revoked, again and again, until it is filled', () => {
    const folder = attemptWith('claim', '');
    expect(revokeEmptyClaim(folder)).toBe(true);
    expect(revokeEmptyClaim(folder)).toBe(true);
    writeFileSync(join(folder, 'claim'), '123 4567 boot-1\n');
    expect(revokeEmptyClaim(folder)).toBe(false);
  });

  test('in a folder that is gone is an error, not a claim', () => {
    expect(() => revokeClaim(join(temporaryFolder(), 'gone'))).toThrow('ENOENT');
  });
});

describe('an exit record', () => {
  test.each([
    ['an exit code', '{"exitCode":3}', { exitCode: 3, at }],
    ['the exit code 0', '{"exitCode":0}                      ', { exitCode: 0, at }],
    ['a signal', '{"signal":"SIGKILL"}\n', { signal: 'SIGKILL', at }],
    ['a timeout', '{"signal":"SIGTERM","reason":"timeout"}   \n', { signal: 'SIGTERM', reason: 'timeout', at }],
  ])('of %s says so, and its time is the end', (_what, text, record) => {
    expect(readExit(attemptWith('exit.json', text))).toEqual(record);
  });

  test.each([
    ['nothing', ''],
    ['blanks', ' '.repeat(128)],
    ['blanks and line ends', ' \n \n'],
    ['half a record', '{"exitCode":'],
    ['half a record and the reserve behind it', '{"exitCo                  '],
    ['zeros', '\0'.repeat(128)],
    ['null', 'null'],
    ['a number', '7'],
    ['a list', '[]'],
    ['an empty record', '{}'],
  ])('that holds %s is absent', (_what, text) => {
    expect(readExit(attemptWith('exit.json', text))).toBeUndefined();
  });

  test('is absent from a folder without one', () => {
    expect(readExit(temporaryFolder())).toBeUndefined();
  });
});

describe('the wish to stop', () => {
  test('is left beside the claim, and the first reason stays', () => {
    const folder = temporaryFolder();
    expect(readStop(folder)).toBeUndefined();
    writeStop(folder, 'overlap');
    writeStop(folder, 'stopped');
    expect(readStop(folder)).toBe('overlap');
    expect(modeOf(join(folder, 'stop'))).toBe('0600');
  });

  test('is nowhere when the folder is gone or nothing was written', () => {
    const gone = join(temporaryFolder(), 'gone');
    expect(() => writeStop(gone, 'stopped')).not.toThrow();
    expect(readStop(gone)).toBeUndefined();
    expect(readStop(attemptWith('stop', ''))).toBeUndefined();
  });
});

test('the bytes of output are those of both files, as far as they are there', () => {
  const folder = temporaryFolder();
  expect(outputBytesOf(folder)).toBe(0);
  writeFileSync(join(folder, 'stdout'), 'four');
  expect(outputBytesOf(folder)).toBe(4);
  writeFileSync(join(folder, 'stderr'), 'six666');
  writeFileSync(join(folder, 'note'), 'not counted');
  mkdirSync(join(folder, 'other'));
  expect(outputBytesOf(folder)).toBe(10);
});
