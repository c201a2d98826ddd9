import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { firstWord, quotedFor, wordsOf, type Quote } from '../../src/completion/bash-line.ts';

describe('the words of a line', () => {
  test.each([
    ['get-job ', ['get-job', '']],
    ['  get-job   a\tb', ['get-job', 'a', 'b']],
    ['get-job "a b" \'c d\' e\\ f', ['get-job', 'a b', 'c d', 'e f']],
    ['get-job a"b c"d', ['get-job', 'ab cd']],
    ['get-job "a\\"b\\$\\`\\\\\\x"', ['get-job', 'a"b$`\\\\x']],
    ["get-job 'a\\b'", ['get-job', 'a\\b']],
    ["get-job 'it'\\''s'", ['get-job', "it's"]],
    ['get-job ""', ['get-job', '']],
    ['get-job $(touch x) `y` $HOME', ['get-job', '$(touch', 'x)', '`y`', '$HOME']],
    ['get-job a\\', ['get-job', 'a']],
    ['', ['']],
  ])('%j are %j', (line, values) => {
    expect(wordsOf(line).map(({ value }) => value)).toEqual(values);
  });

  test.each([['"a b', '"', 'a b'], ["'a b", "'", 'a b'], ['a"b c', '"', 'ab c'], ['"a" b', '', 'a'], ['', '', '']])('%j is open in %j', (text, open, value) => {
    expect(firstWord(text)).toMatchObject({ open, value });
  });
});

const HOSTILE = [
  'My build', '$(touch pwned)', '`touch pwned`', '$HOME', '"', "'", `it's "q"`, 'a\\b', 'a;b', 'a|b&c', '<x>', '*', '?', '[a]', '{a,b}', '~', '~root', '#x', '!', 'ba!ng', '!!', '(x)', '^', '-rf', '=', 'a=b', '%1',
  '日本 語', 'e\u0301', '😀 x', 'שלום', '\u2028',
];

describe('a text in quotes', () => {
  test.each(HOSTILE)('%j comes back as it was, however the word was begun', (text) => {
    for (const open of ['', '"', "'"] as const) expect(firstWord(`${open}${quotedFor(open, text)}${open}`)).toEqual({ raw: expect.any(String), value: text, open: '' });
  });

  test.each(['', '"', "'"] as readonly Quote[])('is read by bash as it was, inside %j', (open) => {
    const line = HOSTILE.map((text) => `${open}${quotedFor(open, text)}${open}`).join(' ');
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', `printf '%s\\0' ${line}`], { encoding: 'utf8', env: { PATH: process.env['PATH'] } });
    expect(stderr).toBe('');
    expect(stdout.split('\0').slice(0, -1)).toEqual(HOSTILE);
  });
});
