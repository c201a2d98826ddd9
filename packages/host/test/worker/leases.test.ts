import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLeases } from '../../src/worker/leases.ts';
import { temporaryFolder } from '../folder.ts';
import { leaseOf } from './leases.ts';

test('a lease that is forgotten leaves a later one of the same run in its place', () => {
  const book = openLeases(temporaryFolder(), 'boot');
  book.keep(leaseOf(1));
  book.keep(leaseOf(3, 2));
  book.forget('i', 1);
  expect(book.all()).toEqual([{ instanceId: 'i', attempt: 2, host: 'one', fence: 3, token: 't/3', boot: 'boot' }]);
  book.forget('i', 3);
  book.forget('i', 3);
  expect(book.all()).toEqual([]);
});

test('a lease that a power cut has emptied is none', () => {
  const folder = temporaryFolder();
  const book = openLeases(folder, 'boot');
  book.keep(leaseOf(1));
  writeFileSync(join(folder, 'leases', 'other.json'), '');
  expect(book.all()).toMatchObject([{ instanceId: 'i' }]);
});
