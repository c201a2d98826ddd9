import { describe, expect, test } from 'vitest';
import { colourWish, hasColour, knowsSymbols, paint, PLAIN } from '../../src/print/look.ts';

describe('colour', () => {
  test.each([
    ['a terminal has it', undefined, {}, true, true],
    ['a pipe has none', undefined, {}, false, false],
    ['a dumb terminal has none', undefined, { TERM: 'dumb' }, true, false],
    ['NO_COLOR takes it from a terminal', undefined, { NO_COLOR: '1' }, true, false],
    ['NO_COLOR may say anything', undefined, { NO_COLOR: '0' }, true, false],
    ['an empty NO_COLOR says nothing', undefined, { NO_COLOR: '' }, true, true],
    ['FORCE_COLOR gives it to a pipe', undefined, { FORCE_COLOR: '1' }, false, true],
    ['FORCE_COLOR gives it to a dumb terminal', undefined, { FORCE_COLOR: '1', TERM: 'dumb' }, true, true],
    ['FORCE_COLOR=0 takes it from a terminal', undefined, { FORCE_COLOR: '0' }, true, false],
    ['an empty FORCE_COLOR says nothing', undefined, { FORCE_COLOR: '' }, false, false],
    ['NO_COLOR is stronger than FORCE_COLOR', undefined, { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
    ['--color always is stronger than NO_COLOR', 'always', { NO_COLOR: '1' }, false, true],
    ['--color always is stronger than a dumb terminal', 'always', { TERM: 'dumb' }, true, true],
    ['--color never is stronger than FORCE_COLOR', 'never', { FORCE_COLOR: '1' }, true, false],
    ['--color auto leaves it to the rest', 'auto', { NO_COLOR: '1' }, true, false],
    ['--color auto on a terminal', 'auto', {}, true, true],
    ['a word that is no answer leaves it to the rest', 'mauve', {}, true, true],
  ])('%s', (_, wish, environment, terminal, colour) => {
    expect(hasColour(wish, environment, terminal)).toBe(colour);
  });

  test.each([
    [['--color', 'never'], 'never'], [['--color=always'], 'always'], [['-Color', 'Never'], 'never'], [['-color:Always'], 'always'], [['-col', 'never'], 'never'],
    [['--name', 'x', '--color', 'always', '7'], 'always'], [['--color=never', '--color=always'], 'always'], [['--color'], undefined], [[], undefined],
    [['--', '--color', 'never'], undefined], [['--colors', 'never'], undefined], [['color', 'never'], undefined],
  ])('is wished for by %j: %s', (argv, wish) => {
    expect(colourWish(argv)).toBe(wish);
  });

  test('is the text itself where there is none', () => {
    expect(paint(PLAIN, 'red', 'x')).toBe('x');
    expect(paint({ ...PLAIN, colour: true }, 'red', 'x')).toBe('\u001b[31mx\u001b[0m');
    expect(paint({ ...PLAIN, colour: true }, 'red', '')).toBe('');
  });
});

test.each([
  [{ LANG: 'de_DE.UTF-8' }, true], [{ LANG: 'C.utf8' }, true], [{ LC_CTYPE: 'en_US.UTF-8', LANG: 'C' }, true], [{ LC_ALL: 'C', LANG: 'en_US.UTF-8' }, false],
  [{ LC_ALL: '', LANG: 'en_US.UTF-8' }, true], [{ LANG: 'C' }, false], [{ LANG: 'POSIX' }, false], [{ LANG: 'de_DE.ISO-8859-1' }, false], [{}, false],
  [{ TERM: 'linux', LANG: 'C.UTF-8' }, false], [{ TERM: 'dumb', LANG: 'C.UTF-8' }, false],
])('a terminal under %j knows symbols: %s', (environment, known) => {
  expect(knowsSymbols(environment)).toBe(known);
});
