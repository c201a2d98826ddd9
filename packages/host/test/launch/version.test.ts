import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkVersion } from '../../src/launch/version.ts';
import { complaintOf, temporaryFolder, write } from '../folder.ts';

/** An interpreter that answers `--version` with this script. */
function interpreter(script: string): (version: string | undefined) => void {
  const folder = temporaryFolder();
  write(join(folder, 'tool'), `#!/bin/sh\n${script}\n`, 0o755);
  return (version) => checkVersion({ argv: ['tool', '-c', 'x'], commandText: 'x', ...(version === undefined ? {} : { version }) }, { PATH: `${folder}:/usr/bin:/bin` });
}

describe('a version is met', () => {
  test.each([
    ['v22.18.0', '22'], ['v22.18.0', '22.18'], ['v22.18.0', '22.18.0'], ['Python 3.12.4', '3.12'], ['GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)', '5.2'], ['tool 7', '7'],
  ])('by %j for %s', (says, version) => {
    expect(interpreter(`echo '${says}'`)(version)).toBeUndefined();
  });

  test('where none is wanted, without a look', () => {
    expect(interpreter('exit 1')(undefined)).toBeUndefined();
  });
});

describe('a version is not met', () => {
  test.each([
    ['v22.18.0', '2'], ['v22.18.0', '22.1'], ['v22.18.0', '22.18.0.1'], ['v22.18.0', '0'], ['v220.1', '22'], ['Python 3.12.4', '12.4'],
  ])('by %j for %s, and the one found is named', async (says, version) => {
    const number = /[\d.]+/.exec(says)?.[0] as string;
    expect(await complaintOf(() => interpreter(`echo '${says}'`)(version))).toMatchObject({ code: 'RuntimeVersionNotSupported', message: expect.stringMatching(new RegExp(`tool" is version ${number}, not ${version}$`)), hint: expect.any(String) });
  });

  test.each([['says nothing', ':'], ['fails', 'echo 22.1; exit 1'], ['knows no number', 'echo newest']])('by a program that %s', async (_what, script) => {
    expect(await complaintOf(() => interpreter(script)('22'))).toMatchObject({ code: 'RuntimeVersionNotSupported', message: expect.stringContaining('does not say its version') });
  });

  test('by a program that is not there', async () => {
    expect(await complaintOf(() => checkVersion({ argv: ['no-such-tool'], commandText: 'x', version: '1' }, { PATH: '/usr/bin:/bin' }))).toMatchObject({ code: 'RuntimeNotFound', message: expect.stringContaining('no-such-tool') });
  });
});

test('the variables of the job say where the interpreter is', async () => {
  const folder = temporaryFolder();
  write(join(folder, 'tool'), '#!/bin/sh\necho 3.1\n', 0o755);
  expect(checkVersion({ argv: ['tool'], commandText: 'x', version: '3', environment: { PATH: `${folder}:/usr/bin:/bin` } }, { PATH: '/nowhere' })).toBeUndefined();
});

test('an interpreter that is named by a path is the one where the job starts', async () => {
  const folder = temporaryFolder();
  write(join(folder, 'tool'), '#!/bin/sh\necho 3.1\n', 0o755);
  const check = (workingDirectory: string) => checkVersion({ argv: ['./tool'], commandText: 'x', version: '3', workingDirectory }, {});
  expect(check(folder)).toBeUndefined();
  expect(await complaintOf(() => check('/'))).toMatchObject({ code: 'RuntimeNotFound' });
});
