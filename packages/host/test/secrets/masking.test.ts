import { chownSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { maskingOf } from '../../src/secrets/masking.ts';
import { createReferences } from '../../src/secrets/references.ts';
import { temporaryFolder, write } from '../folder.ts';

const notAsked = (): Promise<never> => Promise.reject(new Error('nobody has to be asked'));

test('what is not to be had is not looked for; the rest is', async () => {
  const mask = await maskingOf({ A: 'env:NOWHERE', B: 'env:constructor', C: 'env:TOKEN' }, { TOKEN: 'canary' }, notAsked);
  expect(mask?.('a canary sings')).toBe('a *** sings');
  expect(await maskingOf({ A: 'env:NOWHERE' }, {}, notAsked)).toBeUndefined();
});

test.skipIf(process.getuid?.() !== 0)('a file of somebody else is looked for where the configuration calls that owner safe', async () => {
  const file = write(join(temporaryFolder(), 'key'), 'canary', 0o600);
  chownSync(file, 12_345, 0);
  const mask = await maskingOf({ KEY: `file:${file}` }, {}, async () => createReferences({}, '/', [12_345]));
  expect(mask?.('a canary sings')).toBe('a *** sings');
  expect(await maskingOf({ KEY: `file:${file}` }, {}, notAsked)).toBeUndefined();
});
