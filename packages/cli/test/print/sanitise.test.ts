import { describe, expect, test } from 'vitest';
import { sanitise, sanitiseLine } from '../../src/print/sanitise.ts';

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const named = (points: readonly number[]) => points.map((point) => [`U+${point.toString(16).toUpperCase().padStart(4, '0')}`, String.fromCodePoint(point)] as const);

/** Controls of C0 and C1, DEL, everything with the property Bidi_Control, and the separators that some terminals take for a line end. */
const UNSAFE = [...range(0x00, 0x08), ...range(0x0b, 0x1f), ...range(0x7f, 0x9f), 0x061c, 0x200e, 0x200f, 0x2028, 0x2029, ...range(0x202a, 0x202e), ...range(0x2066, 0x2069)];

describe('on a terminal', () => {
  test.each(named(UNSAFE))('%s is shown as an escape', (_, character) => {
    for (const shown of [sanitise(`a${character}b`), sanitiseLine(`a${character}b`)]) {
      expect(shown).toMatch(/^a\\(r|x[0-9a-f]{2}|u[0-9a-f]{4})b$/);
    }
  });

  test('tab and newline stay in a text and are shown in a line', () => {
    expect(sanitise('a\tb\nc')).toBe('a\tb\nc');
    expect(sanitiseLine('a\tb\nc')).toBe('a\\tb\\nc');
  });

  test.each(['', 'plain', 'ä ß €', '名前', '😀👩‍👩‍👧', 'a\u0301', '\u200b', '\u00a0', '\\x1b', 'עברית', 'العربية', '\ufeff', '\ufffd'])('"%s" stays as it is', (text) => {
    expect(sanitise(text)).toBe(text);
    expect(sanitiseLine(text)).toBe(text);
  });

  test('an escape sequence loses its beginning and keeps its words', () => {
    expect(sanitise('\u001b]0;title\u0007\u009b31mred')).toBe('\\x1b]0;title\\x07\\x9b31mred');
  });
});

test('of 100,000 texts none passes with a character that moves, colours or turns round', () => {
  const next = seeded(20_261_122);
  const pool = [...UNSAFE, 0x09, 0x0a, 0x20, 0x41, 0x5b, 0x6d, 0xe4, 0x4e00, 0x1f600, 0xd800, 0xdfff];
  const unsafe = new Set(UNSAFE);
  let passed = 0;
  for (let round = 0; round < 100_000; round++) {
    const text = String.fromCodePoint(...Array.from({ length: next() % 20 }, () => (next() % 3 === 0 ? next() % 0x3000 : (pool[next() % pool.length] as number))));
    for (const letter of sanitise(text)) if (unsafe.has(letter.codePointAt(0) as number)) passed++;
    for (const letter of sanitiseLine(text)) if (unsafe.has(letter.codePointAt(0) as number) || letter === '\n' || letter === '\t') passed++;
  }
  expect(passed).toBe(0);
});

/** mulberry32: the same numbers on every machine. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}
