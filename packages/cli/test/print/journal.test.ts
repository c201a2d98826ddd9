import { closeSync, fstatSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SchedulerEvent } from '@nightshift/host';
import { expect, onTestFinished, test } from 'vitest';
import { forJournal, isJournal } from '../../src/print/journal.ts';
import { priorityOf } from '../../src/print/scheduler-events.ts';

test('standard error is the journal when it is the very stream that the variable names', () => {
  const folder = mkdtempSync(join(tmpdir(), 'journal-'));
  const descriptor = openSync(join(folder, 'stream'), 'w');
  onTestFinished(() => {
    closeSync(descriptor);
    rmSync(folder, { recursive: true });
  });
  const { dev, ino } = fstatSync(descriptor, { bigint: true });
  expect(isJournal({ JOURNAL_STREAM: `${dev}:${ino}` }, descriptor)).toBe(true);
  expect(isJournal({ JOURNAL_STREAM: `${dev}:${ino + 1n}` }, descriptor)).toBe(false);
  expect(isJournal({ JOURNAL_STREAM: 'nonsense' }, descriptor)).toBe(false);
  expect(isJournal({}, descriptor)).toBe(false);
});

test('each line of a serious event has its severity in front, and no other has one', () => {
  expect(forJournal('scheduler: StoreFull: no\n  hint: make room\n', 3)).toBe('<3>scheduler: StoreFull: no\n<3>  hint: make room\n');
  expect(forJournal('ready\n', undefined)).toBe('ready\n');
});

test.each<readonly [string, object, number | undefined]>([
  ['a full disk', { event: 'trouble', error: { code: 'StoreFull', message: '' } }, 3],
  ['a disk that is nearly full', { event: 'trouble', error: { code: 'LowDiskSpace', message: '' } }, 4],
  ['a definition that another scheduler has in another version', { event: 'differs', definition: 'A', others: [] }, 4],
  ['a definition with a mistake', { event: 'broken', definition: 'A', errors: [], kept: true }, 4],
  ['a job that failed', { event: 'ended', run: { state: 'Failed' } }, 4],
  ['a job that completed', { event: 'ended', run: { state: 'Completed' } }, undefined],
  ['a job that started', { event: 'started' }, undefined],
])('%s has the severity %s', (_, event, priority) => {
  expect(priorityOf(event as SchedulerEvent)).toBe(priority);
});
