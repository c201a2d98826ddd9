import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { newPlace } from '../e2e/product.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('"npm link -w nightshift" puts every verb into the global folder, and "npm unlink -g nightshift" takes them away', async () => {
  const { home, env, run } = newPlace();
  const prefix = join(home, 'global');
  const npm = (...args: string[]): string => execFileSync('npm', [...args, '--offline'], { cwd: root, env: { ...env, npm_config_prefix: prefix, npm_config_cache: join(home, 'cache') }, encoding: 'utf8', stdio: 'pipe' });
  const { bin } = JSON.parse(readFileSync(join(root, 'packages/cli/package.json'), 'utf8')) as { bin: Record<string, string> };

  npm('link', '-w', 'nightshift');
  const versions = await Promise.all(Object.keys(bin).map((verb) => run(join(prefix, 'bin', verb), ['--help'])));
  expect(versions.map(({ code }) => code)).toEqual(versions.map(() => 0));

  npm('unlink', '-g', 'nightshift');
  await expect(run(join(prefix, 'bin', 'get-job'))).rejects.toThrow(/ENOENT/);
});
