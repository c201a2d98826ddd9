import { chownSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createReferences } from '../../src/secrets/references.ts';
import { resolveSecrets, variablesBehind } from '../../src/secrets/resolve-secrets.ts';
import { complaintOf, temporaryFolder, write } from '../folder.ts';

describe('secrets', () => {
  test('are read anew each time: from a variable, and from a file without its last line end', async () => {
    const folder = temporaryFolder();
    const file = write(join(folder, 'key'), 'one\n\n', 0o600);
    const environment: NodeJS.ProcessEnv = { TOKEN: ' as it is ' };
    const references = createReferences(environment, '/', []);
    const secrets = { TOKEN: 'env:TOKEN', KEY: `file:${file}` };
    expect({ ...(await resolveSecrets(secrets, references)) }).toEqual({ TOKEN: ' as it is ', KEY: 'one\n' });
    write(file, 'two\r\n', 0o600);
    environment['TOKEN'] = 'later';
    expect({ ...(await resolveSecrets(secrets, references)) }).toEqual({ TOKEN: 'later', KEY: 'two' });
  });

  test('that cannot be had are told by their names, never by what is there', async () => {
    const folder = temporaryFolder();
    const references = createReferences({ EMPTY: '', NUL: 'canary\0' }, folder, []);
    write(join(folder, 'open'), 'canary', 0o602);
    write(join(folder, 'real'), 'canary', 0o600);
    symlinkSync(join(folder, 'real'), join(folder, 'link'));
    for (const [reference, code, message] of [
      ['env:NOWHERE', 'DefinitionValueInvalid', 'the secret KEY: env:NOWHERE is empty or not there'], ['env:EMPTY', 'DefinitionValueInvalid', 'is empty or not there'], ['env:NUL', 'DefinitionValueInvalid', 'env:NUL holds a NUL byte'], ['env:constructor', 'DefinitionValueInvalid', 'env:constructor is empty or not there'],
      ['file:open', 'DefinitionUnsafe', 'can be written by everybody'], ['file:link', 'DefinitionUnsafe', 'is a symbolic link'], ['file:none', 'FilePathNotFound', 'there is no file'], ['keyring:x', 'DefinitionValueInvalid', 'of a kind that this version does not resolve'],
    ]) {
      const complaint = await complaintOf(() => resolveSecrets({ OTHER: 'file:real', KEY: reference as string }, references));
      expect(complaint).toMatchObject({ code, message: expect.stringContaining(message as string), path: ['secrets', 'KEY'] });
      expect(JSON.stringify(complaint)).not.toContain('canary');
    }
  });

  test.skipIf(process.getuid?.() !== 0)('of somebody else count where that owner is safe', async () => {
    const file = write(join(temporaryFolder(), 'key'), 'x', 0o600);
    chownSync(file, 12_345, 0);
    expect(await complaintOf(() => resolveSecrets({ KEY: `file:${file}` }, createReferences({}, '/', [])))).toMatchObject({ code: 'DefinitionUnsafe', message: expect.stringContaining('belongs to user 12345') });
    expect({ ...(await resolveSecrets({ KEY: `file:${file}` }, createReferences({}, '/', [12_345]))) }).toEqual({ KEY: 'x' });
  });

  test('of children are found by the variables that they refer to, where those are there', () => {
    expect(variablesBehind(['env:A', 'file:/x', 'env:B', 'env:A'], { A: '1', C: '3' })).toEqual({ A: '1' });
    expect(variablesBehind(['env:constructor'], {})).toEqual({});
  });
});
