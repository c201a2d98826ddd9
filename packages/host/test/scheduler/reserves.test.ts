import { readdirSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createReserves, type Reserves } from '../../src/scheduler/reserves.ts';
import { temporaryFolder } from '../folder.ts';

/** How many descriptors of this process lead nowhere, as those do that are put by. */
function openedOnNothing(): number {
  return readdirSync('/proc/self/fd').filter((fd) => isOnNothing(`/proc/self/fd/${fd}`)).length;
}

function isOnNothing(path: string): boolean {
  try {
    return readlinkSync(path) === '/dev/null';
  } catch {
    return false; // That of the listing itself.
  }
}

function reservesIn(folder: string, hasRoom = true): Reserves {
  const reserves = createReserves(folder, () => hasRoom);
  onTestFinished(reserves.close);
  return reserves;
}

const bytesIn = (folder: string): number | undefined => statSync(join(folder, 'reserve'), { throwIfNoEntry: false })?.size;

test.each(['EMFILE', 'InputOutputError', 'StoreUnavailable'])('open files that were put by are free again after %s, and are put by anew', (code) => {
  const before = openedOnNothing();
  const reserves = reservesIn(temporaryFolder());
  reserves.keep();
  const kept = openedOnNothing() - before;
  expect(kept).toBeGreaterThan(0);
  reserves.keep();
  expect(openedOnNothing()).toBe(before + kept);
  reserves.giveUp(code);
  expect(openedOnNothing()).toBe(before);
  reserves.keep();
  expect(openedOnNothing()).toBe(before + kept);
  reserves.close();
  expect(openedOnNothing()).toBe(before);
});

test('room on the disk that was put by is free again when the disk is full, and only then', () => {
  const folder = temporaryFolder();
  const reserves = reservesIn(folder);
  reserves.keep();
  expect(bytesIn(folder)).toBe(4 * 1_048_576);
  reserves.giveUp('EMFILE');
  expect(bytesIn(folder)).toBe(4 * 1_048_576);
  reserves.giveUp('StoreFull');
  expect(bytesIn(folder)).toBeUndefined();
});

test('a disk without room to spare is left alone', () => {
  const folder = temporaryFolder();
  reservesIn(folder, false).keep();
  expect(bytesIn(folder)).toBeUndefined();
});
