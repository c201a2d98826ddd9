import { execFileSync } from 'node:child_process';
import { mkdtempSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseHandedOn, readHandedOn } from '../src/handed-on.ts';

test.each([
  ['A=1\nB=2\n', { A: '1', B: '2' }],
  ['A=1\r\n\r\n\nA=a last line without an end', { A: 'a last line without an end' }],
  ['A= b = c ', { A: ' b = c ' }],
  ['A=', { A: '' }],
  ['', {}],
  ['_x9=ä\u{1F600}', { _x9: 'ä\u{1F600}' }],
])('%j is %j', (text, values) => {
  expect(parseHandedOn(text)).toEqual(values);
});

test.each([
  ['A=1\nnothing', 'line 2 of what it handed on in NIGHTSHIFT_CHECKPOINT is no NAME=value: "nothing"'],
  ['9=1', 'has no name for a variable: "9"'],
  ['A B=1', 'has no name for a variable: "A B"'],
  [' A=1', 'has no name for a variable: " A"'],
  ['=1', 'has no name for a variable: ""'],
  ['A=\0', 'holds a NUL byte in A'],
  ...['NODE_OPTIONS', 'ld_preload', 'LD_AUDIT', 'DYLD_INSERT_LIBRARIES', 'NIGHTSHIFT_INSTANCE_ID', 'NIGHTSHIFT_CHECKPOINT', '__proto__'].map((name) => [`${name}=x`, `sets ${name}, which no step may set for others`]),
])('%j is refused', (text, sentence) => {
  expect(parseHandedOn(text as string)).toContain(sentence);
});

function fileWith(content: string | Buffer): string {
  const file = join(mkdtempSync(join(tmpdir(), 'handed-on-')), 'build.1');
  writeFileSync(file, content);
  return file;
}

test('a step that wrote no file hands nothing on', () => {
  expect(readHandedOn('/nowhere/build.1')).toEqual({});
});

test('65,536 bytes may be handed on, and not one more; a file of any size is not read for that', () => {
  expect(readHandedOn(fileWith(`A=${'x'.repeat(65_534)}`))).toEqual({ A: 'x'.repeat(65_534) });
  const huge = fileWith('');
  truncateSync(huge, 1e12);
  expect(readHandedOn(huge)).toBe('it handed on 1000000000000 bytes in NIGHTSHIFT_CHECKPOINT; 65536 are allowed');
});

test('what is not UTF-8 is refused', () => {
  expect(readHandedOn(fileWith(Buffer.from([0x41, 0x3d, 0xff])))).toBe('what it handed on in NIGHTSHIFT_CHECKPOINT is not UTF-8');
});

test('a folder or a pipe in the place of the file is told, and not waited for', () => {
  const folder = mkdtempSync(join(tmpdir(), 'handed-on-'));
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  for (const file of [folder, join(folder, 'pipe')]) expect(readHandedOn(file)).toBe('what it handed on in NIGHTSHIFT_CHECKPOINT is no file');
});
