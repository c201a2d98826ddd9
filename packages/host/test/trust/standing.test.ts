import { expect, test } from 'vitest';
import type { FoundPlugin } from '../../src/trust/find-plugin.ts';
import { changesSince, phrasesOf, standingOf } from '../../src/trust/standing.ts';

const plugin = (name: string, version = '1.0.0', path = `/p/node_modules/${name}`) => ({ name, path, version });
const record = (...plugins: ReturnType<typeof plugin>[]) => ({ folder: '/p', plugins });

test.each<[string, ReturnType<typeof plugin>[], FoundPlugin[], string, string]>([
  ['nothing, then and now', [], [], 'trusted', ''],
  ['the same list', [plugin('a'), plugin('b')], [plugin('a'), plugin('b')], 'trusted', ''],
  ['the same list in another order', [plugin('a'), plugin('b')], [plugin('b'), plugin('a')], 'trusted', ''],
  ['a plugin named twice', [plugin('a')], [plugin('a'), plugin('a')], 'trusted', ''],
  ['one more', [plugin('a')], [plugin('a'), plugin('b')], 'changed', 'b is new'],
  ['one less', [plugin('a'), plugin('b')], [plugin('b')], 'changed', 'a is gone'],
  ['another version', [plugin('a')], [plugin('a', '1.0.1')], 'changed', 'a 1.0.0 is 1.0.1 now'],
  ['another folder', [plugin('a')], [plugin('a', '1.0.0', '/q/a')], 'changed', 'a lies in /q/a now'],
  ['not installed any more', [plugin('a')], [{ name: 'a', fault: 'gone' }], 'changed', 'a cannot be found'],
  ['one for another', [plugin('a')], [plugin('b')], 'changed', 'b is new, a is gone'],
])('a project with %s is as its record says: %s', (_, before, now, standing, phrases) => {
  expect(standingOf(record(...before), now)).toBe(standing);
  expect(phrasesOf(changesSince(record(...before), now))).toBe(phrases);
});

test('a project without a record is not trusted, and all of its plugins are new', () => {
  expect(standingOf(undefined, [])).toBe('untrusted');
  expect(changesSince(undefined, [plugin('a')]).map(({ word }) => word)).toEqual(['new']);
});
