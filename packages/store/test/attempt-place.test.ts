import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Instance } from '@nightshift/sdk';
import { expect, test } from 'vitest';
import { prepareAttempt } from '../src/run-folder/attempt-place.ts';
import { temporaryFolder } from './folder.ts';

const family = [{ instanceId: '019b7000-0000-7000-8000-000000000001', origin: { kind: 'demand', runNow: false } } as Instance];

test.each([
  ['the one that made it', 'job.json.new'],
  ['one that took it up', 'job.json.4711.new'],
])('a run folder keeps no half of an identity of %s and was cut off', (_, name) => {
  const folder = join(temporaryFolder(), 'run');
  mkdirSync(folder);
  writeFileSync(join(folder, name), '{"vers');
  prepareAttempt(folder, family, 1, true);
  expect(readdirSync(folder).toSorted()).toEqual(['1', 'job.json']);
});
