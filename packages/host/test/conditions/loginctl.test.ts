import { delimiter, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { linuxSenses } from '../../src/conditions/linux.ts';
import { temporaryFolder, write } from '../folder.ts';

const PATH = process.env['PATH'];

afterEach(() => {
  process.env['PATH'] = PATH;
});

/** A machine on which systemd-logind says this. */
function saying(script: string): ReturnType<typeof linuxSenses> {
  const folder = temporaryFolder();
  write(join(folder, 'loginctl'), `#!/bin/sh\n${script}\n`, 0o755);
  process.env['PATH'] = [folder, PATH].join(delimiter);
  return linuxSenses('/', () => 1_000_000);
}

test('loginctl is asked about all sessions together', async () => {
  const senses = saying('[ "$*" = "show-session --property=IdleHint --property=IdleSinceHintMonotonic" ] && printf "IdleHint=yes\\nIdleSinceHintMonotonic=400000000\\n"');
  expect(await senses.idleFor(10_000)).toBe(600_000);
});

test.each([
  ['fails', 'echo IdleHint=no; exit 1', 10_000],
  ['takes too long', 'exec sleep 60', 100],
])('where it %s nobody knows how long the machine has been idle', async (_what, script, deadline) => {
  expect(await saying(script).idleFor(deadline)).toBeUndefined();
});

test('where there is none nobody knows either', async () => {
  process.env['PATH'] = '/nowhere';
  expect(await linuxSenses('/', () => 0).idleFor(10_000)).toBeUndefined();
});
