import { mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasCheckpoint, readAnswer, readCheckpoint, readCodeHost, readOutcome, readWishes, reserveOutcome, startedAt, writeAnswer, writeOutcome, writeWhole, writeWish } from '../../src/run-folder/code-files.ts';
import { temporaryFolder } from '../folder.ts';

describe('the files of a run of JavaScript', () => {
  test('are private and replaced in one step; nothing is left beside them', () => {
    const folder = temporaryFolder();
    writeWhole(join(folder, 'checkpoint.json'), '1');
    writeWhole(join(folder, 'checkpoint.json'), '{"a":2}');
    expect([hasCheckpoint(folder), readCheckpoint(folder)]).toEqual([true, '{"a":2}']);
    expect(readdirSync(folder)).toEqual(['checkpoint.json']);
    expect(statSync(join(folder, 'checkpoint.json')).mode & 0o777).toBe(0o600);
  });

  test('that are not there say nothing', () => {
    const folder = temporaryFolder();
    expect([readOutcome(folder), startedAt(folder), readCheckpoint(folder), readCodeHost(folder), readAnswer(folder, 1), readWishes(folder, 0)]).toEqual([undefined, undefined, undefined, undefined, undefined, []]);
  });

  test('tell the end with its time, or with that of the file', () => {
    const folder = temporaryFolder();
    writeWhole(join(folder, 'outcome.json'), '{"state":"Failed","reason":"error","statusMessage":"no","at":"2026-01-02T03:04:05.678Z"}');
    expect(readOutcome(folder)).toEqual({ state: 'Failed', reason: 'error', statusMessage: 'no', at: new Date('2026-01-02T03:04:05.678Z') });
    writeWhole(join(folder, 'outcome.json'), '{"state":"Completed"}');
    expect(readOutcome(folder)?.at).toEqual(statSync(join(folder, 'outcome.json')).mtime);
  });

  test('reserve the room for an end, and use it where a disk is full', () => {
    const folder = temporaryFolder();
    reserveOutcome(folder);
    expect([readOutcome(folder), statSync(join(folder, 'outcome.json')).size]).toEqual([undefined, 2_048]);
    // The file beside it that would take its place is on a full disk.
    symlinkSync('/dev/full', join(folder, `outcome.json.${process.pid}.new`));
    writeOutcome(folder, '{"state":"Failed","statusMessage":"long"}', () => '{"state":"Failed"}');
    expect(readOutcome(folder)).toMatchObject({ state: 'Failed' });
    expect(readOutcome(folder)).not.toHaveProperty('statusMessage');
    writeOutcome(folder, '{"state":"Completed"}', () => '{"state":"Failed"}');
    expect(readOutcome(folder)).toMatchObject({ state: 'Completed' });
  });

  test.each(['', '{', 'null', '"polluted"', '{"state":"Running"}', '[]'])('that hold %j are no end', (text) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'outcome.json'), text);
    expect(readOutcome(folder)).toBeUndefined();
  });

  test.each([['{"at":"2026-01-02T03:04:05.678Z"}', new Date('2026-01-02T03:04:05.678Z')], ['', undefined], ['{', undefined]])('that hold %j began at %s', (text, at) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'started'), text);
    expect(startedAt(folder)).toEqual(at ?? statSync(join(folder, 'started')).mtime);
  });

  test.each(['', 'x 1', '12'])('that hold %j name no process', (text) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'host'), text);
    expect(readCodeHost(folder)).toBeUndefined();
  });

  test('keep wishes in order, each once, with their answers', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'wish.x.json'));
    const numbers = [{ is: 'suspend' }, { is: 'resume' }, { is: 'unblock', input: 1 }].map((wish) => writeWish(folder, wish));
    expect(numbers).toEqual([1, 2, 3]);
    expect(readWishes(folder, 1)).toEqual([{ number: 2, wish: { is: 'resume' } }, { number: 3, wish: { is: 'unblock', input: 1 } }]);
    writeAnswer(folder, 2, { error: { message: 'no' } });
    expect([readAnswer(folder, 2), readAnswer(folder, 3)]).toEqual([{ error: { message: 'no' } }, undefined]);
    expect(readdirSync(folder).filter((name) => name.endsWith('.new'))).toEqual([]);
  });
});
