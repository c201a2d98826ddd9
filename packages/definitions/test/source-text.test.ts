import { isBroken } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { check, errorsOf, marked, valid } from './folder.ts';

describe('the place of a complaint', () => {
  test.each([
    ['in characters, not in bytes or UTF-16 units', 'job: { "ä😀": { prototype: 1 } }\n', '1:16', 'prototype'],
    ['behind a tab', '{\n\t"prototype": 1 }\n', '2:2', '"prototype"'],
    ['with line ends of Windows', 'job: {}\r\n\r\ncolour: red\r\n', '3:1', 'colour'],
    ['in the last line without a line end', 'job: {}\ncolour: red', '2:1', 'colour'],
    ['of a value over several lines, in its first line', 'job: {}\nenabled: "a\n  b"\n', '2:10', '"a'],
  ])('counts %s', async (_, text, place, culprit) => {
    const error = (await errorsOf(text)).find(({ line, column }) => `${line}:${column}` === place);
    expect(error && marked(error)).toBe(culprit);
  });

  test('may be asked for in any order', async () => {
    const { place } = await valid('job: { "😀": a, b: c }\n');
    expect([['job', 'b'], ['job', '😀'], ['job', 'b']].map((path) => place?.(path).column)).toEqual([19, 13, 19]);
  });

  test('shows the line without its line end', async () => {
    expect((await errorsOf('job: {}\r\ncolour: red\r\n'))[0]?.excerpt).toEqual({ text: 'colour: red', length: 6 });
  });

  test('shows a long line up to 200 characters, and no line whose culprit lies beyond', async () => {
    const [first, second] = await errorsOf(`{ job: {}, ${'colour'.repeat(50)}: red, taste: sweet }\n`);
    expect(first?.excerpt?.text).toHaveLength(200);
    expect(first).toMatchObject({ column: 12, excerpt: { length: 189 } });
    expect(second).toMatchObject({ line: 1, column: 319 });
    expect(second).not.toHaveProperty('excerpt');
  });

  test('shows foreign characters so that no terminal obeys them', async () => {
    const [error] = await errorsOf('job: {}\n# \x1b]0;x\x07 \u202e\n');
    expect(error?.excerpt?.text).toBe('# \ufffd]0;x\ufffd \ufffd');
    const [unknown] = await errorsOf('job: {}\n"co\\u202elour\u2066": red\n');
    expect(unknown?.message).toBe('unknown key "co\\u202elour\\u2066"');
  });

  test('cuts foreign text at 200 characters', async () => {
    const [error] = await errorsOf(`job: {}\n"${'😀'.repeat(250)}": red\n`);
    expect(error?.message).toBe(`unknown key "${'😀'.repeat(200)}…"`);
  });
});

describe('a secret that is written down', () => {
  const secret = 'hunter2';

  test.each([
    'job:\n  secrets: { TOKEN: hunter2 }\n',
    'job:\n  environment: { TOKEN: [] , DB: "postgres://me:hunter2@db/x" }\n',
    'job:\n  environment: { DB: "postgres://me:hunter2@db/x", TOKEN: [] }\n',
    'job:\n  secrets:\n    TOKEN: hunter2\n',
    'job:\n  secrets:\n    DB:\n      - hunter2\n',
    'job: { secrets: { DB: hunter2 } }\n',
    '{\n  "job": {\n    "secrets": {\n      "DB": "hunter2"\n    }\n  }\n}\n',
    'job:\n  secrets: hunter2\n',
  ])('is shown by no place: %j', async (text) => {
    const definition = await valid(text);
    for (const path of [['job'], ['job', 'secrets'], ['job', 'secrets', 'TOKEN'], ['job', 'secrets', 'DB'], ['job', 'secrets', 'DB', 0]]) {
      for (const at of ['key', 'value'] as const) expect(JSON.stringify(definition.place?.(path, at))).not.toContain(secret);
    }
  });

  test.each([
    'job:\n  secrets:\n    TOKEN: @hunter2\n',
    'job:\n  secrets:\n    TOKEN: *hunter2\n',
    'job:\n  secrets:\n    TOKEN: !hunter2\n',
    'job:\n  secrets:\n    DB: "\\hunter2"\n',
    'job:\n  secrets:\n    DB: a: hunter2\n',
    'job:\n  secrets:\n    DB: 0777hunter2: x\n',
    'job:\n  secrets:\n    - hunter2: {{ x }}\n',
    'job: { environment: { API_KEY: hunter2, API_KEY: hunter2 } }\n',
    'job: { environment: { PASSWORD: "hunter2\\0" } }\n',
    'job: { environment: { PASSWORD: hunter2 } }\n',
    'jobb: { environment: { passwd: hunter2 } }\n',
    'password: hunter2\n',
  ])('is in no message and no excerpt: %j', async (text) => {
    const found = await check(text);
    const complaints = [...(isBroken(found) ? found.errors : []), ...(found.warnings ?? [])];
    expect(complaints).not.toEqual([]);
    expect(JSON.stringify(complaints)).not.toContain(secret);
  });

  test('leaves the caret where it was', async () => {
    expect((await errorsOf('job: { secrets: { A: 0755, B: hunter2 } }\n'))[0]).toMatchObject({ column: 22, excerpt: { text: 'job: { secrets: * ** ***** ** ******* * *', length: 4 } });
  });
});
