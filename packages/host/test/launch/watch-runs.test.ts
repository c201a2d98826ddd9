import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { watchRuns } from '../../src/launch/watch-runs.ts';
import { temporaryFolder } from '../folder.ts';

/** Time stands still: only a hint or an abort wakes. */
function stillClock(): Clock & { readonly sleeps: number[] } {
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => new Date(0),
    monotonic: () => 0,
    sleep: (milliseconds, signal) => {
      sleeps.push(milliseconds);
      // A breath is short; the poll is never over by itself.
      if (milliseconds < 100) return Promise.resolve();
      return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));
    },
  };
}

function attempt(): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'exit.json'), ' ');
  return folder;
}

describe('a watch wakes', () => {
  test.each([['end', 'exit.json'], ['output', 'exit.json'], ['output', 'stdout']] as const)('for %s when %s changes', async (what, name) => {
    const folder = attempt();
    using watch = watchRuns([folder], what, stillClock());
    const changed = watch.changed();
    writeFileSync(join(folder, name), 'x');
    await changed;
  });

  test('for a change that came before anybody waited', async () => {
    const folder = attempt();
    using watch = watchRuns([folder], 'end', stillClock());
    writeFileSync(join(folder, 'exit.json'), 'x');
    await watch.changed();
  });

  test('whichever of several runs it is', async () => {
    const folders = Array.from({ length: 5 }, attempt);
    using watch = watchRuns(folders, 'end', stillClock());
    for (const folder of folders) {
      const changed = watch.changed();
      writeFileSync(join(folder, 'exit.json'), 'x');
      await changed;
    }
  });

  test('when it is aborted, and at once when it was', async () => {
    using watch = watchRuns([attempt()], 'end', stillClock());
    const cut = new AbortController();
    const changed = watch.changed(cut.signal);
    cut.abort();
    await changed;
    await watch.changed(cut.signal);
  });

  test('after a while in any case, also for folders that are not there', async () => {
    const folder = join(temporaryFolder(), 'missing');
    const slept: number[] = [];
    using watch = watchRuns([folder], 'end', { now: () => new Date(0), monotonic: () => 0, sleep: async (milliseconds) => void slept.push(milliseconds) });
    await watch.changed();
    expect(slept).toEqual([250]);
  });

  test('after a while for more runs than the system has watches', async () => {
    const root = temporaryFolder();
    const folders = Array.from({ length: 200 }, (_, index) => join(root, String(index)));
    for (const folder of folders) mkdirSync(folder);
    let polled = 0;
    using watch = watchRuns(folders, 'output', { now: () => new Date(0), monotonic: () => 0, sleep: async () => void polled++ });
    await watch.changed();
    expect(polled).toBeGreaterThan(0);
  });
});

test('a watch for the end sleeps through output', async () => {
  const folder = attempt();
  writeFileSync(join(folder, 'stdout'), '');
  using watch = watchRuns([folder], 'end', stillClock());
  using witness = watchRuns([folder], 'output', stillClock());
  let woken = false;
  const changed = watch.changed().then(() => (woken = true));
  const seen = witness.changed();
  writeFileSync(join(folder, 'stdout'), 'x');
  await seen;
  expect(woken).toBe(false);
  writeFileSync(join(folder, 'exit.json'), 'x');
  await changed;
});

test('a watch that is over can be ended twice', () => {
  const watch = watchRuns([attempt()], 'output', stillClock());
  watch[Symbol.dispose]();
  watch[Symbol.dispose]();
});
