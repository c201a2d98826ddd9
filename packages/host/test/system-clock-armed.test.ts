import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '@nightshift/sdk';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock as machine } from '../src/system-clock.ts';
import { temporaryFolder } from './folder.ts';

let file = '';

beforeEach(() => {
  file = join(temporaryFolder(), 'clock');
});

function say(wall: number, monotonic: number, goesOn = 0): void {
  writeFileSync(`${file}.new`, `${wall} ${monotonic} ${goesOn}\n`);
  renameSync(`${file}.new`, file);
}

async function armed(path: string): Promise<Clock> {
  vi.resetModules();
  vi.stubEnv('NIGHTSHIFT_CLOCK', path);
  return (await import('../src/system-clock-armed.ts')).systemClock;
}

describe('the clock of the crash tests', () => {
  test('is the machine’s where no file is named', async () => {
    expect(Math.abs((await armed('')).now().getTime() - machine.now().getTime())).toBeLessThan(1_000);
  });

  test('says what the file says', async () => {
    const clock = await armed(file);
    say(1_700_000_000_000, 5_000);
    expect([clock.now().getTime(), clock.monotonic()]).toEqual([1_700_000_000_000, 5_000]);
    say(-62_000_000_000, 6_000);
    await machine.sleep(0);
    expect([clock.now().getTime(), clock.monotonic()]).toEqual([-62_000_000_000, 6_000]);
  });

  test('goes on for as long as the file says, and stands still then', async () => {
    const clock = await armed(file);
    say(1_700_000_000_000, 5_000, 30);
    await machine.sleep(60);
    expect([clock.now().getTime(), clock.monotonic()]).toEqual([1_700_000_000_030, 5_030]);
  });

  test('gives wall and monotonic time of one moment to who asks for both in one turn', async () => {
    const clock = await armed(file);
    say(1_700_000_000_000, 5_000);
    const wall = clock.now().getTime();
    say(1_800_000_000_000, 9_000);
    expect([wall, clock.monotonic()]).toEqual([1_700_000_000_000, 5_000]);
  });

  test('ends a sleep when monotonic time has gone by, whatever the wall clock shows', async () => {
    const clock = await armed(file);
    say(1_700_000_000_000, 5_000);
    let over = false;
    const sleeping = clock.sleep(30_000).then(() => (over = true));
    say(1_900_000_000_000, 34_999);
    await machine.sleep(40);
    expect(over).toBe(false);
    say(1_000_000_000_000, 35_000);
    await sleeping;
  });

  test('counts a sleep from what its caller saw', async () => {
    const clock = await armed(file);
    say(1_700_000_000_000, 5_000);
    const before = clock.monotonic();
    say(1_700_000_000_000, 35_000);
    await clock.sleep(before + 30_000 - clock.monotonic());
  });

  test('does not stand still for who polls for a real process', async () => {
    say(1_700_000_000_000, 5_000);
    await (await armed(file)).sleep(20);
  });

  test('ends a sleep that is aborted', async () => {
    const clock = await armed(file);
    say(1_700_000_000_000, 5_000);
    const cut = new AbortController();
    const sleeping = clock.sleep(30_000, cut.signal);
    cut.abort();
    await expect(sleeping).rejects.toThrow('abort');
  });

  test('refuses a file that says nothing', async () => {
    const clock = await armed(file);
    writeFileSync(file, 'noon\n');
    expect(() => clock.now()).toThrow('NIGHTSHIFT_CLOCK');
  });
});
