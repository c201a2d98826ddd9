import { expect, test } from 'vitest';
import { masked } from '../../src/telling/mask.ts';

const SECRET = 'p4ss "word"/+';

test.each([
  ['as it is', SECRET],
  ['in a URL', encodeURIComponent(SECRET)],
  ['in JSON', JSON.stringify({ a: SECRET })],
  ['in base64', Buffer.from(SECRET).toString('base64')],
  ['in base64 behind one byte', Buffer.from(`x${SECRET}`).toString('base64')],
  ['in base64 between others', Buffer.from(`xy${SECRET}z and more`).toString('base64')],
])('a secret is masked %s', (_, text) => {
  const shown = masked(`before ${text} after`, [SECRET]);
  expect(shown).toMatch(/^before .*\*\*\*.* after$/);
  expect(shown).not.toContain('word');
  expect(shown.length).toBeLessThan(text.length + 10);
});

test('what is shorter than six characters is no secret', () => {
  expect(masked('a yes and a no', ['yes', ''])).toBe('a yes and a no');
});
