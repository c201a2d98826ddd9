import { describe, expect, test } from 'vitest';
import { hasWildcard, matchesWildcard } from '../src/index.ts';

describe('a wildcard', () => {
  test.each([
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['*', 'anything at all', true],
    ['build', 'build', true],
    ['build', 'builds', false],
    ['build', 'rebuild', false],
    ['BUILD', 'build', true],
    ['build', 'BuIlD', true],
    ['b*', 'build', true],
    ['*d', 'build', true],
    ['*uil*', 'build', true],
    ['b*d', 'bd', true],
    ['b*d', 'build!', false],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['**', 'x', true],
    ['?', 'x', true],
    ['?', '', false],
    ['??', 'x', false],
    ['b?ild', 'build', true],
    ['?*', '', false],
    ['*?', 'x', true],
    ['[ab]c', 'ac', true],
    ['[ab]c', 'cc', false],
    ['[AB]c', 'bC', true],
    ['[a-c]x', 'bx', true],
    ['[a-c]x', 'dx', false],
    ['[A-C]x', 'bx', true],
    ['[0-9][0-9]', '42', true],
    ['Job[1-3]', 'job2', true],
    ['Job[1-3]', 'job4', false],
    ['[a-]', '-', true],
    ['[-a]', '-', true],
    ['[z-a]', 'm', false],
    ['[a-c-e]', 'd', false],
    ['[a-c-e]', '-', true],
    ['[a-c-e]', 'e', true],
    ['[*]', '*', true],
    ['[*]', 'x', false],
    ['[?]', '?', true],
    ['[?]', 'x', false],
    ['[[]', '[', true],
    ['[]]', ']', true],
    ['a[b', 'a[b', true],
    ['a[b', 'ab', false],
    ['*[0-9]', 'a1b2', true],
    ['a.c', 'abc', false],
    ['a.c', 'a.c', true],
    ['(a|b)+$', '(a|b)+$', true],
    ['\\*', '\\x', true],
    ['^a', 'a', false],
    ['?', '😀', true],
    ['[😀a]', '😀', true],
    ['*\n*', 'two\nlines', true],
    ['two?lines', 'two\nlines', true],
    ['İ*', 'i', false],
    ['ı', 'I', false],
  ])('%j against %j is %j', (pattern, text, expected) => {
    expect(matchesWildcard(pattern, text)).toBe(expected);
  });

  test.each([
    ['thirty stars', `${'*a'.repeat(30)}b`, 'a'.repeat(5_000)],
    ['thirty stars in a row', `${'*'.repeat(30)}b`, 'a'.repeat(5_000)],
    ['stars and question marks in turn', `${'*?'.repeat(30)}b`, 'a'.repeat(5_000)],
    ['sets between stars', `${'*[a-z]'.repeat(30)}1`, 'a'.repeat(5_000)],
    ['ten thousand brackets that are never closed', '['.repeat(10_000), '['.repeat(9_999)],
  ])('of %s is answered promptly', (_what, pattern, text) => {
    const begin = performance.now();
    expect(matchesWildcard(pattern, text)).toBe(false);
    expect(performance.now() - begin).toBeLessThan(1_000);
  });

  test.each([
    ['Build', false],
    ['Build*', true],
    ['Buil?', true],
    ['[B]uild', true],
    ['a.b+(c)', false],
    ['a]', false],
  ])('%j is a pattern: %j', (word, expected) => {
    expect(hasWildcard(word)).toBe(expected);
  });

  test('compares as exactly as it is told to', () => {
    expect(matchesWildcard('Build*', 'BUILD1', (text) => text)).toBe(false);
    expect(matchesWildcard('Build*', 'Build1', (text) => text)).toBe(true);
  });
});
