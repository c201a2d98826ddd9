import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { yaml } from '../../src/print/yaml.ts';

const { parse } = createRequire(import.meta.url)('yaml') as { parse: (text: string) => unknown };

test.each([
  '', ' ', '~', 'null', 'true', 'no', 'on', '1', '-1', '1e3', '0x10', '1_000', '.inf', '2026-11-22', '12:30:00', '- a', '? a', 'a: b', 'a #b', '# c', '&a', '*a', '!!str a', '|', '>', '%YAML', '@a', '`a`',
  "it's", '"quoted"', 'back\\slash', '\\n', 'line\nbreak', 'crlf\r\n', '\ttab\t', 'ends with :', '{a}', '[a]', '---', '...', '<<', '=', '{{ x }}',
  'ä€名😀', '\u0000', '\u0007', '\u001b[31m', '\u007f', '\u0085', '\u009b', '\u00a0', '\u2028', '\u2029', '\ufeff', '\u202e', 'x'.repeat(5_000), 'word '.repeat(200),
])('a text is read back as it was: %j', (text) => {
  expect(parse(yaml({ name: text }))).toEqual({ name: text });
  expect(parse(yaml([text]))).toEqual([text]);
  expect(parse(yaml([{ a: { b: text, c: [text, { d: text }] } }]))).toEqual([{ a: { b: text, c: [text, { d: text }] } }]);
});

test.each([
  ['an empty list', []],
  ['an empty map', {}],
  ['nothing', null],
  ['a number', 7],
  ['maps in maps', { a: { b: { c: 1 } }, d: 2 }],
  ['a list of maps', [{ id: 1, name: 'a' }, { id: 2, name: null }]],
  ['a list of maps in maps', [{ id: 1, origin: { kind: 'demand', runNow: false }, childJobs: [2, 3] }]],
  ['empty parts', { a: {}, b: [], c: '' }],
  ['a map that begins with a map', [{ first: { a: 1 }, second: 2 }]],
  ['a list of lists', [[1, 2], [], ['a']]],
  ['keys that are no plain words', { 'a: b': 1, '': 2, true: 3, No: 4, '- x': 5, '1': 6, 'a b': { '#c': 7, "it's": [{ '"': 8 }] } }],
  ['a key that is longer than a key may be', { a: { ['x'.repeat(2_000)]: { b: 1 } }, c: 2 }],
  ['maps far inside each other', Array.from({ length: 200 }).reduce((inner) => ({ inner }), 1)],
  ['a document', { apiVersion: 1, types: [{ name: 'BackgroundJob', capabilities: ['kill'] }] }],
])('%s is read back as it was', (_, value) => {
  expect(parse(yaml(value))).toEqual(value);
});

test('a job is printed as a block', () => {
  expect(yaml([{ id: 1, name: 'Build', definition: null, origin: { kind: 'demand', runNow: false }, childJobs: [2] }])).toBe(
    '- id: 1\n  name: "Build"\n  definition: null\n  origin:\n    kind: "demand"\n    runNow: false\n  childJobs: [2]\n',
  );
});

test('a list of maps in a document is printed as a block', () => {
  expect(yaml({ apiVersion: 1, definitions: [{ id: 1, triggers: [{ id: 1, days: ['Monday'] }, { id: 2 }] }, { id: 2, triggers: [] }] })).toBe(
    'apiVersion: 1\ndefinitions:\n- id: 1\n  triggers:\n  - id: 1\n    days: ["Monday"]\n  - id: 2\n- id: 2\n  triggers: []\n',
  );
});
