import { isJobError } from '@nightshift/sdk';
import { expect, test } from 'vitest';
import { usage } from '../../src/options/usage.ts';

test('an error of use has a code, a sentence and, where there is one, a hint', () => {
  expect(usage('MissingArgument', 'x needs a value', 'write x=VALUE')).toMatchObject({ code: 'MissingArgument', message: 'x needs a value', hint: 'write x=VALUE' });
  expect(usage('MissingArgument', 'x needs a value')).not.toHaveProperty('hint');
  expect(isJobError(usage('MissingArgument', 'x'))).toBe(true);
});
