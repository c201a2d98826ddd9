import { describe, expect, test } from 'vitest';
import { sourceOf } from '../../../src/umbrella/import/source-file.ts';
import { placesIn } from '../../../src/umbrella/import/yaml-places.ts';

const TEXT = `# a comment
name: x
"quoted key": 1
steps:
- name: one
  run: |
    name: not a key of the step
    - not an item
- run: two
  with:
    - a
    -   deep: 1
        more: 2
flow: {a: 1, b: {c: 2}}
tail: [1, 2]
---
# only a comment
---
second: yes
---
kind: List
items:
  - kind: A
    spec: {}
  - kind: B
`;

const place = placesIn(sourceOf('f', TEXT));

test.each([
  [0, [], 2],
  [0, ['name'], 2],
  [0, ['quoted key'], 3],
  [0, ['steps', 0], 5],
  [0, ['steps', 0, 'run'], 6],
  [0, ['steps', 1], 9],
  [0, ['steps', 1, 'with', 0], 11],
  [0, ['steps', 1, 'with', 1, 'more'], 13],
  [0, ['flow', 'b', 'c'], 14],
  [0, ['steps', 7], 4],
  [0, ['nothing'], 2],
  [1, ['second'], 19],
  [2, ['items', 1, 'kind'], 25],
  [9, ['x'], 1],
])('in document %i the value at %j stands at line %i', (document, path, line) => {
  expect(place(document, path)).toBe(`f:${line}`);
});

describe('in JSON', () => {
  const json = placesIn(sourceOf('f', JSON.stringify({ kind: 'List', items: [{ kind: 'A', spec: { schedule: 's' } }, { kind: 'B' }] }, null, 2)));

  test.each([
    [['kind'], 2],
    [['items', 0, 'kind'], 5],
    [['items', 0, 'spec', 'schedule'], 7],
    [['items', 1, 'kind'], 11],
  ])('the value at %j stands at line %i', (path, line) => {
    expect(json(0, path)).toBe(`f:${line}`);
  });
});

test('a line of a megabyte is looked at no longer than another', () => {
  expect(placesIn(sourceOf('f', `${'a'.repeat(1_000_000)}: 1\nb: 2\n`))(0, ['b'])).toBe('f:2');
});
