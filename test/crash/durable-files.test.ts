// A power cut keeps what was synced, and nothing else: what we put in place by a rename must be on the disk before, and its
// name after. Looked at from inside, at the calls that reach the system.

import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import type { Instance } from '@nightshift/sdk';
import { makeRunFolder } from '../../packages/store/src/run-folder/job-file.ts';
import { newFolder, removeFolders } from './product.ts';

type Call = readonly ['sync' | 'rename', string];

const real = { fsyncSync: fs.fsyncSync, renameSync: fs.renameSync };
let calls: Call[] = [];

beforeEach(() => {
  calls = [];
  fs.fsyncSync = (descriptor) => {
    calls.push(['sync', fs.readlinkSync(`/proc/self/fd/${descriptor}`)]);
    real.fsyncSync(descriptor);
  };
  fs.renameSync = (from, to) => {
    calls.push(['rename', String(to)]);
    real.renameSync(from, to);
  };
  syncBuiltinESMExports();
});

afterEach(() => {
  Object.assign(fs, real);
  syncBuiltinESMExports();
});
afterAll(removeFolders);

const PARENT: Instance = {
  id: 1, instanceId: '01890000-0000-7000-8000-000000000001', name: 'Nightly', type: 'ScheduledJob', state: 'NotStarted', location: 'localhost', command: 'true', attempt: 1, origin: { kind: 'demand', runNow: false },
};

test('a run folder of the durable store survives a power cut as soon as it has its name', () => {
  const folder = join(newFolder(), 'run');
  makeRunFolder(folder, [PARENT], true);
  const file = join(folder, 'job.json');
  expect(calls).toEqual([
    ['sync', `${file}.new`],
    ['rename', file],
    ['sync', folder],
    ['sync', dirname(folder)],
  ]);
});

test('a run folder of the session store costs no sync: its store is gone after a boot', () => {
  makeRunFolder(join(newFolder(), 'run'), [PARENT], false);
  expect(calls.map(([what]) => what)).toEqual(['rename']);
});
