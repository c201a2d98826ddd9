import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Edit, editYaml } from '../../src/index.ts';
import { readYaml } from '../../src/read-yaml.ts';
import { plainCopy } from '../../src/tree.ts';
import { editedText } from './edited-text.ts';

const pathOf = (dotted: string): Edit['path'] => dotted.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));
const edited = (text: string, dotted: string, value: unknown): string => editYaml(text, [{ path: pathOf(dotted), value }]);
const valueOf = (text: string): unknown => JSON.parse(JSON.stringify(plainCopy(readYaml(text).tree as NonNullable<ReturnType<typeof readYaml>['tree']>)));

/** Lines that the one has and the other has not. */
function changedLines(before: string, after: string): string {
  const without = (lines: readonly string[], others: string[]): readonly string[] => lines.filter((line) => !others.includes(line) || (others.splice(others.indexOf(line), 1), false));
  const [old, now] = [before.split('\n'), after.split('\n')];
  return [...without(old, [...now]).map((line) => `- ${line}`), ...without(now, [...old]).map((line) => `+ ${line}`)].join('\n');
}

const NIGHTLY = `# Nightly: a copy of everything.
type: ScheduledJob
timeZone: 'Europe/Berlin'   # where we live

job:
  filePath: scripts/snapshot.mjs
  argumentList: [--keep, 7] # archives
  # Not the exit code 3:
  successExitCodes: [0]
  initializationScript: |
    umask 077
    . ./lib.sh

triggers:
  # At night.
  - daily: { at: "03:00", randomDelay: 15m }   # before the backup
  # On Mondays.
  - cron: "0 8 * * 1"
    enabled: false
options:
  catchUp: { policy: latest, window: 12h } # a machine that was off
  retry:
    limit: 2 # two
    delay: 1m
# The end.
`;

