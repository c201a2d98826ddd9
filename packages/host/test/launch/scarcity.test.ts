import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { contentOf, temporaryFolder, until, write } from '../folder.ts';

const program = fileURLToPath(new URL('programs/scarce-launch.ts', import.meta.url));
const shim = fileURLToPath(new URL('../../src/launch/shim.sh', import.meta.url));

interface Answers {
  readonly first: { readonly failed?: string; readonly scarce?: true };
  readonly left: number;
  readonly second: { readonly failed?: string };
}

function launchWith(free: number, secret?: string): Answers & { readonly folder: string } {
  const runFolder = join(temporaryFolder(), 'run');
  mkdirSync(join(runFolder, '1'), { recursive: true });
  if (secret !== undefined) write(join(runFolder, 'key'), secret, 0o600);
  const { stdout, stderr } = spawnSync('sh', ['-c', `ulimit -n 64; exec "$0" --conditions=source "$@"`, process.execPath, program, runFolder, shim, String(free), ...(secret === undefined ? [] : [join(runFolder, 'key')])], { encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  return { ...(JSON.parse(stdout) as Answers), folder: join(runFolder, '1') };
}

describe('a launch without descriptors to spare', () => {
  test.each([0, 1, 2, 3, 4, 5, 6])('says so with %i of them, keeps none, and succeeds when it is repeated', async (free) => {
    const { first, left, second, folder } = launchWith(free);
    if (first.failed !== undefined) expect(first).toMatchObject({ scarce: true, failed: expect.stringMatching(/^SpawnFailed: .*EMFILE/) as string });
    expect(left).toBeLessThanOrEqual(0);
    expect(second.failed).toBeUndefined();
    expect(await until('it has run', () => contentOf(join(folder, 'stdout')))).toBe('done');
  });

  test('fails with none at all', () => {
    expect(launchWith(0).first).toHaveProperty('scarce', true);
  });

  test('that needs one for a secret says so too', () => {
    const { first, second } = launchWith(0, 'canary');
    expect(first).toEqual({ scarce: true, failed: expect.stringMatching(/^DefinitionPathUnreadable: the secret KEY: .* cannot be read: EMFILE$/) as string });
    expect(second.failed).toBeUndefined();
  });
});
