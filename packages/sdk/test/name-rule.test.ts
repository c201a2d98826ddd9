import { describe, expect, test } from 'vitest';
import { checkName } from '@nightshift/sdk';

describe('the name rule', () => {
  test.each(['Nightly', 'a', 'a.b-c_d', 'x'.repeat(64)])('%s is a name', (name) => {
    expect(checkName(name)).toBe(name);
  });

  test.each(['', '1a', 'a/b', '..', 'a..b', 'a.', 'x'.repeat(65), 'x'.repeat(300), 'NUL', 'con.yaml', 'lpt1', '__proto__', 'constructor', 'a b', 'ä', 'a\n', '-a', 'a\0'])(
    '%j is refused with InvalidDefinitionName',
    (name) => {
      expect(() => checkName(name)).toThrow(expect.objectContaining({ code: 'InvalidDefinitionName' }));
    },
  );
});