describe('an edit of a definition', () => {
  test.each([
    ['a text', 'timeZone', 'UTC', `- timeZone: 'Europe/Berlin'   # where we live\n+ timeZone: 'UTC'   # where we live`],
    ['a new key at the top', 'enabled', false, '+ enabled: false'],
    ['a value between brackets', 'triggers.0.daily.at', '04:30', '-   - daily: { at: "03:00", randomDelay: 15m }   # before the backup\n+   - daily: { at: "04:30", randomDelay: 15m }   # before the backup'],
    ['a new key between brackets', 'options.catchUp.limit', 5, '-   catchUp: { policy: latest, window: 12h } # a machine that was off\n+   catchUp: { policy: latest, window: 12h, limit: 5 } # a machine that was off'],
    ['a new key of an item', 'triggers.0.enabled', false, '+     enabled: false'],
    ['an item of a list between brackets', 'job.argumentList.1', 14, '-   argumentList: [--keep, 7] # archives\n+   argumentList: [--keep, 14] # archives'],
    ['a longer list', 'job.argumentList', ['--keep', 7, '--to', 'x'], '-   argumentList: [--keep, 7] # archives\n+   argumentList: [--keep, 7, --to, x] # archives'],
    ['a new item', 'triggers.2', { every: '10m' }, '+   - every: 10m'],
    ['a block of text', 'job.initializationScript', 'umask 022\nset -e\n', '-     umask 077\n-     . ./lib.sh\n+     umask 022\n+     set -e'],
    ['one line for a block of text', 'job.initializationScript', 'umask 022', '-   initializationScript: |\n-     umask 077\n-     . ./lib.sh\n+   initializationScript: umask 022'],
    ['a key that ends', 'triggers.1.enabled', undefined, '-     enabled: false'],
    ['a key that ends between brackets', 'options.catchUp.policy', undefined, '-   catchUp: { policy: latest, window: 12h } # a machine that was off\n+   catchUp: { window: 12h } # a machine that was off'],
    ['an item that ends', 'triggers.1', undefined, '-   - cron: "0 8 * * 1"\n-     enabled: false'],
    ['a map that ends', 'options.retry', undefined, '-   retry:\n-     limit: 2 # two\n-     delay: 1m'],
    ['another kind of trigger', 'triggers.1', { weekly: { at: '23:00', daysOfWeek: ['Monday'] }, enabled: false }, '-   - cron: "0 8 * * 1"\n-     enabled: false\n+   - enabled: false\n+     weekly: { at: "23:00", daysOfWeek: [Monday] }'],
    ['a map in the place of a text', 'timeZone', { a: 1 }, "- timeZone: 'Europe/Berlin'   # where we live\n+ timeZone:   # where we live\n+   a: 1"],
    ['a text in the place of a map', 'options.retry', 'never', '-   retry:\n-     limit: 2 # two\n-     delay: 1m\n+   retry: never'],
    ['what is missing on the way', 'job.environment.KEEP', 7, '+   environment: { KEEP: 7 }'],
    ['what is there already', 'job.successExitCodes', [0], ''],
    ['what is gone already', 'maxResultCount', undefined, ''],
  ])('changes %s and nothing else', (_, path, value, changed) => {
    expect(changedLines(NIGHTLY, edited(NIGHTLY, path, value))).toBe(changed);
  });

  test('of several values makes them one after the other', () => {
    const edits = [{ path: ['job', 'filePath'], value: undefined }, { path: ['job', 'command'], value: ['node', 'a.mjs'] }, { path: ['triggers', 0], value: undefined }, { path: ['triggers', 0, 'id'], value: 2 }];
    expect(changedLines(NIGHTLY, editYaml(NIGHTLY, edits))).toBe('-   filePath: scripts/snapshot.mjs\n-   - daily: { at: "03:00", randomDelay: 15m }   # before the backup\n+   command: [node, a.mjs]\n+     id: 2');
  });

  test('leaves the comments before a list that is emptied', () => {
    expect(edited(NIGHTLY, 'triggers', [])).toContain('\ntriggers: []\n  # At night.\n');
  });

  test.each([
    ['a: 1', 'b', 2, 'a: 1\nb: 2\n'],
    ['a: 1\r\nb: 2\r\n', 'c', { d: [1], e: 'x\ny\n' }, 'a: 1\r\nb: 2\r\nc:\r\n  d: [1]\r\n  e: |\r\n    x\r\n    y\r\n'],
    ['\ufeffa: 1\n', 'a', 2, '\ufeffa: 2\n'],
    ['a:\n', 'a', 1, 'a: 1\n'],
    ['a: # why\nb: 2\n', 'a', 1, 'a: 1 # why\nb: 2\n'],
    ['a: # why\nb: 2\n', 'a.c', 1, 'a: # why\n  c: 1\nb: 2\n'],
    ['{}\n', 'a', 1, '{ "a": 1 }\n'],
    ['a: {}\n', 'a.b', 1, 'a: { b: 1 }\n'],
    ['a: []\n', 'a.0', 'x', 'a: [x]\n'],
    ['a: 1\n', 'a', undefined, '{}\n'],
    ['a:\n  b: 1\nc: 2\n', 'a.b', undefined, 'a: {}\nc: 2\n'],
    ['a:\n- 1\n- 2\nb: 3\n', 'a.2', 5, 'a:\n- 1\n- 2\n- 5\nb: 3\n'],
    ['a:\n- 1\n- 2\nb: 3\n', 'a.0', undefined, 'a:\n- 2\nb: 3\n'],
    ['a:\n    - b: 1\n      c: 2\n', 'a.0.b', undefined, 'a:\n    - c: 2\n'],
    ['a:\n    - b: 1\n', 'a.0.c', [{ d: 1 }], 'a:\n    - b: 1\n      c:\n        - d: 1\n'],
    ["a: 'it''s'\n", 'a', "that's", "a: 'that''s'\n"],
    ['a: "x"\n', 'a', '7', 'a: "7"\n'],
    ['a: x\n', 'a', '7', 'a: "7"\n'],
    ['"a b": 1\n', 'a b', 2, '"a b": 2\n'],
    ['a: |+\n  x\n\n\nb: 1\n', 'a', 'z', 'a: z\nb: 1\n'],
    ['a: |\n  x\n\n\nb: 1\n', 'c', 2, 'a: |\n  x\n\n\nb: 1\nc: 2\n'],
    ['a: >-\n  x\n  y', 'b', 'p\nq\n', 'a: >-\n  x\n  y\nb: |\n  p\n  q\n'],
    ['--- # head\na: 1\n...\n', 'b', 2, '--- # head\na: 1\nb: 2\n...\n'],
  ])('of %j at %s to %j is %j', (text, path, value, result) => {
    expect(edited(text, path, value)).toBe(result);
  });

  test.each([
    ['{"a": 1}', 'b', 'x', '{"a": 1, "b": "x"}'],
    ['{\n  "a": 1,\n  "b": [\n    1\n  ]\n}\n', 'c', { d: true }, '{\n  "a": 1,\n  "b": [\n    1\n  ],\n  "c": { "d": true }\n}\n'],
    ['{\n  "a": 1,\n  "b": 2\n}\n', 'b', undefined, '{\n  "a": 1\n}\n'],
    ['{\n  "a": 1,\n  "b": 2\n}\n', 'a', undefined, '{\n  "b": 2\n}\n'],
    ['{ "a": "yes" }\n', 'a', 'no', '{ "a": "no" }\n'],
    ['{ "a": [{ "cron": "@daily" }] }\n', 'a.1', { every: '5m' }, '{ "a": [{ "cron": "@daily" }, { "every": "5m" }] }\n'],
    ['{ "a": { } }', 'a.b', null, '{ "a": { "b": null } }'],
  ])('of the JSON text %j stays JSON', (text, path, value, result) => {
    expect(edited(text, path, value)).toBe(result);
  });

  test.each([
    ['a: { b: 1,\n  c: 2 }\n', 'a.d', 3, 'a: { b: 1,\n  c: 2,\n  d: 3 }\n'],
    ['a: {\n  b: 1, # one\n  c: 2, # two\n}\n', 'a.d', 3, 'a: {\n  b: 1, # one\n  c: 2, # two\n  d: 3\n}\n'],
    ['a: {\n  b: 1, # one\n  c: 2 # two\n}\n', 'a.d', 3, 'a: {\n  b: 1, # one\n  c: 2, # two\n  d: 3\n}\n'],
    ['a: {\n  b: 1, # one\n  c: 2 # two\n}\n', 'a.c', undefined, 'a: {\n  b: 1 # one\n}\n'],
    ['a: {\n  b: 1, # one\n  c: 2 # two\n}\n', 'a.b', undefined, 'a: {\n  c: 2 # two\n}\n'],
    ['a: [\n  x, # one\n  y\n]\n', 'a.2', 'z', 'a: [\n  x, # one\n  y,\n  z\n]\n'],
    ['a: { b, c: }\n', 'a.b', 1, 'a: { b: 1, c: }\n'],
    ['a: { b, c: }\n', 'a.c', 1, 'a: { b, c: 1 }\n'],
    ['a: [x, y,]\n', 'a.1', undefined, 'a: [x,]\n'],
    ['a: [x, y,]\n', 'a.2', 'z', 'a: [x, y, z]\n'],
  ])('between brackets of several lines keeps them: %j, %s', (text, path, value, result) => {
    expect(edited(text, path, value)).toBe(result);
  });

  test.each([
    ['a key inside an alias', 'a: &x { p: 1, q: 2 }\nb: *x # same\n', 'b.q', 3, { a: { p: 1, q: 2 }, b: { p: 1, q: 3 } }],
    ['a key inside an anchor', 'a: &x { p: 1, q: 2 }\nb: *x # same\n', 'a.q', 3, { a: { p: 1, q: 3 }, b: { p: 1, q: 2 } }],
    ['an alias', 'a: &x [1]\nb: *x # same\n', 'b', 3, { a: [1], b: 3 }],
    ['what has the anchor', 'a: &x [1] # one\nb: [*x, 2]\n', 'a', undefined, { b: [[1], 2] }],
    ['a tagged value', 'a: !!str 5 # five\nb: 1\n', 'a', 6, { a: 6, b: 1 }],
    ['an explicit key', '? a # why\n: 1\n? b\n: 2\n', 'c', 3, { a: 1, b: 2, c: 3 }],
    ['a list in a list', 'a:\n  - - 1\n    - 2 # two\n  - - 3\n', 'a.0.0', undefined, { a: [[2], [3]] }],
    ['brackets that hold a comment only', 'a: { # nothing\n }\nb: 1\n', 'a.c', 1, { a: { c: 1 }, b: 1 }],
    ['a value below its dash', 'a:\n  -\n    # first\n    b: 1\n', 'a.0', 'x', { a: ['x'] }],
  ])('of %s gives the right values and keeps the comments', (_, text, path, value, result) => {
    const after = edited(text, path, value);
    expect(valueOf(after)).toEqual(result);
    if (value !== undefined && path !== 'a.0') for (const [comment] of text.matchAll(/# \w+/g)) expect(after).toContain(comment);
  });

  test.each([
    ['a: { b: 1,\n  # about c\n  c: 2 }\n', 'a.b', undefined, { a: { c: 2 } }],
    ['a: [x, # about x\n  # about y\n  y]\n', 'a.0', undefined, { a: ['y'] }],
    ['a: # about a\n  - 1\n  # about c\nc: 2\n', 'a', 'one\ntwo\n', { a: 'one\ntwo\n', c: 2 }],
    ['a:\n    b: 1\n    # about c\nc: 2\n', 'a.b', 'one\ntwo\n', { a: { b: 'one\ntwo\n' }, c: 2 }],
  ])('never loses a comment about something else: %j without %s', (text, path, value, result) => {
    const after = edited(text, path, value);
    expect(valueOf(after)).toEqual(result);
    expect(after).toMatch(/# about [cy]/);
  });

  test('of a text that cannot be read says where and why', () => {
    expect(() => edited('a: 1\n b: 2\n', 'a', 1)).toThrow(expect.objectContaining({ code: 'DefinitionSyntaxError', line: 1 }));
    expect(() => edited('', 'a', 1)).toThrow(expect.objectContaining({ code: 'DefinitionEmpty' }));
  });

  test.each([['a.b'], ['c.x']])('at a path through something else is refused: %s', (path) => {
    expect(() => edited('a: 1\nc: [1]\n', path, 1)).toThrow(expect.objectContaining({ code: 'DefinitionValueInvalid' }));
  });

  test('of each example: every key can be changed, removed and added to, and the other lines stay as they are', () => {
    const text = readFileSync(fileURLToPath(new URL('../../../../definitions/Nightly.yaml', import.meta.url)), 'utf8');
    for (const path of pathsIn(valueOf(text))) {
      const gone = editYaml(text, [{ path, value: undefined }]);
      const changed = editYaml(text, [{ path, value: 'changed' }]);
      for (const result of [gone, changed]) expect(changedLines(text, result).split('\n').filter((line) => line.startsWith('+')).length).toBeLessThanOrEqual(1);
    }
  });

  test('of any shape gives the wanted values, keeps every comment, and leaves what stands before and after untouched', () => {
    fc.assert(fc.property(editedText, ({ before, inside, after, edit }) => {
      const text = before + inside + after;
      const result = editYaml(text, [edit]);
      expect(result.startsWith(before)).toBe(true);
      expect(result.endsWith(after)).toBe(true);
      // What is only added takes nothing away.
      if (['new', 9].includes(edit.path.at(-1) as string)) expect(commentsIn(result)).toEqual(commentsIn(text));
    }), { numRuns: 150 });
  });
});

function commentsIn(text: string): readonly string[] {
  return text.match(/# (?:about|two|lines|note|a: b|item|tail|between|one|second).*/g) ?? [];
}

function pathsIn(value: unknown, path: Edit['path'] = []): readonly Edit['path'][] {
  if (typeof value !== 'object' || value === null) return [path];
  const members = Object.entries(value).flatMap(([key, member]) => pathsIn(member, [...path, Array.isArray(value) ? Number(key) : key]));
  return path.length === 0 ? members : [path, ...members];
}
