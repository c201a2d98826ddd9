import { userInfo } from 'node:os';
import { describe, expect, test } from 'vitest';
import { asUser, callersEnvironment, checkUser } from '../../src/launch/user.ts';
import { complaintOf } from '../folder.ts';

const me = userInfo().username;
const isRoot = process.getuid?.() === 0;
const argv = ['echo', 'a b'] as const;
/** An account that every system has and that is not ours. */
const other = me === 'daemon' ? 'bin' : 'daemon';

describe('oneself', () => {
  test.each([[undefined], [me]])('as %j changes nothing', (user) => {
    const caller = { HOME: '/home/me', SECRET: 'x' };
    const command = { argv, ...(user === undefined ? {} : { user }) };
    expect(checkUser(command)).toBeUndefined();
    expect(asUser(command, argv, {})).toEqual(argv);
    expect(callersEnvironment(caller, user)).toBe(caller);
  });
});

describe('a user who does not exist', () => {
  test.each(['', ' ', 'nobody-of-that-name', '-x', '--', 'a:b', 'a/b', '../x', 'a b', 'a\nb', `${me}\n`, '0x', 'Domain01/User01'])('such as %j is refused by name', async (user) => {
    expect(await complaintOf(() => checkUser({ argv, user }))).toMatchObject({ code: 'CredentialNotSupported', message: expect.stringContaining(`"${user}"`) });
  });
});

describe('another user', () => {
  test.skipIf(!isRoot)('is reached through runuser by root', () => {
    expect(checkUser({ argv, user: other })).toBeUndefined();
    expect(asUser({ argv, user: other }, argv, { NIGHTSHIFT_JOB_ID: '1' })).toEqual([expect.stringMatching(/\/runuser$/), '-p', '-u', other, '--', 'echo', 'a b']);
  });

  test.skipIf(isRoot)('is reached through sudo -n, which is told what its clean environment would lose', () => {
    expect(asUser({ argv, user: other, environment: { MINE: 'x', GONE: null } }, argv, { NIGHTSHIFT_JOB_ID: '1', MINE: 'x', SECRET: 'y' })).toEqual(['sudo', '-n', '-u', other, '--', '/usr/bin/env', 'NIGHTSHIFT_JOB_ID=1', 'MINE=x', 'echo', 'a b']);
  });

  test.skipIf(isRoot)('gets secrets through sudo as variables: only their names are arguments', () => {
    expect(asUser({ argv, user: other, environment: { TOKEN: 'x' }, secrets: { TOKEN: 'env:A', KEY: 'env:B' } }, argv, { TOKEN: 'canary', KEY: 'canary' })).toEqual(['sudo', '-n', '--preserve-env=TOKEN,KEY', '-u', other, '--', '/usr/bin/env', 'echo', 'a b']);
  });

  test('begins with a clean environment', () => {
    const caller = { HOME: '/home/me', PATH: '/bin', LANG: 'C', LC_ALL: 'C', TZ: 'UTC', TERM: 'xterm', SECRET: 'x', LD_PRELOAD: 'y', SSH_AUTH_SOCK: 'z', PATHS: 'no' };
    const environment = callersEnvironment(caller, other);
    expect(environment).toMatchObject({ PATH: '/bin', LANG: 'C', LC_ALL: 'C', TZ: 'UTC', TERM: 'xterm', USER: other, LOGNAME: other });
    expect(Object.keys(environment).toSorted()).toEqual(['HOME', 'LANG', 'LC_ALL', 'LOGNAME', 'PATH', 'SHELL', 'TERM', 'TZ', 'USER']);
    expect(environment['HOME']).not.toBe('/home/me');
  });
});
