import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { thisProcess } from '../../src/launch/identity.ts';
import { isHeld } from '../../src/launch/inspector.ts';
import { temporaryFolder, write } from '../folder.ts';

const { pid, startTime, boot } = thisProcess();

describe('a run is held at a breakpoint', () => {
  test.each([
    ['while the debug-job lives that holds it', `${pid} ${startTime} ${boot}\n`, true],
    ['no longer than that: another process bears its pid', `${pid} 1 ${boot}\n`, false],
    ['no longer than that: nobody bears its pid', `4194305 ${startTime} ${boot}\n`, false],
    ['by nobody where the mark was never filled', '', false],
    ['by nobody where the mark is no mark', 'x y z\n', false],
  ])('%s', (_what, mark, held) => {
    const attempt = temporaryFolder();
    write(join(attempt, 'debugger'), mark);
    expect(isHeld(attempt)).toBe(held);
  });

  test('by nobody where there is no mark', () => {
    expect(isHeld(temporaryFolder())).toBe(false);
  });
});
