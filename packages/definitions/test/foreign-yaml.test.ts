import { describe, expect, test } from 'vitest';
import { readForeignYaml } from '../src/index.ts';

/** As JSON says it: maps without prototype, keys in order. */
const read = (text: string): unknown => JSON.parse(JSON.stringify(readForeignYaml(text, 'foreign.yaml')));

describe('a file of another program', () => {
  test('may hold several documents; empty ones are left out', () => {
    expect(read('kind: CronJob\n---\n# nothing\n---\nkind: Job\n...\n')).toEqual([{ kind: 'CronJob' }, { kind: 'Job' }]);
    expect(read('')).toEqual([]);
    expect(read('# only a comment\n')).toEqual([]);
    expect(read('---\n{}\n')).toEqual([{}]);
  });

  test('of a workflow has the key "on", also where it asks for an older YAML', () => {
    expect(read('on:\n  schedule:\n    - cron: "30 5 * * 1"\nyes: no\n')).toEqual([{ on: { schedule: [{ cron: '30 5 * * 1' }] }, yes: 'no' }]);
    expect(read('%YAML 1.1\n---\non: off\n')).toEqual([{ on: 'off' }]);
  });

  test('may merge maps: own keys count more than merged ones, earlier maps more than later ones', () => {
    expect(read('a: &a { x: 1, y: 1 }\nb: &b { y: 2, z: 2 }\nc:\n  <<: [*a, *b]\n  x: 3\nd:\n  <<: *b\n')).toEqual([{ a: { x: 1, y: 1 }, b: { y: 2, z: 2 }, c: { x: 3, y: 1, z: 2 }, d: { y: 2, z: 2 } }]);
  });

  test('may have tags of its own, which change nothing', () => {
    expect(read('a: !Ref Bucket\nb: !!binary aGk=\nc: !include { x: 1 }\n')).toEqual([{ a: 'Bucket', b: 'aGk=', c: { x: 1 } }]);
  });

  test('has text for keys whatever they look like', () => {
    expect(read('8080: http\ntrue: yes\n')).toEqual([{ '8080': 'http', true: 'yes' }]);
  });

  test('keeps the digits of a number that YAML would change', () => {
    expect(read('a: 0123\nb: 12345678901234567890\nc: 7\nd: 0.5\n')).toEqual([{ a: '0123', b: '12345678901234567890', c: 7, d: 0.5 }]);
  });

  test('may be JSON, with a byte order mark', () => {
    expect(read('\ufeff{"a": [1, "b", null]}')).toEqual([{ a: [1, 'b', null] }]);
  });

  test('gives values that nobody can change and that have no prototype', () => {
    const [value] = readForeignYaml('a: { b: [1] }\n', 'f') as readonly [{ a: { b: number[] } }];
    expect(Object.getPrototypeOf(value)).toBeNull();
    expect(() => void value.a.b.push(2)).toThrow(TypeError);
  });

  const lists = Array.from({ length: 6 }, (_, index) => `${'bcdefg'[index]}: &${'bcdefg'[index]} [${Array.from({ length: 10 }, () => `*${'abcdef'[index]}`).join(',')}]\n`);

  test.each([
    ['brackets that stay open', 'a: [1\n', 'DefinitionSyntaxError', 1],
    ['a key given twice', 'a: 1\nb: 2\na: 3\n', 'DefinitionSyntaxError', 3],
    ['an alias of another document', 'a: &c 1\n---\nb: *c\n', 'DefinitionSyntaxError', 3],
    ['a list inside itself', 'a: &x [*x]\n', 'DefinitionSyntaxError', 1],
    ['a key of the prototype', 'a:\n  __proto__: { polluted: true }\n', 'DefinitionKeyForbidden', 2],
    ['another one', 'constructor: 1\n', 'DefinitionKeyForbidden', 1],
    ['one in a merged map', '<<: { prototype: 1 }\n', 'DefinitionKeyForbidden', 1],
    ['a list as key', '? [a]\n: 1\n', 'DefinitionSyntaxError', 1],
    ['more than 1 MiB', `a: "${'x'.repeat(1024 * 1024)}"\n`, 'DefinitionTooLarge', 1],
    ['more than 20,000 nodes', Array.from({ length: 20_001 }, (_, index) => `k${index}:\n`).join(''), 'DefinitionTooLarge', 20_001],
    ['lists a hundred deep', `${'['.repeat(100)}${']'.repeat(100)}`, 'DefinitionSyntaxError', 1],
    ['aliases that repeat ten million nodes', `a: &a [x,x,x,x,x,x,x,x,x,x]\n${lists.join('')}`, 'DefinitionTooLarge', 1],
  ])('with %s is refused, with the place', (_, text, code, line) => {
    expect(() => readForeignYaml(text, 'foreign.yaml')).toThrow(expect.objectContaining({ code, file: 'foreign.yaml', line, column: expect.any(Number) }));
  });

  test('shows the line that it cannot read', () => {
    expect(() => readForeignYaml('kind: CronJob\nspec: { a: b\n', 'k.yaml')).toThrow(expect.objectContaining({ excerpt: expect.objectContaining({ text: 'spec: { a: b' }) }));
  });
});
