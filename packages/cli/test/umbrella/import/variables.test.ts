import { expect, test } from 'vitest';
import { collectRemarks } from '../../../src/umbrella/import/remarks.ts';
import { isSensitive, placeVariables } from '../../../src/umbrella/import/variables.ts';

const placed = (...pairs: [string, string][]) => {
  const remarks = collectRemarks();
  return { ...placeVariables(pairs.map(([name, value], index) => ({ name, value, place: `f:${index + 1}` })), remarks), said: remarks.all.map(({ severity, place }) => `${severity} ${place}`) };
};

test('plain variables stay, the last of each name', () => {
  expect(placed(['A', '1'], ['B', ''], ['A', '2'])).toEqual({ environment: { A: '2', B: '' }, said: [] });
});

test('a secret becomes a reference, and its value is nowhere', () => {
  const parts = placed(['DB_PASSWORD', 'hunter2']);
  expect(parts).toEqual({ secrets: { DB_PASSWORD: 'env:DB_PASSWORD' }, said: ['lost f:1'] });
  expect(JSON.stringify(parts)).not.toContain('hunter2');
});

test('an empty secret is no secret', () => {
  expect(placed(['TOKEN', ''])).toEqual({ environment: { TOKEN: '' }, said: [] });
});

test('what loads code is never set, in any case', () => {
  expect(placed(['LD_PRELOAD', 'x'], ['node_options', 'x'], ['DYLD_INSERT_LIBRARIES', 'x'])).toEqual({ said: ['lost f:1', 'lost f:2', 'lost f:3'] });
});

test('what no shell could name is left out', () => {
  expect(placed(['A B', 'x'], ['1A', 'x'], ['', 'x'])).toEqual({ said: ['note f:1', 'note f:2', 'note f:3'] });
});

test('a name that no definition may have as a key is lost', () => {
  expect(placed(['__proto__', 'x'], ['constructor', 'x'])).toEqual({ said: ['lost f:1', 'lost f:2'] });
});

test.each([
  ['PGPASSWORD', true],
  ['AWS_SECRET_ACCESS_KEY', true],
  ['apikey', true],
  ['DB_PWD', true],
  ['GOOGLE_CREDENTIALS', true],
  ['TOKEN_FILE', false],
  ['PASSWORD_PATH', false],
  ['PWD_DIR', false],
  ['KEEP', false],
])('%s is sensitive: %s', (name, sensitive) => {
  expect(isSensitive(name)).toBe(sensitive);
});
