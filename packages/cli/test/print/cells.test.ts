import { describe, expect, test } from 'vitest';
import { cellsOf, cutTo } from '../../src/print/cells.ts';

test.each([
  ['', 0], ['abc', 3], ['ä€', 2], ['日本', 4], ['ｶ', 1], ['한', 2], ['\u1112\u1161\u11ab', 2], ['e\u0301', 1], ['का', 2], ['กำ', 2], ['a\u200bb', 2], ['a\ufeffb', 2], ['a\u00adb', 3],
  ['😀', 2], ['⭐', 2], ['❤', 1], ['❤\ufe0f', 1], ['👍🏽', 4], ['👨\u200d👩\u200d👧', 2], ['🇩🇪', 2], ['1\ufe0f\u20e3', 1], ['שלום', 4], ['سلام', 4], ['✓✗●■○□‖¦◇◆◌', 11],
])('%j takes %i cells of a terminal', (text, cells) => {
  expect(cellsOf(text)).toBe(cells);
});

describe('a text that is cut', () => {
  test.each([
    ['abc', 3, 'abc'], ['abcd', 3, 'ab…'], ['abcd', 1, '…'], ['abcd', 0, ''], ['日本語', 6, '日本語'], ['日本語', 5, '日本…'], ['日本語', 4, '日…'], ['日本語', 2, '…'],
    ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'], ['a👨\u200d👩\u200d👧b', 3, 'a…'], ['a👨\u200d👩\u200d👧bc', 4, 'a👨\u200d👩\u200d👧…'], ['שלום עולם', 5, 'שלום…'],
  ])('%j to %i cells is %j', (text, width, cut) => {
    expect(cutTo(text, width, '…')).toBe(cut);
    expect(cellsOf(cutTo(text, width, '…'))).toBeLessThanOrEqual(width);
  });

  test('has the mark that the terminal knows', () => {
    expect(cutTo('abcd', 3, '~')).toBe('ab~');
  });
});
