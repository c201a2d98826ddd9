import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { spawnDetached } from '../../src/launch/spawn-detached.ts';
import { statField, temporaryFolder } from '../folder.ts';

const options = (cwd: string) => ({ cwd, env: { PATH: process.env['PATH'] as string, FOLDER: `${cwd}/` }, stdio: ['ignore', 'ignore', 'ignore'] as const });

describe('a process of its own', () => {
  test('leads a session and tells when and how it ended', async () => {
    const child = spawnDetached(['/bin/sh', '-c', 'read x; exit 3'], options(temporaryFolder()));
    expect(child.pid).toBeGreaterThan(1);
    await child.gone;
    expect(child.ended()).toEqual({ exitCode: 3 });
  });

  test('is not ended while it runs', () => {
    const child = spawnDetached(['/bin/sleep', '600'], options(temporaryFolder()));
    expect(child.ended()).toBeUndefined();
    expect(statField(child.pid as number, 6)).toBe(String(child.pid));
    child.release();
  });

  test.each([
    ['its program is missing', ['/nowhere/bogus'] as [string], (folder: string) => folder, 'ENOENT'],
    ['its folder is missing', ['/bin/true'] as [string], (folder: string) => join(folder, 'missing'), 'ENOENT'],
    ['its folder is a file', ['/bin/true'] as [string], () => '/etc/passwd', 'ENOTDIR'],
    ['a word holds a NUL', ['/bin/true', 'a\0b'] as [string, string], (folder: string) => folder, 'ERR_INVALID_ARG_VALUE'],
    ['a word is too long', ['/bin/true', 'x'.repeat(131_072)] as [string, string], (folder: string) => folder, 'E2BIG'],
  ])('tells that it could not be started when %s', async (_, argv, folder, code) => {
    const child = spawnDetached(argv, options(folder(temporaryFolder())));
    await child.gone;
    expect(child.ended()).toMatchObject({ error: { code } });
    child.release();
  });
});
