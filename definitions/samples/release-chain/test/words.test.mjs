import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countWords } from '../src/words.mjs';

test('words are counted without case, the most frequent first', () => {
  assert.deepEqual(countWords('The end of the day: a day.'), [['day', 2], ['the', 2], ['a', 1], ['end', 1], ['of', 1]]);
});

test('no text has no words', () => {
  assert.deepEqual(countWords(''), []);
});
