import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { watchBusy } from '../../src/launch/code-host/busy-watch.ts';
import { temporaryFolder } from '../folder.ts';
import { systemClock } from '../../src/system-clock.ts';

test('a process that is kept busy beyond the limit of a phase ends, and says in which', () => {
  const file = join(temporaryFolder(), 'outcome.json');
  const program = fileURLToPath(new URL('programs/busy-plugin.ts', import.meta.url));
  const { signal } = spawnSync(process.execPath, ['--conditions=source', program, file], { timeout: 20_000 });
  expect(signal).toBe('SIGKILL');
  expect(readFileSync(file, 'utf8')).toBe('{"end":"prepare"}');
});

test('a process that comes through all phases in time goes on', async () => {
  const file = join(temporaryFolder(), 'outcome.json');
  const watch = watchBusy(file, ['a', 'b'], 300);
  watch.next();
  watch.next();
  await systemClock.sleep(700);
  expect(existsSync(file)).toBe(false);
});
