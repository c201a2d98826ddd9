import { describe, expect, test } from 'vitest';
import { OPTION_KEYS, type KeyRule } from '../src/definition-keys.ts';
import { checkTyped, readTypedMaps } from '../src/typed-text.ts';

const rule = (name: string): KeyRule => OPTION_KEYS[name] as KeyRule;

describe('the maps of a text', () => {
  test.each([
    ['one', '{a: 1}', [{ a: 1 }]],
    ['of a list', '[{a: 1}, {a: 2}]', [{ a: 1 }, { a: 2 }]],
    ['of a document that verbs print', '{"apiVersion":1,"things":[{"a":1}]}', [{ a: 1 }]],
    ['of an empty document', '{"apiVersion":1,"things":[]}', []],
    ['of JSON lines', '{"a":1}\n{"a":2}\n', [{ a: 1 }, { a: 2 }]],
    ['over several lines', '- a: 1\n- a: 2\n', [{ a: 1 }, { a: 2 }]],
  ])('are read: %s', (_, text, values) => {
    expect(readTypedMaps(text, 'things').map(({ value }) => value)).toEqual(values);
  });

  test.each([
    ['[1]', 1, 2],
    ['7', 1, 1],
    ['{a: 1', 1, 1],
    ['{a: 1, a: 2}', 1, 8],
  ])('are complained about with their place, and no file: %s', (text, line, column) => {
    try {
      readTypedMaps(text, 'things');
      expect.fail();
    } catch (error) {
      expect(error).toMatchObject({ name: 'JobError', line, column });
      expect(error).not.toHaveProperty('file');
    }
  });

  test('say nothing by a null', () => {
    const [map] = readTypedMaps('{timeout: null, retry: {limit: 2, delay: null}}', 'options');
    expect(map?.check(OPTION_KEYS)).toEqual({ value: { retry: { limit: 2 } }, issues: [] });
  });
});

describe('a value on the command line', () => {
  test.each([
    ['maxParallel', '3', 3],
    ['wakeToRun', 'TRUE', true],
    ['timeout', '90s', '90s'],
    ['timeout', '0', '0'],
    ['multipleInstancePolicy', 'queue', 'Queue'],
    ['retry', '3', { limit: 3 }],
    ['retry', '{limit: 3, factor: 1.5}', { limit: 3, factor: 1.5 }],
    ['catchUp', 'ALL', { policy: 'all' }],
    ['catchUp', '{window: 1h}', { window: '1h' }],
  ])('is read by the rule of its key: %s %s', (name, text, value) => {
    expect(checkTyped(`--${name}`, rule(name), text)).toEqual({ value, issues: [] });
  });

  test.each([
    ['maxParallel', '0', 'DefinitionValueInvalid'],
    ['maxParallel', '3x', 'DefinitionValueInvalid'],
    ['timeout', '5', 'DurationInvalid'],
    ['multipleInstancePolicy', 'None', 'DefinitionValueInvalid'],
    ['runElevated', 'true', 'RunElevatedNotSupported'],
    ['retry', '{limt: 3}', 'DefinitionKeyUnknown'],
    ['retry', 'many', 'DefinitionValueInvalid'],
    ['catchUp', '[all]', 'DefinitionValueInvalid'],
    ['outputLimit', 'much', 'DefinitionValueInvalid'],
  ])('is refused by the rule of its key: %s %s', (name, text, code) => {
    expect(checkTyped(`--${name}`, rule(name), text).issues).toMatchObject([{ code }]);
  });
});
