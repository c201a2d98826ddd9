import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

test('the kit runs under node --test as well, which lists what is skipped', () => {
  const file = fileURLToPath(new URL('node-test/tick-job.ts', import.meta.url));
  const { NODE_TEST_CONTEXT: _context, NODE_OPTIONS: _options, ...env } = process.env;
  const { status, stdout } = spawnSync(process.execPath, ['--test', '--test-reporter=tap', '--conditions=source', '--no-warnings', file], { encoding: 'utf8', env });
  expect(stdout).toContain('does not implement kill, which it does not declare');
  expect(stdout).toMatch(/suspend is not declared # SKIP/);
  expect(stdout).toMatch(/# fail 0\n/);
  expect(status, stdout).toBe(0);
});
