import { expect, test } from 'vitest';
import { nearFlag } from '../../src/options/near-flag.ts';
import { COMMON, type Option } from '../../src/options/option-table.ts';
import { sample } from '../tables.ts';

const options: Readonly<Record<string, Option>> = {
  ...COMMON, ...sample.options,
  'working-directory': { kind: 'text', help: '' }, tail: { kind: 'text', help: '' }, 'what-if': { kind: 'switch', help: '' }, wait: { kind: 'switch', help: '' },
};

test.each([
  ['letters swapped', '--nmae', '--name'],
  ['a letter missing', '--definiton-name', '--definition-name'],
  ['a letter too many', '-Keeep', '--keep'],
  ['the plural', '--names', '--name'],
  ['a capital', '--Name', '--name'],
  ['capitals in place of hyphens', '--definitionName', '--definition-name'],
  ['underscores', '--definition_name', '--definition-name'],
  ['no hyphen', '--definitionname', '--definition-name'],
  ['capitals and a letter missing', '--definitonName', '--definition-name'],
  ["a colon, which is PowerShell's with one dash", '--name:x', '--name'],
  ['another tool\'s word', '--cwd', '--working-directory'],
  ['another tool\'s letter', '-n', '--tail'],
  ['another tool\'s word with a hyphen', '--dry-run', '--what-if'],
  ['its beginning', '--work', '--working-directory'],
  ['a switch turned off', '--no-keep', '--keep=false'],
  ['colour turned off', '--no-color', '--color never'],
  ['British spelling', '--colour', '--color'],
])('%s: %s means %s', (_, shown, meant) => {
  expect(nearFlag(shown, options)).toBe(meant);
});

test.each(['--zzzzzzzz', '--x', '--', '--constructor', '--__proto__', '--no-shell'])('%s means nothing that is known', (shown) => {
  expect(nearFlag(shown, options)).toBeUndefined();
});

test('a word of another tool means nothing to a verb that has no such option', () => {
  expect(nearFlag('--cwd', COMMON)).toBeUndefined();
});
