import { expect, test } from 'vitest';
import { maskOf } from '../../src/secrets/mask.ts';

const SECRET = 'p4ss "word"/+';

test.each([
  ['as it is', SECRET],
  ['in a URL', encodeURIComponent(SECRET)],
  ['in JSON', JSON.stringify({ a: SECRET })],
  ['in base64', Buffer.from(SECRET).toString('base64')],
  ['in base64 behind one byte', Buffer.from(`x${SECRET}`).toString('base64')],
  ['in base64 between others', Buffer.from(`xy${SECRET}z and more`).toString('base64')],
])('a secret is masked %s', (_, text) => {
  const shown = maskOf([SECRET])(`before ${text} after`);
  expect(shown).toMatch(/^before .*\*\*\*.* after$/);
  expect(shown).not.toContain('word');
  expect(shown.length).toBeLessThan(text.length + 10);
});

test('what is shorter than six characters is no secret', () => {
  expect(maskOf(['yes', ''])('a yes and a no')).toBe('a yes and a no');
});

test('of a secret of several lines each line is one, however it is indented; blank ones are none', () => {
  const mask = maskOf(['{\r\n    "key": "first-word",\r\n          \r\n}\r\n']);
  expect(mask('said "key": "first-word", and no more')).toBe('said *** and no more');
  expect(mask('          an indented line')).toBe('          an indented line');
});
