import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasReached, lastThatRan, readWatcher } from '../../src/run-folder/watcher-files.ts';
import { temporaryFolder } from '../folder.ts';

/** A folder with these files. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

describe('what a watcher has left', () => {
  test('is how the work ended, with its time or that of the file', () => {
    const folder = folderWith({ 'outcome.json': '{"state":"Failed","reason":"signal","statusMessage":" killed \\n","signal":"SIGRTMIN+3","exitCode":null,"at":"2026-01-02T03:04:05.678Z","more":1}', disconnected: 'no route' });
    expect(readWatcher(folder)).toEqual({ outcome: { state: 'Failed', reason: 'signal', statusMessage: 'killed', signal: 'SIGRTMIN+3', at: new Date('2026-01-02T03:04:05.678Z') } });
    const timeless = folderWith({ 'outcome.json': '{"state":"Completed","exitCode":0}' });
    expect(readWatcher(timeless)).toEqual({ outcome: { state: 'Completed', exitCode: 0, at: statSync(join(timeless, 'outcome.json')).mtime } });
  });

  test('is why it sees the work no more, or nothing', () => {
    expect(readWatcher(folderWith({ disconnected: 'no route\n  to web1\n' }))).toEqual({ said: 'no route to web1' });
    expect(readWatcher(folderWith({ disconnected: ' \n' }))).toEqual({});
    expect(readWatcher(folderWith({ disconnected: 'x'.repeat(100_000) })).said).toHaveLength(4_096);
    expect(readWatcher(temporaryFolder())).toEqual({});
  });

  test.each([
    ['', {}], ['  \n', {}], ['\0\0\0', {}],
    ['{"state":"Compl', { said: 'its outcome.json is cut off, or no JSON' }],
    ['null', { said: 'its outcome.json is cut off, or no JSON' }],
    ['"Completed"', { said: 'its outcome.json is cut off, or no JSON' }],
    ['{"exitCode":0}', { said: 'its outcome.json is none: "state" is missing' }],
    ['{"state":"Disconnected"}', { said: 'its outcome.json is none: "state" is "Disconnected"' }],
    ['{"state":"Failed","reason":"weather"}', { said: 'its outcome.json is none: "reason" is "weather"' }],
    ['{"state":"Failed","exitCode":"3"}', { said: 'its outcome.json is none: "exitCode" is "3"' }],
    ['{"state":"Failed","signal":"; rm -rf /"}', { said: 'its outcome.json is none: "signal" is "; rm -rf /"' }],
    ['{"state":"Completed","at":"soon"}', { said: 'its outcome.json is none: "at" is "soon"' }],
    ['{"state":"Completed","statusMessage":{"toString":1}}', { said: 'its outcome.json is none: "statusMessage" is {"toString":1}' }],
  ])('in %j is no end', (content, left) => {
    expect(readWatcher(folderWith({ 'outcome.json': content }))).toEqual(left);
  });

  test('is nothing where a folder lies in the place of a file', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'outcome.json'));
    mkdirSync(join(folder, 'disconnected'));
    expect(readWatcher(folder)).toEqual({});
  });
});

test('a watcher has come to its work when it says so, or has delivered something', () => {
  expect([hasReached(temporaryFolder()), hasReached(folderWith({ started: '' })), hasReached(folderWith({ stdout: '' })), hasReached(folderWith({ stderr: 'x' }))]).toEqual([false, true, false, true]);
});

test('the last attempt that ran is that which a shim has claimed: not one that was revoked, never taken, or made without content', () => {
  const run = temporaryFolder();
  for (const attempt of ['1', '2', '3', '4', '5']) mkdirSync(join(run, attempt));
  expect(lastThatRan(run, 5)).toBeUndefined();
  for (const [attempt, claim] of [['1', '100 200 boot\n'], ['2', '101 300 boot\n'], ['3', 'revoked\n'], ['4', '']] as const) writeFileSync(join(run, attempt, 'claim'), claim);
  expect([lastThatRan(run, 5), lastThatRan(run, 2), lastThatRan(run, 1)]).toEqual([2, 2, 1]);
});
