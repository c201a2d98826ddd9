import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { newPlace, type Place } from './product.ts';

const BIN = fileURLToPath(new URL('../../packages/cli/bin/start-job.cjs', import.meta.url));
const OLD_NODE = ['/usr/bin/node', '/usr/local/bin/node'].find((path) => existsSync(path) && isOld(execFileSync(path, ['--version'], { encoding: 'utf8' })));

function isOld(version: string): boolean {
  const [major = 0, minor = 0] = version.replace('v', '').split('.').map(Number);
  return major < 22 || (major === 22 && minor < 18);
}

const warmFiles = (cache: string): string[] => readdirSync(cache).filter((name) => /^get-job-v\d/.test(name));

/** Without the compiled code that the tests share. */
function cold(): Place {
  const place = newPlace();
  place.env['NODE_COMPILE_CACHE'] = '';
  return place;
}

describe('the code that earlier runs compiled', () => {
  test('is kept in the state folder, for its owner alone, one file a verb', async () => {
    const place = cold();
    await place.stdoutOf('get-job');
    const cache = join(place.state, 'cache');
    expect(warmFiles(cache)).toHaveLength(1);
    expect([cache, join(cache, warmFiles(cache)[0] as string)].map((path) => (statSync(path).mode & 0o777).toString(8))).toEqual(['700', '600']);
    await place.stdoutOf('get-job');
    expect(warmFiles(cache)).toHaveLength(1);
  });

  test.each([['nothing', ''], ['garbage', 'x'.repeat(5_000)], ['a generation and garbage', `\u0004${'\0'.repeat(100_000)}`]])('may turn into %s: the verb works, and mends it', async (_, content) => {
    const place = cold();
    await place.stdoutOf('get-job');
    const cache = join(place.state, 'cache');
    const file = join(cache, warmFiles(cache)[0] as string);
    writeFileSync(file, content);
    expect(await place.run('get-job', ['--json'])).toMatchObject({ code: 0, stdout: '[]\n', stderr: '' });
    expect(statSync(file).size).toBeGreaterThan(10_000);
  });

  test('is done without where the cache cannot be written', async () => {
    const place = cold();
    mkdirSync(place.state, { mode: 0o700 });
    writeFileSync(join(place.state, 'cache'), 'no folder');
    expect(await place.run('get-job', ['--json'])).toMatchObject({ code: 0, stdout: '[]\n', stderr: '' });
  });

  test('is kept where somebody keeps compiled code for Node', async () => {
    const place = newPlace();
    const cache = join(place.root, 'compiled');
    place.env['NODE_COMPILE_CACHE'] = cache;
    await place.stdoutOf('get-job');
    expect(warmFiles(cache)).toHaveLength(1);
    expect(existsSync(join(place.state, 'cache'))).toBe(false);
  });

  test('of an earlier bundle goes', async () => {
    const place = cold();
    const cache = join(place.state, 'cache');
    mkdirSync(cache, { recursive: true, mode: 0o700 });
    writeFileSync(join(cache, 'get-job-v22.18.0-1-1'), 'old');
    await place.stdoutOf('get-job');
    expect(warmFiles(cache)).not.toContain('get-job-v22.18.0-1-1');
  });
});

describe('a stack trace', () => {
  test('is shown with --debug alone, with the names of our sources', async () => {
    const place = newPlace();
    const [plain, debug] = await Promise.all([place.run('get-job', ['99']), place.run('get-job', ['99', '--debug'])]);
    expect(plain.stderr).not.toContain('    at ');
    expect(debug.stderr).toMatch(/ at .*packages\/core\/src\/errors\.ts/);
  });
});

test.skipIf(OLD_NODE === undefined)('a Node that is too old gets one clear line', async () => {
  const place = newPlace();
  const ended = await place.run(OLD_NODE as string, [BIN, '--', 'true']);
  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect(ended.stderr).toMatch(/^start-job: Nightshift needs Node\.js 22\.18 or newer; this is v\S+ at \S+\n$/);
});
